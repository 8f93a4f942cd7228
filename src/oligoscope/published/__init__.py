"""A paper's printed numbers, shaped as Results."""

from __future__ import annotations

from oligoscope.published.paper import Published, published_papers, read_published

__all__ = ["Published", "published_papers", "read_published"]
