"""A paper's printed numbers, shaped as Results, and their comparison with a study's own."""

from __future__ import annotations

from oligoscope.published.comparison import (
    Compared,
    agreement,
    compare_published,
    comparison_frame,
)
from oligoscope.published.paper import (
    Printed,
    Published,
    Tolerance,
    ToleranceKind,
    published_papers,
    read_published,
)

__all__ = [
    "Compared", "Printed", "Published", "Tolerance", "ToleranceKind", "agreement", "compare_published",
    "comparison_frame", "published_papers", "read_published",
]  # fmt: skip
