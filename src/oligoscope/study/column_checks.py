"""Do the columns and levels that study.yaml names exist in the tables that were read?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.study.analysis_checks import TWICE, Fault
from oligoscope.study.analysis_options import Kinds
from oligoscope.study.conditions import parse_condition, words_named
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.setting_types import nearest, not_among
from oligoscope.study.yaml_lines import Path

SHOWN = 40  # names that a message lists
# Of the columns that are derived, those that make groups or covariates; of the recorded ones all but these.
_LABELS = (
    "age_60", "brain_metastasis", "n_target_lesions", "n_baseline_organs", "n_baseline_lesions", "first_line_regimen", "best_response", "confirmed_response", "progressed",
    "pattern", "resistance", "failure", "site_relation", "line_regimen", "local_after_progression", "beyond_progression",
)  # fmt: skip
_NO_COVARIATES = ("source", "source_row", "patient_id", "vital_status", "entered_months")
# First known at the first progression; what defines the groups there; and what comes after it.
_AT_PROGRESSION = ("months_to_progression", "ecog_at_progression")
_OF_THE_GROUPS = (
    "n_progressing_lesions", "n_progressing_extracranial", "n_progressing_intracranial", "n_not_evaluated", "n_progressing_organs",
    "progressing_organs", "resistance", "failure", "site_relation", "progressed",
)  # fmt: skip
_UNDER_TREATMENT = (
    "best_response",
    "confirmed_response",
)  # known at the first progression, and not at the start
_AFTER_PROGRESSION = ("line_regimen", "local_after_progression", "beyond_progression")
_FROM_TREATMENT = (Outcome.OS, Outcome.PFS, Outcome.IPFS, Outcome.DOR)
_OUTCOME_ENDS = ("_days", "_event")
_NO_CHARACTERISTICS = ("pattern", "patient_id", "vital_status")
_NO_COVARIATE_ENDS = ("_day", "_on", "_date")


@dataclass(frozen=True)
class KnownColumns:
    """What can be named: the columns of the patients, recorded and derived.

    Attributes:
        names: All of them.
        recorded: Those of the user's tables.
        levels: Of a column whose levels are known before anything is derived, those it may hold: the values that were
            recorded, and the words of the dictionary.
        measured: Columns of numbers or dates, which make no groups.
    """

    names: tuple[str, ...]
    recorded: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    measured: frozenset[str]

    @property
    def shown(self) -> tuple[str, ...]:
        """The names worth listing: covariates and labels, no days and no intermediate columns of the rules."""
        own = (n for n in self.recorded if n not in _NO_COVARIATES and not n.endswith(_NO_COVARIATE_ENDS))
        return tuple(dict.fromkeys((*own, *(n for n in _LABELS if n in self.names))))


def check_columns(protocol: Protocol, kinds: Kinds, known: KnownColumns) -> Iterator[Fault]:
    """Columns that do not exist, groups made by a measured column, and levels that no patient can have."""
    for path, name in _named_columns(protocol, kinds):
        if name not in known.names:
            yield path, None if path[-1] == name else name, _no_column(name, known)
    yield from _misspelt_levels(protocol, known)
    yield from _no_covariates(protocol, known)
    yield from _not_known_then(protocol, known)
    yield from _before_time_zero(protocol, kinds)
    yield from _not_adjusted_for(protocol, kinds, known)
    yield from _of_centres(protocol, known)
    for i, analysis in enumerate(protocol.analyses):
        if "by" in kinds[analysis.kind].honours and analysis.by in known.measured:
            yield ("analyses", i, "by"), analysis.by, _NO_GROUPS
        levels = known.levels.get(analysis.by)
        if analysis.reference is not None and levels is not None and analysis.reference not in levels:
            yield ("analyses", i, "reference"), analysis.reference, _no_level(analysis.reference, levels)
        for column, level in analysis.where.items():
            levels = known.levels.get(column)
            if levels is not None and level not in levels:
                yield ("analyses", i, "where", column), level, _no_level(level, levels)


def _of_centres(protocol: Protocol, known: KnownColumns) -> Iterator[Fault]:
    """Centres that are to be taken into account and that no patient has; and a method that cannot."""
    use = protocol.centres.use
    if use == "none":
        return
    if not known.levels.get("centre"):
        yield ("centres", "use"), use, _NO_CENTRES
    for i, analysis in enumerate(protocol.analyses):
        if analysis.small_sample == "firth":
            yield ("analyses", i, "small_sample"), "firth", _NO_FIRTH_OF_CENTRES


def _misspelt_levels(protocol: Protocol, known: KnownColumns) -> Iterator[Fault]:
    """Words of eligibility rules that no patient has and that are nearly a word of the column.

    A rule may name a level that no patient has yet; only a word that is nearly another is a fault.
    """
    for i, rule in enumerate(protocol.eligibility):
        for column, word in words_named(parse_condition(rule.keep)):
            levels = known.levels.get(column) if column in known.recorded else None
            if levels is not None and word not in levels and nearest(word, levels):
                yield ("eligibility", i, "keep"), word, _no_level(word, levels)


def _no_covariates(protocol: Protocol, known: KnownColumns) -> Iterator[Fault]:
    """Covariates that are not a characteristic of a patient at the start: what makes the groups, outcomes, dates, numbers of patients."""
    sections = {"matching": ("covariates", "exact"), "imputation": ("variables",)}
    for section, keys in sections.items():
        for key in keys:
            names = getattr(getattr(protocol, section), key)
            for j, name in enumerate(names):
                is_later = name not in known.recorded and name.endswith(_OUTCOME_ENDS)
                if name in _NO_CHARACTERISTICS or is_later or name.endswith(_NO_COVARIATE_ENDS):
                    yield (section, key, j), name, _NO_COVARIATE
                elif name in names[:j]:
                    yield (section, key, j), name, TWICE


def _not_known_then(protocol: Protocol, known: KnownColumns) -> Iterator[Fault]:
    """Covariates that are not known at time zero yet, and those at progression that make the groups or come after it."""
    matching = protocol.matching
    if matching.time_zero == "treatment":
        for key in ("covariates", "exact"):
            for j, name in enumerate(getattr(matching, key)):
                if name in _AT_PROGRESSION:
                    yield ("matching", key, j), name, _ONLY_AT_PROGRESSION
    names = matching.covariates_at_progression
    for j, name in enumerate(names):
        path = ("matching", "covariates_at_progression", j)
        is_outcome = name not in known.recorded and name.endswith(_OUTCOME_ENDS)
        if is_outcome or name.endswith(_NO_COVARIATE_ENDS) or name in (*_NO_CHARACTERISTICS, *_OF_THE_GROUPS):
            yield path, name, _NO_COVARIATE_THEN
        elif name in _AFTER_PROGRESSION:
            yield path, name, _COMES_AFTER
        elif name in names[:j]:
            yield path, name, TWICE


def _before_time_zero(protocol: Protocol, kinds: Kinds) -> Iterator[Fault]:
    """Outcomes whose clock starts before the day that the score knows: it would hold what they are made of."""
    if protocol.matching.time_zero == "treatment":
        return
    for i, analysis in enumerate(protocol.analyses):
        if analysis.population == "matched" or kinds[analysis.kind].propensity:
            early = (o for o in analysis.outcomes if o in _FROM_TREATMENT)
            yield from ((("analyses", i, "outcomes"), outcome, _STARTS_BEFORE) for outcome in early)


def _not_adjusted_for(protocol: Protocol, kinds: Kinds, known: KnownColumns) -> Iterator[Fault]:
    """Covariates of an adjusted ratio that are not known when its follow-up starts, or are what it compares."""
    for i, analysis in enumerate(protocol.analyses):
        # Of a kind with a fixed endpoint, that one, whether it is written out or not.
        at_progression = set(analysis.outcomes or kinds[analysis.kind].outcomes) == {Outcome.PPS}
        for j, name in enumerate(analysis.adjust_for):
            path = ("analyses", i, "adjust_for", j)
            is_outcome = name not in known.recorded and name.endswith(_OUTCOME_ENDS)
            if (
                is_outcome
                or name.endswith(_NO_COVARIATE_ENDS)
                or name in (*_NO_CHARACTERISTICS, *_OF_THE_GROUPS)
            ):
                yield path, name, _NO_COVARIATE_THEN if at_progression else _NO_COVARIATE
            elif name in _AFTER_PROGRESSION:
                yield path, name, _COMES_AFTER
            elif name in (*_AT_PROGRESSION, *_UNDER_TREATMENT) and not at_progression:
                yield path, name, _NOT_KNOWN_AT_START


def check_groups(
    protocol: Protocol, kinds: Kinds, groups: Mapping[int, tuple[str, ...]], recorded: Iterable[str]
) -> Iterator[Fault]:
    """Groupings that an analysis cannot take, as soon as it is known who is in them.

    Args:
        protocol: Its analyses.
        kinds: What each kind of them honours.
        groups: Of each analysis that groups (by its place in `analyses`), the groups its patients make.
        recorded: Columns of the user's own; the number of groups of a derived label is not the user's choice, and
            gives a row with its reason.
    """
    recorded = set(recorded)
    for i, found in groups.items():
        analysis = protocol.analyses[i]
        if kinds[analysis.kind].two_groups and len(found) > 2 and analysis.by in recorded:
            yield ("analyses", i, "by"), analysis.by, _too_many(analysis, found)
        if analysis.reference is not None and len(found) > 1:
            named = {"true": "yes", "false": "no"}.get(analysis.reference, analysis.reference)
            if not {named, analysis.reference} & set(found):
                yield ("analyses", i, "reference"), analysis.reference, _no_level(analysis.reference, found)
            elif len(found) > 2:
                yield ("analyses", i, "reference"), analysis.reference, _no_ratio(found)


def columns_named(protocol: Protocol) -> frozenset[str]:
    """Every column of patients that the study names itself: in a rule, an analysis, a model or a label."""
    rules = (name for rule in protocol.eligibility for name in parse_condition(rule.keep).columns)
    analyses = (name for a in protocol.analyses for name in (a.by, *a.where, *a.variables, *a.adjust_for))
    m = protocol.matching
    models = (*protocol.imputation.variables, *m.covariates, *m.exact, *m.covariates_at_progression)
    return frozenset(map(str, (*rules, *analyses, *models, *protocol.labels)))


def _named_columns(protocol: Protocol, kinds: Kinds) -> Iterator[tuple[Path, str]]:
    for i, rule in enumerate(protocol.eligibility):
        for name in sorted(parse_condition(rule.keep).columns):
            yield ("eligibility", i, "keep"), name
    for section, key in (
        ("imputation", "variables"), ("matching", "covariates"), ("matching", "exact"),
        ("matching", "covariates_at_progression"),
    ):  # fmt: skip
        for j, name in enumerate(getattr(getattr(protocol, section), key)):
            yield (section, key, j), name
    for i, analysis in enumerate(protocol.analyses):
        options = kinds[analysis.kind]
        for name in analysis.where:
            yield ("analyses", i, "where", name), name
        if "by" in options.honours:
            yield ("analyses", i, "by"), analysis.by
        if "variables" in options.honours:
            for j, name in enumerate(analysis.variables):
                yield ("analyses", i, "variables", j), name
        for j, name in enumerate(analysis.adjust_for):
            yield ("analyses", i, "adjust_for", j), name


def _no_column(name: str, known: KnownColumns) -> Text:
    near = nearest(name, known.shown) or nearest(name, known.names)
    what = Text("患者没有这一列", "the patients have no such column")
    return not_among(what, near, _listed(known.shown))


def _no_level(level: str, levels: tuple[str, ...]) -> Text:
    if not levels:
        return Text("此列对所有患者均为空。", "this column is blank for every patient")
    what = Text("没有患者取此值", "no patient has this value")
    return not_among(what, nearest(level, levels), _listed(levels))


def _listed(words: tuple[str, ...]) -> str:
    more = "" if len(words) <= SHOWN else ", …"
    return ", ".join(words[:SHOWN]) + more


_NO_COVARIATE = Text(
    "此列不是治疗开始时的患者特征（分组、结局、日期或患者编号），不能作协变量；请删去。",
    "is not a characteristic of a patient at treatment start (it defines the groups, or is an outcome, a date or the patient's number); "
    "delete it",
)
_ONLY_AT_PROGRESSION = Text(
    "此列到首次进展时才知道，而评分以治疗开始为时间零点；请删去，或设 matching.time_zero: progression。",
    "is known only at the first progression, and time zero of the score is treatment start; delete it, or set "
    "matching.time_zero: progression",
)
_NO_COVARIATE_THEN = Text(
    "此列不是进展时的混杂因素（它定义分组，或是结局、日期或患者编号）；请删去。",
    "is not a confounder at progression (it defines the groups, or is an outcome, a date or the patient's number); delete it",
)
_COMES_AFTER = Text(
    "此列是进展后的治疗，在时间零点之后，不能作协变量；请删去。",
    "is treatment after progression, which comes after time zero and is no covariate; delete it",
)
_NOT_KNOWN_AT_START = Text(
    "此列在治疗开始后才知道，而此分析的随访自治疗开始（或界标）起计；请删去。",
    "is known only after treatment start, and the follow-up of this analysis is compared by what is known at its start; delete it",
)
_STARTS_BEFORE = Text(
    "此结局自首次进展之前起计，而评分含进展时才知道的变量（matching.time_zero: progression）；请删去，或另立一项以治疗开始为零点的研究。",
    "is counted from before the first progression, and the score holds what is known only then (matching.time_zero: progression); "
    "delete it, or ask for it in a study with time zero at treatment start",
)
_NO_CENTRES = Text(
    "患者表没有治疗中心（centre 列），或此列全空；请在 data.patients.columns 中写明哪一列是中心，或改为 use: none。",
    "needs the treating centre of the patients, and the column `centre` is missing or blank; state under data.patients.columns which "
    "column it is, or set use: none",
)
_NO_FIRTH_OF_CENTRES = Text(
    "Firth 法不能计入治疗中心（centres.use）；请改为 none，或设 centres.use: none。",
    "Firth's method cannot take the treating centres (centres.use) into account; set none here, or centres.use: none",
)
_NO_GROUPS = Text(
    "此列是数值或日期，不能用来分组；请在资料中加一列分好的组。",
    "this column holds numbers or dates and cannot define groups; add a column of groups to the data",
)


def _no_ratio(groups: tuple[str, ...]) -> Text:
    n, listed = len(groups), _listed(groups)
    return Text(
        f"此列有 {n} 组（{listed}），多于两组时不给出比值，参照组不起作用；请删去，或用 where 限定为两组。",
        f"has no effect: this column has {n} groups ({listed}), and ratios are given of two; delete it, or choose two groups",
    )


def _too_many(analysis: AnalysisSettings, groups: tuple[str, ...]) -> Text:
    n, listed = len(groups), _listed(groups)
    return Text(
        f"{analysis.kind} 只能比较两组，而此列有 {n} 组（{listed}）；请换一列，或在 data.levels 中合并取值。",
        f"{analysis.kind} compares two groups, and this column has {n} ({listed}); choose another column, or merge levels under data",
    )
