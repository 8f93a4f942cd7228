"""axe-core on a page: everything that WCAG 2.2 AA and good practice ask and a program can see."""

from __future__ import annotations

from typing import Any

# Tags of axe-core; best practice included.
_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def violations(page: Any) -> list[str]:
    """Each rule that is violated, with the elements."""
    from axe_playwright_python.sync_playwright import (
        Axe,  # not installed where the tests of pages are skipped
    )

    found = Axe().run(page, options=_OPTIONS).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): " + "; ".join(str(node["target"]) for node in one["nodes"][:5])
        for one in found
    ]


# A picture is one thing to a screen reader, which is told its title and description and does not read its marks; the rows
# of a long table are alike. Tens of thousands of elements would take four fifths of the time.
_MARKS, _ROWS = "svg[role=img] > :not(title, desc)", "tbody > tr:nth-child(n + 100)"


def violations_of_document(page: Any) -> list[str]:
    """The same of a report, whose pictures lose their marks and whose tables their further rows."""
    page.evaluate(
        "those => document.querySelectorAll(those).forEach((one) => one.remove())", f"{_MARKS}, {_ROWS}"
    )
    return violations(page)
