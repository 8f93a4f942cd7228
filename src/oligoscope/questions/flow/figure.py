"""Figure 1: from the patients screened to the two progression patterns and their matches, with every exclusion counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from oligoscope.bilingual import Language, Text
from oligoscope.cohort.select import (
    AFTER_CUTOFF,
    NO_PATTERN,
    NOT_PROGRESSED,
    NOT_TREATED,
    PROGRESSION_UNKNOWN,
    QUARANTINED,
)
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.flow_boxes import FlowBox, FlowEnd, paint_flow
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.plain_text import plain
from oligoscope.printing.cells import count_text
from oligoscope.printing.matched_notes import gate_note
from oligoscope.printing.sentences import joined
from oligoscope.printing.table import same
from oligoscope.results.analyses import FLOW, MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import join
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, is_comparison, versus
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of

STEPS: dict[str, Text] = {
    "screened": name_of("screened"),
    "treated": Text("符合条件并接受治疗的患者", "Eligible patients who started treatment"),
    "progressed": Text("首次进展的患者", "Patients with a first progression"),
}
# Exclusions that no rule of the study file makes.
BUILT_IN: dict[str, Text] = {
    "quarantined": QUARANTINED,
    "not_treated": NOT_TREATED,
    "after_cutoff": AFTER_CUTOFF,
    "progression_unknown": PROGRESSION_UNKNOWN,
    "not_progressed": NOT_PROGRESSED,
    "pattern": NO_PATTERN,
}
_COLUMNS = ("population", "kind", "name", "sentence_zh", "sentence_en")
_EXCLUDED = Text("排除", "Excluded")
_NOT_PROGRESSED = Text("未进入进展人群", "Not in the progressed population")
_NOT_MATCHED = Text("未匹配", "Not matched")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One line of an exclusion box."""

    rule: str
    sentence: Text
    excluded: Estimate
    not_assessable: Estimate | None
    died: Estimate | None

    def counted(self) -> Text:
        """How many left, and how many of them died, where they had been treated."""
        n = whole(self.excluded)
        if self.died is None:
            return same(f"(*n*={n})")
        died = whole(self.died)
        return Text(f"(*n*={n}，其中死亡 {died} 例)", f"(*n*={n}; {died} died)")


@dataclass(frozen=True, slots=True)
class Step:
    """One box of the main column, and who left after it."""

    population: str
    size: Estimate
    exclusions: tuple[Exclusion, ...]

    @property
    def n(self) -> int:
        return whole(self.size)

    @property
    def n_excluded(self) -> int:
        return sum(whole(e.excluded) for e in self.exclusions)


def draw_flow_chart(results: Results, protocol: Protocol) -> Figure:
    """The flow of patients; reads the estimates of analysis `flow` and the rules' own sentences.

    A rule whose column was absent keeps its patients; it is named in the caption.
    """
    steps = flow_steps(results, protocol)
    patterns = [e for e in results.find(analysis=FLOW, outcome="pattern", statistic=Statistic.N) if e.group]
    matched = matched_of(results)
    printed = [s.size for s in steps] + [x.excluded for s in steps for x in s.exclusions] + patterns
    printed += [x.died for s in steps for x in s.exclusions if x.died is not None]
    printed += [] if matched is None else matched.estimates
    return Figure(
        id="flow_chart",
        title=Text("患者筛选流程图", "Patient flow"),
        caption=joined([_caption(steps), _matching_caption(results, matched)]),
        alt=_alt(steps, patterns, matched),
        data=_data(steps, patterns, matched),
        painter=lambda language: paint_flow(*_boxes(steps, patterns, language), _end(matched, language)),
        estimates=tuple(printed),
        width_mm=DOUBLE_COLUMN_MM,
    )


@dataclass(frozen=True, slots=True)
class Matched:
    """What the matching of the patterns made: sets, and of each pattern who was matched and who was not."""

    sets: Estimate
    matched: tuple[Estimate, ...]
    unmatched: tuple[Estimate, ...]

    @property
    def estimates(self) -> list[Estimate]:
        return [self.sets, *self.matched, *self.unmatched]

    @property
    def is_one_to_one(self) -> bool:
        return self.sets.statistic == Statistic.N_PAIRS


