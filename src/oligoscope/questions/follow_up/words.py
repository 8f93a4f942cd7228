"""How long patients were followed, in words."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import interval
from oligoscope.printing.sentences import joined, keys_of
from oligoscope.results.analyses import FOLLOW_UP
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

# ---- follow-up, imputation ------------------------------------------------------------------------


def follow_up_paragraph(results: Results) -> Paragraph | None:
    """Median follow-up of each population that was asked for."""
    found = results.find(analysis=FOLLOW_UP, statistic=Statistic.MEDIAN)
    sentences = []
    for e in found:
        people = name_of(e.population)
        limits = Text(interval(e.low, e.high, 1, "zh"), interval(e.low, e.high, 1, "en"))
        if e.value is None:
            sentences.append(
                Text(
                    f"{people.zh}的中位随访时间未达到（95%CI：{limits.zh}；反向 Kaplan-Meier 法）。",
                    f"Median follow-up of the {in_sentence(people).en} was not reached (95% CI {limits.en}; reverse Kaplan-Meier method).",
                )
            )
            continue
        value = format_number(e.value, 1)
        sentences.append(
            Text(
                f"{people.zh}的中位随访时间为 {value} 个月（95%CI：{limits.zh}；反向 Kaplan-Meier 法）。",
                f"Median follow-up of the {in_sentence(people).en} was {value} months (95% CI {limits.en}; reverse Kaplan-Meier method).",
            )
        )
    return Paragraph(joined(sentences), keys_of(*found)) if sentences else None
