"""The groups at baseline, in words."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.bilingual import Count, Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.cells import comparison_of
from oligoscope.printing.matched_notes import is_matched
from oligoscope.printing.sentences import SIGNIFICANT, keys_of, p_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import variable_name


def baseline_paragraph(results: Results, population: str, by: str) -> Paragraph | None:
    """Which baseline variables differ between the groups (P < 0.05), with their P."""
    found = results.find(analysis=BASELINE, population=population, outcome=by)
    comparison = comparison_of(found)
    tested = [
        e for e in found if e.group == comparison and e.statistic == Statistic.P_VALUE and e.value is not None
    ]
    if not comparison or not tested:
        return None
    if is_matched(population):
        return Paragraph(BALANCE_IS_NO_P)
    differing = [e for e in tested if e.value is not None and e.value < SIGNIFICANT]
    statistics = {e.variable: statistic_of(found, e) for e in differing}
    text = _baseline_text(differing, statistics, len(tested))
    return Paragraph(text, keys_of(*differing, *statistics.values()))


def _baseline_text(
    differing: list[Estimate], statistics: Mapping[str, Estimate | None], n_tested: int
) -> Text:
    if not differing and n_tested == 1:
        return Text(
            "仅检验了一个基线变量，组间差异无统计学意义（*P*≥0.05）。",
            "The only baseline variable tested had no statistically significant difference between the groups (*P*≥0.05).",
        )
    if not differing:
        return Text(
            f"检验的 {n_tested} 个基线变量组间差异均无统计学意义（*P*≥0.05）。",
            f"Of the {Count(n_tested):baseline variable|baseline variables} tested, none had a statistically significant difference between the groups (*P*≥0.05).",
        )
    tests = [
        (variable_name(e.variable), each_language(lambda lang, e=e: p_words(e, lang, statistics[e.variable])))
        for e in differing
    ]
    zh = "、".join(f"{name.zh}（{test.zh}）" for name, test in tests)
    en = ", ".join(f"{in_sentence(name).en} ({test.en})" for name, test in tests)
    if n_tested == 1:
        return Text(
            f"仅检验了一个基线变量，组间差异有统计学意义（*P*<0.05）：{zh}。",
            f"The only baseline variable tested had a statistically significant difference between the groups (*P*<0.05): {en}.",
        )
    return Text(
        f"检验的 {n_tested} 个基线变量中，组间差异有统计学意义（*P*<0.05）的为{zh}。",
        f"Of the {Count(n_tested):baseline variable|baseline variables} tested, these had a statistically significant difference between the groups (*P*<0.05): {en}.",
    )


BALANCE_IS_NO_P = Text(
    "匹配后是否均衡以标准化均数差判断（见匹配一节），不以 *P* 值判断：*P* 值不小并不说明均衡。",
    "Whether matching balanced the groups is judged by standardised mean differences (section on matching), not by *P*: a "
    "*P* that is not small does not show balance.",
)