def matched_of(results: Results) -> Matched | None:
    """The matching as it was reported; None where no patients were matched."""
    found = results.find(analysis=MATCHING)
    sets = next((e for s in (Statistic.N_SETS, Statistic.N_PAIRS) for e in found if e.statistic == s), None)
    if sets is None or not sets.value:
        return None
    matched, unmatched = (
        tuple(e for e in found if e.statistic == s) for s in (Statistic.N, Statistic.N_UNMATCHED)
    )
    return Matched(sets, matched, unmatched)


def _ranged(count: Estimate) -> Text:
    """A whole number of patients, with its range where the imputations differ."""
    shown = count_text(count.value or 0)
    if count.low is None or count.high is None or count.low == count.high:
        return same(shown)
    low, high = count_text(count.low), count_text(count.high)
    return Text(f"{shown}，范围 {low}~{high}", f"{shown}, range {low} to {high}")


def flow_steps(results: Results, protocol: Protocol) -> tuple[Step, ...]:
    """Populations in order, each with the exclusions that lead to the next."""
    sentences = {rule.id: rule.excluded.printed for rule in protocol.eligibility}
    steps = []
    for population in STEPS:
        size = results.get(analysis=FLOW, population=population, statistic=Statistic.N)
        if size is not None:
            steps.append(Step(population, size, _exclusions(results, population, sentences)))
    return tuple(steps)


def _left(step: Step) -> Text:
    """What is said of those who do not come to the next box: of the treated without progression nothing was excluded."""
    return _NOT_PROGRESSED if step.population == "treated" else _EXCLUDED


def _exclusions(results: Results, population: str, sentences: dict[str, Text]) -> tuple[Exclusion, ...]:
    keys: dict[str, Any] = {"analysis": FLOW, "population": population}
    found = []
    for e in results.find(**keys, statistic=Statistic.N_EXCLUDED):
        sentence = sentences.get(e.variable) or BUILT_IN.get(e.variable) or column_name(e.variable)
        kept = results.get(**keys, variable=e.variable, statistic=Statistic.N_NOT_ASSESSABLE)
        died = results.get(**keys, variable=e.variable, outcome=Outcome.OS, statistic=Statistic.EVENTS)
        found.append(Exclusion(e.variable, sentence, e, kept, died))
    return tuple(found)


def _caption(steps: tuple[Step, ...]) -> Text:
    """The rules that could not be assessed for some patients, who were kept."""
    kept = [(x.sentence, n) for s in steps for x in s.exclusions if (n := whole(x.not_assessable))]
    if not kept:
        return Text("", "")
    zh = "；".join(f"{sentence.zh}（*n*={n}）" for sentence, n in kept)
    en = "; ".join(f"{sentence.en} (*n*={n})" for sentence, n in kept)
    return Text(
        f"下列排除标准因资料缺失无法评估，相应患者予以保留：{zh}。",
        f"These exclusion criteria could not be assessed because data were missing, and the patients were kept: {en}.",
    )


def _matching_caption(results: Results, matched: Matched | None) -> Text:
    """What the numbers of the matching are, and that its balance was missed, where it was; or why nothing was matched."""
    if matched is None:
        why = join(
            *(e.warning for e in results.find(analysis=MATCHING, variable="") if e.value is None)
        ).printed
        return Text(f"未匹配：{why.zh}。", f"Not matched: {why.en}.") if why.en else Text("", "")
    differ = any(e.low != e.high for e in matched.estimates)
    means = Text(
        "匹配在各插补数据集中分别进行：所示为各数据集的均数（取整）及范围。",
        "Matching was done in each imputation: means over them, rounded, and their range.",
    )
    return joined([*([means] if differ else []), *gate_note(results)])


def whole(estimate: Estimate | None) -> int:
    """A count; 0 where none was reported."""
    return int((estimate.value if estimate else 0) or 0)


