"""Do two analyses of study.yaml ask for the same numbers? Every number is reported once."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.study.protocol import AnalysisKind, AnalysisSettings
from oligoscope.study.vocabulary import Text
from oligoscope.study.yaml_lines import Path, dotted

# What, besides the patients, makes another question of an analysis. A list told apart must have nothing in common.
TOLD_APART_BY: dict[AnalysisKind, tuple[str, ...]] = {
    "baseline": ("by",),
    "survival": ("by", "outcomes"),
    "response_rate": (),
    "sites": ("by",),
    "reclassification": (),
    "predictors": ("by", "variables"),
    "landmark": (),
    "time_dependent": (),
    "competing_risks": (),
    "subgroups": ("by", "outcomes", "variables"),
    "weighting": ("by",),
    "follow_up": (),
    "timing": ("by",),
}


def check_analyses(analyses: tuple[AnalysisSettings, ...]) -> Iterator[tuple[Path, str | None, Text]]:
    """Analyses that repeat an earlier one, in whole or in part, and names that stand twice in a list."""
    for i, analysis in enumerate(analyses):
        for name in ("outcomes", "variables"):
            words = getattr(analysis, name)
            twice = next((w for w in words if words.count(w) > 1), None)
            if twice is not None:
                yield (
                    ("analyses", i, name),
                    twice,
                    Text("同一名称写了两次；请删去其一。", "stands twice; delete one"),
                )
        first = next((j for j in range(i) if _meet(analyses[j], analysis)), None)
        if first is not None:
            yield ("analyses", i), analysis.kind, _repeats(dotted(("analyses", first)), analysis.kind)


def _meet(one: AnalysisSettings, other: AnalysisSettings) -> bool:
    if one.kind != other.kind or one.patients != other.patients:
        return False
    return all(_same(getattr(one, name), getattr(other, name)) for name in TOLD_APART_BY[one.kind])


def _same(one: str | tuple[str, ...], other: str | tuple[str, ...]) -> bool:
    if isinstance(one, str):
        return one == other
    return bool(set(one) & set(other)) or one == other


def _repeats(first: str, kind: AnalysisKind) -> Text:
    names = ", ".join(("population", "where", *TOLD_APART_BY[kind]))
    return Text(
        f"与 {first} 得出同样的数字；请删去其一，或改动其 {names}。",
        f"gives numbers that {first} gives already; delete one of them, or change one of: {names}",
    )
