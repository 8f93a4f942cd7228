"""Survival in the report: analyses that belong together share a heading, a plate of curves and their cautions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Notice, Paragraph
from oligoscope.printing.cautions import EXPLORATORY_P, cautions_for, cautions_for_one_group
from oligoscope.printing.changing_methods import beside_changing_ratios
from oligoscope.printing.chapters import PRIMARY
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.matched_notes import is_matched, unsealed_cautions
from oligoscope.printing.method_texts import curves_and_ratios
from oligoscope.printing.sentences import joined
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.survival.figure import MOST_PANELS, draw_survival_plate, is_drawn
from oligoscope.questions.survival.table import groups_of, outcomes_of, tabulate_survival
from oligoscope.questions.survival.words import group_sizes_paragraph, survival_paragraph
from oligoscope.results import analyses
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import Patients, in_sentence, whole_of
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.vocabulary import column_name, name_of

LEAD = Outcome.PPS  # its clock starts when the groups are known; it has its own section
_COUNTS = (
    Statistic.N, Statistic.EVENTS, Statistic.WEIGHTED_N, Statistic.WEIGHTED_EVENTS, Statistic.EVENTS_PER_PARAMETER,
)  # fmt: skip
_ORDER = (Outcome.PFS, Outcome.PFS2, Outcome.OS, Outcome.DOR, Outcome.IPFS, LEAD)


@dataclass(frozen=True, slots=True)
class CurveSet:
    """Survival analyses to be read side by side.

    Attributes:
        id: Part of the names of its files and links.
        by: What makes the groups.
        populations: Such as progressed:systemic; one panel each for every outcome.
        people: Who they are, as inside a sentence.
    """

    id: str
    by: str
    populations: tuple[str, ...]
    people: Text

    def panels(self, results: Results, outcomes: Sequence[str] = _ORDER) -> list[tuple[str, str]]:
        """(population, outcome) of each that was estimated, population by population."""
        made = {p: outcomes_of(results, p, self.by) for p in self.populations}
        return [(p, o) for p in self.populations for o in outcomes if o in made[p]]

    def is_compared(self, results: Results) -> bool:
        """Whether any of its curves has a second group."""
        return any(len(groups_of(results, p, self.by, o)) > 1 for p, o in self.panels(results))


def curve_sets(protocol: Protocol, results: Results) -> list[CurveSet]:
    """The survival analyses, those of one part of the patients before and after matching together.

    Analyses of different parts (`where` with the same variables) that were not matched are shown together, too.
    """
    together: dict[tuple[str, tuple[tuple[str, str], ...]], list[AnalysisSettings]] = {}
    for a in protocol.analyses:
        if a.kind == analyses.SURVIVAL and outcomes_of(results, a.patients, a.by):
            together.setdefault((a.by, tuple(a.where.items())), []).append(a)
    sets: dict[tuple[str, tuple[object, ...]], list[AnalysisSettings]] = {}
    for (by, where), those in together.items():
        is_alone = len({a.population for a in those}) == 1
        sets.setdefault((by, tuple(k for k, _ in where) if is_alone else where), []).extend(those)
    return [_set_of(those) for those in sets.values()]


def _set_of(analyses: Sequence[AnalysisSettings]) -> CurveSet:
    by, part = analyses[0].by, _part_texts(analyses[0])
    populations = tuple(dict.fromkeys(a.patients for a in analyses))
    wholes = {a.population for a in analyses}
    if any(_part_texts(a) != part for a in analyses):  # several parts, named by what divides them
        words, people = tuple(analyses[0].where), _within(tuple(analyses[0].where))
    elif {MATCHED, "progressed"} <= wholes:
        words, people = part, _before_and_after(next(p for p in populations if not is_matched(p)))
    else:
        words, people = (*part, *(wholes & {MATCHED})), _together(map(name_of, populations))
    return CurveSet("_".join(("survival", *words, by)), by, populations, people)


def _part_texts(analysis: AnalysisSettings) -> tuple[str, ...]:
    people = analysis.patients
    return people.part_texts if isinstance(people, Patients) else ()


def _within(variables: tuple[str, ...]) -> Text:
    names = _together(column_name(v) for v in variables)
    return Text(f"各{names.zh}的患者", f"each {names.en} by itself")


def _before_and_after(population: str) -> Text:
    name = in_sentence(name_of(population))
    return Text(f"匹配前后的{name.zh}", f"{name.en} before and after matching")


def _together(names: Iterable[Text]) -> Text:
    """`a and b`, as inside a sentence."""
    inside = [in_sentence(name) for name in names]
    return Text("、".join(name.zh for name in inside), " and ".join(name.en for name in inside))


def survival_section(draft: Draft) -> Iterator[Block | None]:
    """For each set: what was found in words, what to beware of, the curves, the tables."""
    sets = curve_sets(draft.protocol, draft.results)
    yield from _withheld(draft)
    if any(
        e.value is not None
        for e in draft.results.find(analysis=analyses.SURVIVAL, statistic=Statistic.P_VALUE)
    ):
        yield Paragraph(EXPLORATORY_P)
    outcomes = tuple(o for o in _ORDER if o != LEAD)
    for shown in sets:
        by = column_name(shown.by)
        compared = shown.is_compared(draft.results)
        end = Text(f"，按{by.zh}分组", f", by {in_sentence(by).en}") if compared else Text("", "")
        people = Text(shown.people.zh, shown.people.en[:1].upper() + shown.people.en[1:])
        yield Heading(Text(people.zh + end.zh, people.en + end.en), shown.id, 3)
        yield from _curves(draft, shown, outcomes)
        for population in shown.populations:
            yield draft.table(tabulate_survival, population, shown.by)


def _withheld(draft: Draft) -> Iterator[Notice]:
    """Matched patients whose survival was asked for and who could not be matched: why."""
    for population in dict.fromkeys(
        a.patients for a in draft.protocol.analyses if a.kind == analyses.SURVIVAL and a.population == MATCHED
    ):
        found = draft.results.find(analysis=analyses.SURVIVAL, population=population)
        if found and all(e.value is None for e in found):
            yield from withheld_notice(found, name_of(population))


def post_progression_section(draft: Draft) -> Iterator[Block | None]:
    """Survival from the first progression, of all sets with the same groups together."""
    sets = [s for s in curve_sets(draft.protocol, draft.results) if s.panels(draft.results, (LEAD,))]
    for i, by in enumerate(dict.fromkeys(s.by for s in sets)):
        name = column_name(by)
        if i:
            title = Text(f"按{name.zh}的进展后生存期", f"Post-progression survival by {in_sentence(name).en}")
            yield Heading(title, f"{PRIMARY.id}-{by}", 3)
        mine = [s for s in sets if s.by == by]
        populations = tuple(p for s in mine for p in s.populations)
        people = Text("；".join(s.people.zh for s in mine), "; ".join(s.people.en for s in mine))
        whole = CurveSet(f"survival_{LEAD}_{by}", by, populations, people)
        yield from _curves(draft, whole, (LEAD,))


def _curves(draft: Draft, shown: CurveSet, outcomes: Sequence[str]) -> Iterator[Block | None]:
    panels = shown.panels(draft.results, outcomes)
    for population in dict.fromkeys(p for p, _ in panels):
        yield from _in_words(shown, population, [o for p, o in panels if p == population], draft.results)
    panels = [(p, o) for p, o in panels if _is_estimated(draft.results, p, o)]
    yield from (Notice("caution", caution) for caution in _cautions(shown, panels, draft.results))
    yield from (
        Notice("caution", why)
        for why in unsealed_cautions(draft.results, dict.fromkeys(p for p, _ in panels))
    )
    panels = [(p, o) for p, o in panels if is_drawn(draft.results, p, shown.by, o)]
    for start in range(0, len(panels), MOST_PANELS):
        part = panels[start : start + MOST_PANELS]
        name = shown.id if not start else f"{shown.id}_{start // MOST_PANELS + 1}"
        title = _figure_title(shown, part, draft.results)
        yield draft.figure(draw_survival_plate, name, title, part, shown.by, panels)


def _is_estimated(results: Results, population: str, outcome: str) -> bool:
    """Whether more than the size of the groups is given."""
    found = results.find(analysis=analyses.SURVIVAL, population=population, outcome=outcome)
    return any(e.value is not None and e.statistic not in _COUNTS for e in found)


def _in_words(
    shown: CurveSet, population: str, outcomes: list[str], results: Results
) -> Iterator[Block | None]:
    """Of a part of the patients first how many are in each group; then every outcome."""
    if whole_of(population) != population and shown.is_compared(results) and LEAD not in outcomes:
        groups = groups_of(results, population, shown.by, outcomes[0])
        yield group_sizes_paragraph(results, population, outcomes[0], groups)
    yield _sentences(results, population, shown.by, outcomes, is_named=len(shown.populations) > 1)


def _sentences(
    results: Results, population: str, by: str, outcomes: Sequence[str], *, is_named: bool
) -> Paragraph:
    """Every outcome of a population, which may be named before the first."""
    groups = {o: groups_of(results, population, by, o) for o in outcomes}
    found = [survival_paragraph(results, population, o, of) for o, of in groups.items()]
    text, keys = joined([p.text for p in found]), tuple(k for p in found for k in p.keys)
    is_named = is_named and not all(
        len(of) == 1 for of in groups.values()
    )  # one group is named in its sentence
    return Paragraph(_of_people(text, population) if is_named else text, keys)


def _of_people(text: Text, population: str) -> Text:
    """A sentence that begins with a median, of the patients of a population."""
    people = in_sentence(name_of(population))
    return Text(f"{people.zh}中，{text.zh}", f"In the {people.en}, {text.en[:1].lower()}{text.en[1:]}")


def _cautions(shown: CurveSet, panels: list[tuple[str, str]], results: Results) -> list[Text]:
    """Each caution of any panel, once."""
    is_compared = shown.is_compared(results)
    found = (cautions_for(p, shown.by, o) if is_compared else cautions_for_one_group(p, o) for p, o in panels)
    return list(dict.fromkeys(caution for cautions in found for caution in cautions))


def _figure_title(shown: CurveSet, panels: list[tuple[str, str]], results: Results) -> Text:
    names, by = _together(map(column_name, dict.fromkeys(o for _, o in panels))), column_name(shown.by)
    groups = Text("", "")
    if shown.is_compared(results):
        groups = Text(f"按{by.zh}分组", f" by {in_sentence(by).en}")
    people = shown.people
    drawn = list(dict.fromkeys(population for population, _ in panels))
    if len(drawn) == 1:  # of the others no curve is given
        people = _together(map(name_of, drawn))
    return Text(
        f"{people.zh}{groups.zh}的{names.zh} Kaplan-Meier 曲线",
        f"Kaplan-Meier curves of {names.en}{groups.en}: {people.en}",
    )


def adjusted_ratio(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """What the adjusted hazard ratio is adjusted for, and why."""
    found = results.find(analysis=analyses.SURVIVAL, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    made = [e for e in found if e.value is not None]
    if not made:
        return
    ecog = any(e.method.has(MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG) for e in made)
    more = Text("与基线 ECOG 评分", ", and for baseline ECOG PS") if ecog else Text("", "")
    yield Text(
        f"进展后生存期的风险比另以多因素 Cox 模型校正首次进展时间（取对数；两组首次进展的时间不同）{more.zh}。",
        "The hazard ratio of post-progression survival was also adjusted in a multivariable Cox model for the time to the first progression "
        f"(log), because the groups progressed at different times{more.en}.",
    )


_FROM_TREATMENT = Chapter(
    "survival", Text("自治疗起的生存", "Survival from treatment start"), strobe=(15, 16)
)
PARTS = Parts(
    (
        Section(post_progression_section, PRIMARY),
        Section(survival_section, _FROM_TREATMENT),
    ),
    (
        Methods(curves_and_ratios, compares_groups=True),
        Methods(adjusted_ratio, compares_groups=True),
        Methods(beside_changing_ratios, after="weighting"),
    ),
)