def _alt(steps: tuple[Step, ...], patterns: list[Estimate], matched: Matched | None) -> Text:
    zh = [
        f"{STEPS[s.population].zh} {s.n} 例，其中{_left(s).zh} {s.n_excluded} 例{_died(s).zh}" for s in steps
    ]
    en = [
        f"{STEPS[s.population].en}: {s.n}, {in_sentence(_left(s)).en}: {s.n_excluded}{_died(s).en}"
        for s in steps
    ]
    zh += [f"{name_of(e.group).zh} {whole(e)} 例" for e in patterns]
    en += [f"{name_of(e.group).en}: {whole(e)}" for e in patterns]
    if matched is not None:
        texts = [_sets_text(matched), *(_of_group(e) for e in matched.matched)]
        left = [_of_group(e) for e in matched.unmatched]
        zh += ["匹配：" + "，".join(t.zh for t in texts), "未匹配：" + "，".join(t.zh for t in left)]
        en += ["matched: " + ", ".join(t.en for t in texts), "not matched: " + ", ".join(t.en for t in left)]
    return Text(plain("流程图。" + "；".join(zh) + "。"), plain("Flow chart. " + "; ".join(en) + "."))


def _died(step: Step) -> Text:
    """How many of those excluded died, where they had been treated."""
    known = [whole(x.died) for x in step.exclusions if x.died is not None]
    return Text(f"（其中死亡 {sum(known)} 例）", f" ({sum(known)} died)") if known else Text("", "")


def _data(steps: tuple[Step, ...], patterns: list[Estimate], matched: Matched | None) -> pl.DataFrame:
    rows = []
    for step in steps:
        text = STEPS[step.population]
        rows.append((step.population, "population", "", text.zh, text.en, step.n, None, None))
        for x in step.exclusions:
            kept = None if x.not_assessable is None else whole(x.not_assessable)
            rows.append(
                (
                    step.population,
                    "excluded",
                    x.rule,
                    *map(plain, (x.sentence.zh, x.sentence.en)),
                    whole(x.excluded),
                    kept,
                    None if x.died is None else whole(x.died),
                )
            )
    for e in patterns:
        text = name_of(e.group)
        rows.append((e.population, "pattern", e.group, text.zh, text.en, whole(e), None, None))
    schema = [*_COLUMNS, "n", Statistic.N_NOT_ASSESSABLE, "n_died"]
    steps_and_patterns = pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
    if matched is None:
        return steps_and_patterns
    kinds = (("sets", (matched.sets,)), ("matched", matched.matched), ("unmatched", matched.unmatched))
    counted = [
        (e.population, kind, e.group, *_texts(e.group), e.value, e.low, e.high)
        for kind, found in kinds
        for e in found
    ]
    of_matching = pl.DataFrame(counted, schema=[*_COLUMNS, "mean", "low", "high"], orient="row")
    return pl.concat([steps_and_patterns, of_matching], how="diagonal_relaxed")


def _texts(group: str) -> tuple[str, str]:
    name = versus(group) if is_comparison(group) else name_of(group)
    return name.zh, name.en


def _boxes(
    steps: tuple[Step, ...], patterns: list[Estimate], language: Language
) -> tuple[list[tuple[FlowBox, FlowBox | None]], list[FlowBox]]:
    """The content of each box: the populations with who left after them, and the patterns."""
    main = [
        (FlowBox(STEPS[s.population][language], s.n), _exclusion_box(s, language) if s.n_excluded else None)
        for s in steps
    ]
    return main, [FlowBox(name_of(e.group)[language], whole(e)) for e in patterns]


def _end(matched: Matched | None, language: Language) -> FlowEnd | None:
    """Who was matched, below the patterns, and beside it who was not."""
    if matched is None:
        return None
    lines = [_sets_text(matched)[language]]
    if not matched.is_one_to_one or len({e.value for e in matched.matched}) > 1:
        lines += [_of_group(e)[language] for e in matched.matched]
    left = tuple(_of_group(e)[language] for e in matched.unmatched)
    return FlowEnd(tuple(lines), _NOT_MATCHED[language], left)


def _sets_text(matched: Matched) -> Text:
    n = _ranged(matched.sets)
    if matched.is_one_to_one:
        return Text(f"匹配对 (*n*={n.zh})", f"Matched pairs (*n*={n.en})")
    return Text(f"匹配组 (*n*={n.zh})", f"Matched sets (*n*={n.en})")


def _of_group(count: Estimate) -> Text:
    name, n = name_of(count.group), _ranged(count)
    return Text(f"{name.zh} (*n*={n.zh})", f"{name.en} (*n*={n.en})")


def _exclusion_box(step: Step, language: Language) -> FlowBox:
    items = [f"{x.sentence[language]} {x.counted()[language]}" for x in step.exclusions if x.excluded.value]
    return FlowBox(_left(step)[language], step.n_excluded, tuple(items))
