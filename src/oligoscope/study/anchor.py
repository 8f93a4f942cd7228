"""The day from which patients are counted whose records give days or times, and no date of treatment start."""

from __future__ import annotations

from datetime import date

ANCHOR = date(2001, 1, 1)  # calendar months need a calendar
