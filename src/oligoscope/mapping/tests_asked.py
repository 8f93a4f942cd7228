"""Codes of tests in TR of SDTM that are none of CDISC's for sizes, states and responses."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.mapping.answers import TakesTest
from oligoscope.mapping.question import Question, Seen
from oligoscope.study.protocol import SdtmTest
from oligoscope.study.schemas import MEASUREMENTS

_OF_TR: tuple[SdtmTest, ...] = ("diameter", "longest", "short_axis", "state", "new")
# CDISC's codes of what is derived from sizes, or is no size: sums, changes, areas, volumes, responses of parts.
_DERIVED = frozenset(
    [
        "ACBSD",
        "ACNSD",
        "PCBSD",
        "PCNSD",
        "AREA",
        "SUMAREA",
        "VOLUME",
        "VOLPETL",
        "TRGRESP",
        "NTRGRESP",
        "BESTRESP",
    ]
)


def tests(seen: Seen) -> Iterator[Question]:
    """What a code of TR is; sums and other codes of what is derived are none."""
    for issue in seen.found("domain_rows_unused"):
        code = (issue.value or "").upper()
        if issue.table != MEASUREMENTS.name or not code or code in _DERIVED or code.startswith("SUM"):
            continue
        yield Question(
            f"sdtm.tests={issue.value}",
            Text(
                f"{issue.source} 中的检查项目“{issue.value}”是什么？（{issue.expected.zh}）",
                f"What is the test “{issue.value}” of {issue.source}? ({issue.expected.en})",
            ),
            Text(
                "diameter（径线）、longest（长径）、short_axis（短径）、state（状态）、new（新病灶）；- 表示都不是",
                "diameter, longest, short_axis, state, new (a new lesion); - for none",
            ),
            (),
            TakesTest(issue.value or "", _OF_TR),
        )
