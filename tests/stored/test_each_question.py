"""Every kind of analysis alone, and each pair of kinds beside two others, gives a report in both languages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from unittest import mock

import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES
from oligoscope.checked_study import Checked, check_study
from oligoscope.drawing.figure import Figure
from oligoscope.pipeline import run_study
from oligoscope.printing.blocks import Depth, Document, FigureBlock, TableBlock
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions.registry import KINDS, question_of
from oligoscope.report.document import build_document
from oligoscope.report.html.html import write_html
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.report_parts import FIGURES, TABLES, kind_of
from oligoscope.study.study_presets import PAPER_ANALYSES
from stored.small_study import write_small_study

N_PROGRESSED = 24
OF_KIND: dict[str, tuple[AnalysisSettings, ...]] = {
    kind: tuple(found) for kind, found in itertools.groupby(sorted(PAPER_ANALYSES, key=lambda a: a.kind), lambda a: a.kind)
}  # fmt: skip
# A kind that no preset asks for is asked for here, so that it is tried alone and beside each other one.
OF_KIND |= {
    kind: (AnalysisSettings(kind=kind, population="progressed", outcomes=(Outcome.PPS,) if "outcomes" in options.needs else ()),)
    for kind, options in KINDS.items() if kind not in OF_KIND
}  # fmt: skip


def fours() -> tuple[tuple[str, ...], ...]:
    """Studies of four kinds in which every pair of kinds stands together at least once: each takes the kinds with most new pairs."""
    left = set(map(frozenset, itertools.combinations(OF_KIND, 2)))
    found = []
    while left:
        kinds = sorted(min(left, key=sorted))
        while len(kinds) < 4:
            kinds.append(
                max(
                    (kind for kind in OF_KIND if kind not in kinds),
                    key=lambda kind: sum(frozenset((kind, other)) in left for other in kinds),
                )
            )
        left -= set(map(frozenset, itertools.combinations(kinds, 2)))
        found.append(tuple(kinds))
    return tuple(found)


FOURS = fours()


@pytest.fixture(scope="module", autouse=True)
def undrawn() -> Iterator[None]:
    """Pictures are drawn in the test of the stored documents; here they are blank."""
    blank = Drawing((1, 1))
    with mock.patch.object(Figure, "draw", return_value=blank):
        yield


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return check_study(write_small_study(tmp_path_factory.mktemp("tiny") / "study", N_PROGRESSED))


def faults(checked: Checked, kinds: tuple[str, ...]) -> Iterator[str]:
    """What goes wrong in a study of these kinds: parts that fail, and pages that lack a number that was asked for."""
    analyses = tuple(a for kind in kinds for a in OF_KIND[kind])
    protocol = checked.protocol.model_copy(update={"analyses": analyses})
    results = run_study(protocol, checked.tables, checked.n_quarantined).results
    left_out = LeftOut()
    document = build_document(protocol, results, left_out=left_out)
    yield from (f"{part.name.en}: {part.reason}" for part in left_out.parts)
    yield from (
        f"{kind} gives no number" for kind in kinds if not results.find(analysis=question_of(kind).kind)
    )
    yield from (f"{name} is in no list of report_parts" for name in _unlisted(document))
    printed = {key[0] for key in document.printed_keys()}
    given = {e.analysis for e in results.estimates if e.value is not None}
    yield from (f"{kind} is not in the report" for kind in kinds if kind in given and kind not in printed)
    if len(kinds) == 1:
        yield from (one for one in LANGUAGES if len(write_html(document, one)) < 10_000)


def _unlisted(document: Document) -> Iterator[str]:
    """Numbered tables and figures of the paper and its supplement whose place is not declared."""
    for block in document.blocks:
        if isinstance(block, (FigureBlock, TableBlock)) and block.number and block.depth is not Depth.ANSWER:
            shown, kinds = (
                (block.figure, FIGURES) if isinstance(block, FigureBlock) else (block.table, TABLES)
            )
            if kind_of(shown.id, kinds) is None:
                yield shown.id


@pytest.mark.parametrize("kind", OF_KIND)
def test_every_kind_alone_gives_a_report(checked, kind):
    assert list(faults(checked, (kind,))) == []


@pytest.mark.slow
@pytest.mark.parametrize("kinds", FOURS, ids=" ".join)
def test_each_pair_of_kinds_gives_a_report(checked, kinds):
    assert list(faults(checked, kinds)) == []
