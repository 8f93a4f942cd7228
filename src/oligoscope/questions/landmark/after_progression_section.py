"""Survival after progression from a landmark, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Count, Text
from oligoscope.printing.adjusted_ratios import adjusted_for, were_adjusted_for
from oligoscope.printing.blocks import Block, Heading, Paragraph
from oligoscope.printing.cells import count_text
from oligoscope.printing.changing_hazards import changing_in_words
from oligoscope.printing.document_parts import Draft
from oligoscope.printing.method_texts import names_in_sentence, was_done
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.landmark.after_progression_figure import draw_after_progression, has_curves
from oligoscope.questions.landmark.after_progression_table import tabulate_after_progression
from oligoscope.questions.landmark.counted import Counted, from_landmark
from oligoscope.questions.landmark.words import survival_text
from oligoscope.results.analyses import LANDMARK_AFTER_PROGRESSION
from oligoscope.results.results import Results
from oligoscope.results.statistics import LandmarkAfter, Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of


def after_progression_section(draft: Draft) -> Iterator[Block | None]:
    """Of each population and grouping who was left out, and the comparison from the landmark beside that from progression."""
    for population, by in draft.protocol.asked(LANDMARK_AFTER_PROGRESSION):
        found = draft.results.find(analysis=LANDMARK_AFTER_PROGRESSION, population=population)
        if not found:
            continue
        groups = column_name(by)
        title = Text(
            f"进展后界标分析（按{groups.zh}分组）", f"Landmark after progression, by {in_sentence(groups).en}"
        )
        yield Heading(title, f"landmark-after-progression-{population}-{by}", 3)
        counted = from_landmark(draft.results, population, by)
        if counted is None:
            yield from withheld_notice(found)
            continue
        yield after_progression_paragraph(counted)
        names = adjusted_for(draft.protocol, draft.results, LANDMARK_AFTER_PROGRESSION, population)
        yield draft.table(tabulate_after_progression, population, by, names)
        if has_curves(draft.results, population, by):
            yield draft.figure(draw_after_progression, population, by)


def after_progression_paragraph(counted: Counted) -> Paragraph:
    """Who is left out of the comparison from the landmark, and what it gave."""
    ratio, p = counted.compared(Statistic.HAZARD_RATIO), counted.compared(Statistic.P_VALUE)
    adjusted = [counted.compared(s) for s in (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED)]
    before = [
        counted.of(g, s)
        for s in (Statistic.N_DIED_BEFORE, Statistic.N_CENSORED_BEFORE)
        for g in counted.groups
    ]
    sentences = [_left_out(counted)]
    if ratio is not None:
        when = Text(
            f"从首次进展后 {counted.days} 天起",
            f"from {Count(counted.days):day|days} after the first progression",
        )
        what = in_sentence(column_name(Outcome.PPS))
        sentences.append(survival_text(when, what, ratio, p, counted.statistic, *adjusted))
    change = counted.change
    printed = () if change is None else change.printed
    sentences += changing_in_words(change)
    return Paragraph(joined(sentences), keys_of(*before, ratio, p, counted.statistic, *adjusted, *printed))


def _left_out(counted: Counted) -> Text:
    """How many of each group had died or were followed no longer."""
    numbers = [
        [counted.of(g, s) for s in (Statistic.N_DIED_BEFORE, Statistic.N_CENSORED_BEFORE)]
        for g in counted.groups
    ]
    parts = [
        (in_sentence(name_of(group)), *(count_text(e.value or 0) for e in of if e is not None))
        for group, of in zip(counted.groups, numbers, strict=True)
    ]
    if any(len(part) < 3 for part in parts):
        return Text("", "")
    zh = "；".join(f"{name.zh}组死亡 {died} 例、删失 {lost} 例" for name, died, lost in parts)
    en = " and ".join(f"{died} with {name.en} ({lost} censored)" for name, died, lost in parts)
    return Text(
        f"至首次进展后 {counted.days} 天：{zh}，均不纳入。",
        f"Deaths by {Count(counted.days):day|days} after the first progression: {en}; these patients are left out.",
    )


def after_progression_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """From which day survival was counted, why, and what its ratios are adjusted for."""
    if not (protocol.asked(LANDMARK_AFTER_PROGRESSION) and was_done(LANDMARK_AFTER_PROGRESSION, results)):
        return
    names = were_adjusted_for(protocol, results, LANDMARK_AFTER_PROGRESSION)
    also = names_in_sentence(names)
    adjusted = Text(f"，另校正{also.zh}", f", also adjusted for {also.en}") if names else Text("", "")
    found = results.find(analysis=LANDMARK_AFTER_PROGRESSION, statistic=Statistic.N)
    days = sorted({e.variable.days for e in found if isinstance(e.variable, LandmarkAfter)})
    zh, en = "、".join(map(str, days)), " and ".join(map(str, days))
    is_window = days == [protocol.progression.window_days]
    why = (
        Text(
            "（判定进展模式所用检查的时间窗之末）", " (the end of the window of scans that show the pattern)"
        )
        if is_window
        else Text("", "")
    )
    yield Text(
        f"敏感性分析自首次进展后 {zh} 天{why.zh}起计进展后生存期，只含当时仍存活并在随访的患者（Anderson 等，1983；Dafni，2011）{adjusted.zh}。",
        f"As a sensitivity analysis post-progression survival was counted from {Count(en):day|days} after the first progression{why.en}, in "
        f"patients alive and followed then (Anderson et al. 1983; Dafni 2011){adjusted.en}.",
    )
