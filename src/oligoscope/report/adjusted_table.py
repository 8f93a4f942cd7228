"""Every adjusted hazard ratio of a study in one table, beside the crude one of the same comparison."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from typing import Any

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.adjusted_ratios import adjusted_for
from oligoscope.printing.adjusting import adjusted_by_method
from oligoscope.printing.blocks import Block
from oligoscope.printing.cells import LIMITS, LIMITS_NOTE, decimal, whole_number, with_limits
from oligoscope.printing.document_parts import Chapter, Draft, Place
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.method_texts import names_in_sentence
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.printing.whole_counts import whole_people
from oligoscope.report.estimate_words import group_words, level_of, outcome_words, variable_of
from oligoscope.results.analyses import AT_PROGRESSION, ILLNESS_DEATH, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of

ADJUSTED = Chapter(
    "adjusted",
    Text("校正后的风险比汇总", "All adjusted hazard ratios"),
    place=Place.DETAILS,
    strobe_also=(16,),
)
_FEWEST = 2  # analyses whose ratios are to be compared
_COLUMNS = (
    Header(Text("分析", "Analysis"), align="start"),
    Header(same("*n*")),
    Header(Text("事件数", "Events"), Text("（前者 / 后者）", "(first / second)")),
    Header(Text("未校正 HR", "Crude HR"), LIMITS),
    Header(Text("校正 HR", "Adjusted HR"), LIMITS),
    Header(Text("模型", "Model")),
    Header(Text("每个参数的事件数", "Events per parameter")),
)
_NOTE = Text(
    "HR：风险比。*n* 为校正模型的患者数，事件数为未校正比较中两组各自的事件数。各行的人群、起点与校正变量不同，校正后的 HR 不可直接互相比较；"
    "匹配或加权者另以倾向评分计入其变量。",
    "HR: hazard ratio. *n*: patients of the adjusted model; events: of each group in the crude comparison. Rows differ in patients, start of time "
    "and covariates, so that adjusted ratios cannot be set against each other. After matching or weighting, ratios account for the variables of the "
    "propensity score, too.",
)


def adjusted_section(draft: Draft) -> Iterator[Block | None]:
    """The table, where at least two analyses have an adjusted ratio."""
    given = {(e.analysis, e.population) for e in _adjusted(draft.results) if e.value is not None}
    if len(given) >= _FEWEST:
        yield draft.table(tabulate_adjusted, draft.protocol)


def tabulate_adjusted(results: Results, protocol: Protocol) -> Table:
    """A heading an outcome and a pair of groups, a row an analysis, its subgroup or its kind of weights.

    Args:
        results: Of the study.
        protocol: What each analysis was asked to adjust for.
    """
    notes = Footnotes()
    everything = _adjusted(results)
    headings = dict.fromkeys(map(_heading, everything))
    found = [e for heading in headings for e in everything if _heading(e) == heading]
    named = dict.fromkeys(names for e in found if (names := _names(protocol, results, e)))
    models = {names: number for number, names in enumerate(named, 1)}
    rows: list[Row] = []
    for heading in headings:
        rows.append(Row((words(heading), *(BLANK,) * (len(_COLUMNS) - 1)), is_heading=True))
        mine = (e for e in found if _heading(e) == heading)
        rows += (_row(results, e, models.get(_names(protocol, results, e)), notes) for e in mine)
    return Table(
        id="adjusted_hazard_ratios",
        title=Text("各分析未校正与校正后的风险比", "Crude and adjusted hazard ratios of every analysis"),
        columns=_COLUMNS,
        rows=tuple(rows),
        notes=(*notes.notes(), LIMITS_NOTE, _NOTE, *starmap(_model_note, models.items())),
    )


def _adjusted(results: Results) -> list[Estimate]:
    """Every ratio that was to be adjusted, also those that are withheld."""
    found = results.find(statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    return [e for e in found if is_comparison(e.group)]


def _heading(e: Estimate) -> Text:
    outcome, groups = outcome_words(e.analysis, e.outcome), group_words(e)
    return Text(f"{outcome.zh}：{groups.zh}", f"{outcome.en}: {in_sentence(groups).en}")


def _model_note(names: tuple[str, ...], number: int) -> Text:
    """What a model holds."""
    held = names_in_sentence(names)
    return Text(f"模型 {number} 校正：{held.zh}。", f"Model {number} is adjusted for {held.en}.")


def _row(results: Results, e: Estimate, model: int | None, notes: Footnotes) -> Row:
    keys: dict[str, Any] = {**_same(e), "group": e.group}
    per_parameter = results.get(**keys, statistic=Statistic.EVENTS_PER_PARAMETER)
    n = whole_people(results, e.analysis, e.population, e.n, e.variable)
    cells = (
        words(_name(e)),
        BLANK if n is None else Cell(same(str(n)), e.key),
        _events(results, e),
        with_limits(results.get(**keys, statistic=Statistic.HAZARD_RATIO), notes),
        with_limits(e, notes),
        BLANK if model is None else Cell(same(str(model))),
        BLANK if per_parameter is None else decimal(per_parameter),
    )
    return Row(cells, indent=1)


def _name(e: Estimate) -> Text:
    """The analysis, its patients, and what tells its ratios apart."""
    inside = (in_sentence(name_of(e.population)), in_sentence(variable_of(e, {})), level_of(e))
    parts = [e.analysis.printed, *(part for part in inside if part.en)]
    return Text(
        *(sep.join(part[lang] for part in parts) for lang, sep in zip(LANGUAGES, ("，", ", "), strict=True))
    )


def _same(e: Estimate) -> dict[str, Any]:
    """Keys of the other numbers of the same analysis, patients, outcome and subgroup."""
    names = ("analysis", "population", "outcome", "variable", "level")
    return {name: getattr(e, name) for name in names}


def _events(results: Results, e: Estimate) -> Cell:
    """Of each group; of ratios whose analysis counts none those of the survival of the same patients."""
    own = _same(e)
    of_survival: dict[str, Any] = {**own, "analysis": SURVIVAL, "variable": "", "level": ""}
    for keys in (own, of_survival):
        found = [results.get(**keys, group=g, statistic=Statistic.EVENTS) for g in parts_of(e.group)]
        given = [event for event in found if event is not None and event.value is not None]
        if given and len(given) == len(found):
            cells = [whole_number(event) for event in given]
            text = Text(*(" / ".join(cell.text[lang] for cell in cells) for lang in LANGUAGES))
            return Cell(text, cells[0].key, tuple(key for cell in cells[1:] for key in cell.keys))
    return BLANK


def _names(protocol: Protocol, results: Results, e: Estimate) -> tuple[str, ...]:
    """What the ratio is adjusted for: by the method, or as study.yaml asks, without what could not be used."""
    if by_method := adjusted_by_method(e.method):
        return by_method
    if e.analysis == AT_PROGRESSION:
        rows = results.find(analysis=AT_PROGRESSION, population=e.population, statistic=Statistic.COVARIATE)
        left_out = {row.variable for row in rows}
        return tuple(n for n in protocol.matching.covariates_at_progression if n not in left_out)
    if e.analysis == ILLNESS_DEATH:
        rows = results.find(
            analysis=ILLNESS_DEATH, population=e.population, statistic=Statistic.HAZARD_RATIO, level=""
        )
        left_out = {row.variable for row in rows if row.value is None}
        asked = (a for a in protocol.analyses if a.kind == ILLNESS_DEATH and a.patients == e.population)
        return tuple(dict.fromkeys(n for a in asked for n in a.variables if n not in left_out))
    return adjusted_for(protocol, results, e.analysis, e.population, _asked_outcome(protocol, e))


def _asked_outcome(protocol: Protocol, e: Estimate) -> str:
    """The endpoint, where the analysis has one of several."""
    asked = (a for a in protocol.analyses if a.kind == e.analysis and a.patients == e.population)
    return e.outcome if any(a.outcomes for a in asked) else ""
