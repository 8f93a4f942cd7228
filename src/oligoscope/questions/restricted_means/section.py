"""Restricted means in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Notice, Paragraph
from oligoscope.printing.cautions import EXPLORATORY_P, LEAD, cautions_for
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Methods,
    Parts,
    Section,
    Sentence,
    Threat,
)
from oligoscope.printing.method_texts import where_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.restricted_means.figure import draw_means
from oligoscope.questions.restricted_means.horizons import UpTo, horizons_of
from oligoscope.questions.restricted_means.question import RESTRICTED_MEANS
from oligoscope.questions.restricted_means.table import tabulate_means
from oligoscope.questions.restricted_means.words import means_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of


def means_section(draft: Draft) -> Iterator[Block | None]:
    """Each grouping of each population: sentences, cautions, forest and table, or the reason there is none."""
    kind = RESTRICTED_MEANS.kind
    for population, by in draft.protocol.asked(kind):
        compared = horizons_of(draft.results, population, by)
        found = draft.results.find(analysis=kind, population=population)
        people, groups = name_of(population), column_name(by)
        if found:
            title = Text(f"{people.zh}，按{groups.zh}分组", f"{people.en}, by {in_sentence(groups).en}")
            yield Heading(title, f"restricted-means-{population}-{by}", 3)
        yield from or_withheld(bool(compared), _compared(draft, population, by, compared), found)


def _compared(draft: Draft, population: str, by: str, compared: list[UpTo]) -> Iterator[Block | None]:
    outcomes = dict.fromkeys(one.outcome for one in compared)
    for outcome in outcomes:
        yield means_paragraph(draft.results, population, by, outcome)
    # The caution of post-progression survival names an adjusted ratio, which is part of another question.
    cautions = dict.fromkeys(c for outcome in outcomes for c in cautions_for(population, by, outcome))
    yield from (Notice("caution", caution) for caution in cautions if caution != LEAD)
    yield Paragraph(EXPLORATORY_P)
    if any(one.difference is not None and one.difference.value is not None for one in compared):
        yield draft.figure(draw_means, population, by)
    yield draft.table(tabulate_means, population, by)


def horizon_limits(_protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """That nothing is known beyond the horizon, and that the data set the common one."""
    found = results.find(analysis=RESTRICTED_MEANS.kind, statistic=Statistic.RESTRICTED_MEAN_DIFFERENCE)
    if any(e.value is not None for e in found):
        yield _LIMITS, ()


_METHODS = Text(
    "限制性平均生存时间为至时限为止 Kaplan-Meier 曲线下的面积，不假定比例风险（Royston 与 Parmar，2013；Uno 等，2014）；以 Greenwood "
    "方差给出其 95% 置信区间、两组之差（正态近似）及其 *P* 值、两组之比（对数尺度）。时限为共同随访（两组最长随访中的较小者），"
    "并在两组随访均足够长时取预先规定的 12、24 与 36 个月。",
    "Restricted mean survival time is the area under the Kaplan-Meier curve up to a horizon and assumes no proportional hazards "
    "(Royston and Parmar 2013; Uno et al. 2014); its 95% limits, the difference of two groups with its *P* (normal) and their "
    "ratio (log scale) rest on Greenwood's variance. Horizons are the common follow-up (the smaller of the two groups' largest "
    "follow-ups) and, where both groups were followed that long, 12, 24 and 36 months, which were set beforehand.",
)
_LIMITS = Text(
    "限制性平均生存时间只反映时限之内的情况；共同随访由数据决定，其末段在险患者少。",
    "Restricted means say nothing of the time beyond their horizon; the common follow-up is set by the data, and few patients are at "
    "risk near its end.",
)
PARTS = Parts(
    (
        Section(
            means_section,
            Chapter("restricted_means", RESTRICTED_MEANS.kind.printed, strobe=(16,), strobe_also=(12, 17)),
        ),
    ),
    (Methods(where_done(RESTRICTED_MEANS.kind, _METHODS)),),
    (Limitation(Threat.ESTIMATES, horizon_limits),),
)
