"""Gates set beforehand that were not passed, as sentences; with the next better choice where one was found."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.matched_notes import is_of_several
from oligoscope.printing.method_texts import matching_words
from oligoscope.results.analyses import MATCHING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic


def gate_sentences(results: Results) -> tuple[Text, ...]:
    """One sentence for each failed gate of the matching."""
    found = results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD)
    better = next((e for e in found if e.variable == "next_better_choice" and not e.warning), None)
    advice = Text("", "")
    if better is not None:
        value, words = format_number(better.value, 3), matching_words(better.method)
        mean = Text("各插补平均 |SMD| ", "mean |SMD|") if is_of_several(results) else Text("|SMD| ", "|SMD|")
        advice = Text(
            f"另有一种匹配可达到该标准（{mean.zh}的最大值为 {value}）：{words.zh}。",
            f" Another matching would meet the limit (largest {mean.en} {value}): {words.en}.",
        )
    sentences = []
    for estimate in found:
        if estimate.warning and not estimate.variable:
            why = estimate.warning.printed
            sentences.append(
                Text(
                    f"{why.zh}。{advice.zh}",
                    f"{why.en[:1].upper()}{why.en[1:]}.{advice.en}",
                )
            )
    return tuple(sentences)
