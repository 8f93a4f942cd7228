"""Dates as English texts write them, for tests that compare the numbers of both languages."""

from __future__ import annotations

import calendar
import re

_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(calendar.month_name[1:])}) (\d{{4}})\b")


def with_months_in_numbers(text: str) -> str:
    """`8 April 2025` as `8 4 2025`, as `2025 年 4 月 8 日` has it."""
    return _DAY.sub(lambda m: f"{m[1]} {list(calendar.month_name).index(m[2])} {m[3]}", text)
