"""What immortal time does to the comparison, in numbers: survival from treatment with it, and the ratios without it."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.sentences import includes_one, keys_of, listed
from oligoscope.printing.table import each_language
from oligoscope.results.analyses import LANDMARK, SURVIVAL, TIME_DEPENDENT
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import LandmarkAt
from oligoscope.results.warnings import WarningCode
from oligoscope.study.dictionary.outcomes import Outcome


def time_in_numbers(compared: Iterable[Estimate]) -> Paragraph | None:
    """One sentence with the hazard ratios of overall survival; None without one of either kind.

    Args:
        compared: Hazard ratios between the patterns that have a value, of any analysis.
    """
    found = [e for e in compared if e.value is not None and e.outcome == Outcome.OS]
    biased = next(
        (
            e
            for e in found
            if e.analysis == SURVIVAL and e.warning.has(WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION)
        ),
        None,
    )
    landmarks = [e for e in found if e.analysis == LANDMARK]
    models = [e for e in found if e.analysis == TIME_DEPENDENT][:1]
    if biased is None or not (landmarks or models):
        return None
    free = [*([_from_landmarks(landmarks)] if landmarks else []), *map(_in_the_model, models)]
    zh, en = "；".join(t.zh for t in free), listed([t.en for t in free], "en")
    ratio = _with_limits(biased)
    text = Text(
        f"自治疗起的总生存期含永恒时间，HR 为 {ratio.zh}；基本不含永恒时间的 HR：{zh}。",
        f"For overall survival from treatment start, with immortal time, the HR is {ratio.en}; largely without it, {en}.",
    )
    return Paragraph(text, keys_of(biased, *landmarks, *models))


def _with_limits(ratio: Estimate) -> Text:
    value = format_number(ratio.value, 2)
    limits = each_language(lambda language: interval_words(ratio.low, ratio.high, 2, language))
    return Text(f"{value}（{limits.zh}）", f"{value} ({limits.en})")


def _from_landmarks(ratios: list[Estimate]) -> Text:
    zh, en = _months(ratios)
    if len(ratios) == 1:
        ratio = _with_limits(ratios[0])
        return Text(f"{zh} 个月界标为 {ratio.zh}", f"{ratio.en} from the {en}-month landmark")
    ends = [format_number(value, 2) for value in _ends(ratios)]
    low, high = ends
    span = Text(low, low) if low == high else Text(f"{low}~{high}", f"{low} to {high}")
    limits, patients = _limits(ratios), _patients(ratios)
    return Text(
        f"{zh} 个月界标{patients.zh}为 {span.zh}（{limits.zh}）",
        f"{span.en} from the landmarks at {en} months ({patients.en}{limits.en})",
    )


def _patients(ratios: list[Estimate]) -> Text:
    """How many each landmark has; blank where one does not say it."""
    counts = [str(e.n) for e in ratios if e.n is not None]
    if len(counts) < len(ratios):
        return Text("", "")
    those = each_language(lambda language: listed(counts, language))
    return Text(f"（届时已进展 {those.zh} 例）", f"*n*={those.en} progressed; ")


def _ends(ratios: list[Estimate]) -> tuple[float, float]:
    values = [e.value for e in ratios if e.value is not None]
    return min(values), max(values)


def _limits(ratios: list[Estimate]) -> Text:
    """At which landmarks the limits include 1."""
    unclear = [e for e in ratios if includes_one(e)]
    if not unclear:
        return Text("95%CI 均不含 1", "no 95% CI includes 1")
    zh, en = _months(unclear)
    return Text(f"{zh} 个月时 95%CI 包含 1", f"the 95% CI includes 1 at {en} months")


def _months(ratios: list[Estimate]) -> tuple[str, str]:
    months = [str(e.variable.months) for e in ratios if isinstance(e.variable, LandmarkAt)]
    zh, en = (listed(months, language) for language in LANGUAGES)
    return zh, en


def _in_the_model(ratio: Estimate) -> Text:
    of = _with_limits(ratio)
    return Text(f"时依 Cox 模型为 {of.zh}", f"{of.en} in the time-dependent Cox model")
