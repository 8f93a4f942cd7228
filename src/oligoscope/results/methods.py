"""Words of the column `method` of results.csv that numbers write and tables read."""

from __future__ import annotations

MEDIAN_P = ", median P over imputations"
