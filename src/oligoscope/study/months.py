"""How long a month is."""

from __future__ import annotations

DAYS_PER_MONTH = 30.4375  # 365.25 / 12; printed medians say so
