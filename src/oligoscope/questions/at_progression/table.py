"""The groups on the day of the first progression, and survival after it with and without adjustment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.cells import (
    LIMITS,
    LIMITS_NOTE,
    bracketed,
    count,
    decimal,
    group_header,
    limits_of,
    p_alone,
    whole_number,
    with_limits,
)
from oligoscope.printing.events_per_variable import events_per_variable
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.matched_notes import is_of_several, matched_notes, not_judged_note
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, each_language, same, words
from oligoscope.printing.whole_counts import Key, whole_counts, whole_people
from oligoscope.questions.at_progression.variables import AFTER_PROGRESSION, OF_THE_GROUPS
from oligoscope.results.analyses import AT_PROGRESSION
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, is_comparison, versus, whole_of
from oligoscope.study.vocabulary import column_name, name_of

_BY = "pattern"
_TARGETS: dict[str, Text] = {
    "": Text("未加权、未匹配", "Neither matched nor weighted"),
    "ate": Text("逆概率加权（ATE）", "Inverse probability weights (ATE)"),
    "att": Text("以寡进展组为目标人群的加权（ATT）", "Weighted to the oligoprogression group (ATT)"),
    "overlap": Text("重叠加权", "Overlap weights"),
}


@dataclass(frozen=True)
class _Side:
    """What was found of one population, and how it is printed."""

    results: Results
    population: str

    def find(self, **keys: Any) -> list[Estimate]:
        return self.results.find(analysis=AT_PROGRESSION, population=self.population, outcome=_BY, **keys)

    def get(self, **keys: Any) -> Estimate | None:
        return next(iter(self.find(**keys)), None)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        return tuple(e.group for e in self.find(variable="", statistic=Statistic.N))

    @cached_property
    def patients(self) -> dict[Key, int]:
        """The counts as they are printed: whole, and adding up."""
        return whole_counts([*self.find(statistic=Statistic.N), *self.find(statistic=Statistic.MISSING)])

    @property
    def smd(self) -> Statistic:
        is_matched = whole_of(self.population) == MATCHED
        return Statistic.SMD_AFTER_ABSOLUTE if is_matched else Statistic.SMD_BEFORE

    @property
    def headers(self) -> tuple[Header, ...]:
        when = (
            Text("匹配后", "matched")
            if self.smd == Statistic.SMD_AFTER_ABSOLUTE
            else Text("匹配前", "before")
        )
        sizes = self.find(variable="", statistic=Statistic.N)
        heads = (group_header(size, None, self.patients.get(size.key)) for size in sizes)
        return (*(_timed(h, when) for h in heads), Header(same("|SMD|"), when))

    def cells(self, variable: str, level: str | None) -> tuple[Cell, ...]:
        """Of each group its count or quartiles, then the difference; `level` None: patients in whom it is not known."""
        return (*(self._of_group(g, variable, level) for g in self.groups), self._difference(variable, level))

    def _of_group(self, group: str, variable: str, level: str | None) -> Cell:
        keys: dict[str, Any] = {"group": group, "variable": variable}
        if level is None:
            missing = self.get(**keys, statistic=Statistic.MISSING)
            return BLANK if missing is None else whole_number(missing, self.patients.get(missing.key))
        if level:
            n, share = (self.get(**keys, level=level, statistic=s) for s in (Statistic.N, Statistic.PERCENT))
            return count(n, share, None if n is None else self.patients.get(n.key))
        median = self.get(**keys, statistic=Statistic.MEDIAN)
        if median is None or median.value is None:
            return BLANK
        value, limits = format_number(median.value, 1), limits_of(median, 1)
        return Cell(each_language(lambda lang: bracketed(value, limits[lang], lang)), median.key)

    def _difference(self, variable: str, level: str | None) -> Cell:
        if level is None:
            return BLANK
        e = self.get(variable=variable, level=level, statistic=self.smd)
        return decimal(e if e is None or e.value is None else replace(e, value=abs(e.value)))


def _timed(header: Header, when: Text) -> Header:
    detail = header.detail
    shown = when if detail is None else Text(f"{when.zh} {detail.zh}", f"{when.en} {detail.en}")
    return Header(header.text, shown, header.key)


def tabulate_groups(results: Results, populations: tuple[str, ...]) -> Table:
    """Variables known at the progression, those that define the groups, and treatment after it; before and after matching.

    Args:
        results: With analysis "at_progression".
        populations: Those described, the matched one last.
    """
    sides = [_Side(results, population) for population in populations]
    found = [e for side in sides for e in side.find() if e.variable]
    marks = Footnotes()
    rows = [
        row
        for name in dict.fromkeys(e.variable for e in found)
        for row in _rows(sides, name, [e for e in found if e.variable == name], marks)
    ]
    notes = next((matched_notes(results, p) for p in populations if whole_of(p) == MATCHED), ())
    return Table(
        id="at_progression",
        title=Text(
            "首次进展时的患者：匹配前与匹配后", "Patients at the first progression, before and after matching"
        )
        if len(sides) > 1
        else Text("首次进展时的患者", "Patients at the first progression"),
        columns=(
            Header(Text("变量", "Variable"), align="start"),
            *(h for side in sides for h in side.headers),
        ),
        rows=tuple(rows),
        notes=(
            *marks.notes(),
            *notes,
            _NOTE,
            *([_OF_SEVERAL] if is_of_several(results) and len(sides) > 1 else []),
            *(not_judged_note(results) if MATCHED in populations else ()),
        ),
    )


_DEFINING = Text("定义分组，不校正", "defines the groups; not adjusted for")
_AFTER = Text(
    "进展后的治疗在时间零点之后，不是混杂因素，仅描述，不进入评分与模型",
    "treatment after progression comes after time zero; it is no confounder, is described only, and enters neither score nor model",
)
_NOTE = Text(
    "数值为例（%）或中位数（Q1~Q3）；百分比以该变量已知者为分母（后线治疗方案以有后线治疗者为分母）。|SMD|：标准化均数差的绝对值，除以匹配前的标准差；分类变量的变量行为所有水平合计的距离。",
    "Values are n (%) or median (Q1 to Q3); percentages are of the patients in whom the variable is known (the later-line regimen: of those "
    "with a later line). |SMD|: absolute standardised mean difference over the SD before matching; a categorical variable's own row is the distance over all its levels.",
)
_OF_SEVERAL = Text(
    "匹配后的 |SMD| 为各插补数据集绝对值的均数；中位数与四分位数也是各插补数据集的均数，因此可与由合并曲线所得者不同，计数的中位数也可不为整数。",
    "After matching |SMD| is the mean of the absolute values over the imputations; medians and quartiles, too, are means over the imputations, "
    "so that they can differ from those of pooled curves, and those of counts need not be whole numbers.",
)


def _rows(sides: list[_Side], variable: str, own: list[Estimate], marks: Footnotes) -> Iterator[Row]:
    levels = list(dict.fromkeys(e.level for e in own if e.level and e.statistic == Statistic.N))
    if not levels and not any(e.statistic == Statistic.MEDIAN for e in own):
        return
    name = words(column_name(variable), _mark(variable, marks))
    yield Row((name, *(c for s in sides for c in s.cells(variable, ""))), is_heading=bool(levels))
    for level in levels:
        yield Row((words(name_of(level)), *(c for s in sides for c in s.cells(variable, level))), indent=1)
    if any(e.value for e in own if e.statistic == Statistic.MISSING):
        yield Row(
            (
                words(_ABSENT.get(variable, name_of("missing"))),
                *(c for s in sides for c in s.cells(variable, None)),
            ),
            indent=1,
        )


# Blank for those who had no such treatment, which is not missing.
_ABSENT = {"line_regimen": Text("无后线治疗（或无记录）", "No later line, or none recorded")}


def _mark(variable: str, marks: Footnotes) -> str:
    if variable in OF_THE_GROUPS:
        return marks.mark(_DEFINING)
    return marks.mark(_AFTER) if variable in AFTER_PROGRESSION else ""


def tabulate_ratios(results: Results, populations: tuple[str, ...]) -> Table:
    """A row a way of comparing: the hazard ratio of survival after progression, and the same adjusted.

    Args:
        results: With analysis "at_progression".
        populations: Those compared, the matched one last.
    """
    notes = Footnotes()
    rows, per_variable = [], []
    for population in populations:
        found = results.find(analysis=AT_PROGRESSION, population=population, outcome=Outcome.PPS)
        for target in dict.fromkeys(e.variable for e in found):
            here = {e.statistic: e for e in found if e.variable == target}
            name = (
                name_of(population) if whole_of(population) == MATCHED else _TARGETS.get(target, same(target))
            )
            per_variable.append(here.get(Statistic.EVENTS_PER_PARAMETER))
            ratios = (here.get(Statistic.HAZARD_RATIO), here.get(Statistic.HAZARD_RATIO_ADJUSTED))
            n = next((e.n for e in ratios if e is not None and e.n is not None), None)
            people = whole_people(results, AT_PROGRESSION, population, n)
            rows.append(_ratio_row(name, here, people, notes))
    compared = next(
        (e.group for p in populations for e in results.find(analysis=AT_PROGRESSION, population=p) if is_comparison(e.group)), ""
    )  # fmt: skip
    said = in_sentence(versus(compared)) if compared else Text("", "")
    return Table(
        id="at_progression_ratios",
        title=Text(
            f"进展后生存期的风险比（{said.zh}）：未校正与按进展时协变量校正",
            f"Hazard ratios of post-progression survival ({said.en}), unadjusted and adjusted for covariates at progression",
        ),
        columns=(
            Header(Text("比较方式", "Comparison"), align="start"),
            Header(same("*n*")),
            Header(Text("未校正 HR", "Unadjusted HR"), LIMITS),
            Header(same("*P*")),
            Header(Text("校正后 HR", "Adjusted HR"), LIMITS),
            Header(same("*P*")),
        ),
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _RATIO_NOTE, *events_per_variable(*per_variable)),
    )


def _ratio_row(name: Text, here: dict[Any, Estimate], n: int | None, notes: Footnotes) -> Row:
    plain, adjusted = here.get(Statistic.HAZARD_RATIO), here.get(Statistic.HAZARD_RATIO_ADJUSTED)
    return Row(
        (
            words(name),
            Cell(same("–" if n is None else str(n)), None if plain is None else plain.key),
            with_limits(plain, notes),
            p_alone(here.get(Statistic.P_VALUE)),
            with_limits(adjusted, notes),
            p_alone(here.get(Statistic.P_VALUE_ADJUSTED)),
        )
    )


_RATIO_NOTE = Text(
    "两列比较相同的患者（各协变量均已知者）。匹配与权重来自倾向评分；校正模型另含进展时的协变量（至进展时间取对数）。"
    "HR：风险比；即使没有混杂，校正后的 HR 也可能与未校正者不同（不可压缩性）。",
    "Both columns are of the same patients, in whom all covariates are known. Matching and weights come from the propensity score; the "
    "adjusted model holds the covariates at progression, too (time to progression on a log scale). HR: hazard ratio; an adjusted HR may "
    "differ from the unadjusted one even where nothing confounds (it is not collapsible).",
)
