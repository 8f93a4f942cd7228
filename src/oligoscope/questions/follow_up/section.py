"""How long patients were followed, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.cells import interval_words
from oligoscope.printing.chapters import PATIENTS
from oligoscope.printing.document_parts import Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import where_done
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.printing.table import each_language
from oligoscope.results import analyses
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of


def follow_up_section(draft: Draft) -> Iterator[Block | None]:
    """Median follow-up of each population."""
    yield follow_up_paragraph(draft.results)


def follow_up_paragraph(results: Results) -> Paragraph | None:
    """Median follow-up of each population that was asked for."""
    found = results.find(analysis=analyses.FOLLOW_UP, statistic=Statistic.MEDIAN)
    return Paragraph(joined([_median_text(e) for e in found]), keys_of(*found)) if found else None


def follow_up_in_short(results: Results) -> Paragraph | None:
    """Median follow-up of the treated, else of the first population that was asked for."""
    found = results.find(analysis=analyses.FOLLOW_UP, statistic=Statistic.MEDIAN)
    mine = next((e for e in found if e.population == "treated"), found[0] if found else None)
    if mine is None or mine.value is None:
        return None
    value = format_number(mine.value, 1)
    limits = each_language(lambda lang: interval_words(mine.low, mine.high, 1, lang))
    text = Text(
        f"中位随访时间为 {value} 个月（{limits.zh}；反向 Kaplan-Meier 法）。",
        f"Median follow-up was {value} months ({limits.en}; reverse Kaplan-Meier).",
    )
    return Paragraph(text, keys_of(mine))


def _median_text(e: Estimate) -> Text:
    people, limits = name_of(e.population), each_language(lambda lang: interval_words(e.low, e.high, 1, lang))
    if e.value is None:
        return Text(
            f"{people.zh}的中位随访时间未达到（{limits.zh}；反向 Kaplan-Meier 法）。",
            f"Median follow-up of the {in_sentence(people).en} was not reached ({limits.en}; reverse Kaplan-Meier method).",
        )
    value = format_number(e.value, 1)
    return Text(
        f"{people.zh}的中位随访时间为 {value} 个月（{limits.zh}；反向 Kaplan-Meier 法）。",
        f"Median follow-up of the {in_sentence(people).en} was {value} months ({limits.en}; reverse Kaplan-Meier method).",
    )


METHODS = Text(
    "中位随访时间用反向 Kaplan-Meier 法估计。",
    "Median follow-up was estimated by the reverse Kaplan-Meier method.",
)
PARTS = Parts(
    (Section(follow_up_section, PATIENTS),),
    (Methods(where_done(analyses.FOLLOW_UP, METHODS), after="weighting"),),
)
