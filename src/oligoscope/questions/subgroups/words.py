"""Whether a ratio is the same in all subgroups, in words."""

from __future__ import annotations

from typing import Any

from oligoscope.bilingual import Count, Text
from oligoscope.printing.blocks import Paragraph
from oligoscope.printing.sentences import is_significant, keys_of, p_words
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, variable_name


def subgroups_paragraph(results: Results, population: str, outcome: str) -> Paragraph | None:
    """Whether the comparison differs between subgroups."""
    keys: dict[str, Any] = {"analysis": SUBGROUPS, "population": population, "outcome": outcome}
    found = results.find(
        **keys, statistic=Statistic.P_VALUE_INTERACTION
    )  # crude; those adjusted are in the figure
    tests = [e for e in found if e.value is not None]
    if not tests:
        return None
    clear = [e for e in tests if is_significant(e)]
    n, what = len(tests), in_sentence(column_name(outcome))
    if not clear:
        least = min(tests, key=lambda e: e.value or 0)
        name = in_sentence(variable_name(least.variable))
        if n == 1:
            return Paragraph(_one_tested(least, what), keys_of(least))
        text = Text(
            f"检验的 {n} 个变量与分组对{what.zh}的交互作用均无统计学意义（*P* 值最小者为{name.zh}，{p_words(least, 'zh')}）；"
            "交互检验的检验效能低，不能据此认为各亚组的关联相同。",
            f"Of the {Count(n):variable|variables} tested, none had a statistically significant interaction with the groups in {what.en} (the smallest *P* "
            f"is that of {name.en}, {p_words(least, 'en')}); such tests have little power: this does not show that the association is the same in all.",
        )
        return Paragraph(text, keys_of(least))
    if n == 1:
        return Paragraph(_one_tested(clear[0], what), keys_of(*clear))
    zh = "、".join(f"{variable_name(e.variable).zh}（{p_words(e, 'zh')}）" for e in clear)
    en = ", ".join(f"{in_sentence(variable_name(e.variable)).en} ({p_words(e, 'en')})" for e in clear)
    text = Text(
        f"检验的 {n} 个变量中，与分组对{what.zh}的交互作用有统计学意义的为{zh}。",
        f"Of the {Count(n):variable|variables} tested, these had a statistically significant interaction with the groups in {what.en}: {en}.",
    )
    return Paragraph(text, keys_of(*clear))


def _one_tested(test: Estimate, what: Text) -> Text:
    """Of the only variable that could be tested."""
    name = in_sentence(variable_name(test.variable))
    if is_significant(test):
        return Text(
            f"仅检验了{name.zh}一个变量，其与分组对{what.zh}的交互作用有统计学意义（{p_words(test, 'zh')}）。",
            f"The only variable tested, {name.en}, had a statistically significant interaction with the groups in {what.en} "
            f"({p_words(test, 'en')}).",
        )
    return Text(
        f"仅检验了{name.zh}一个变量，其与分组对{what.zh}的交互作用无统计学意义（{p_words(test, 'zh')}）；"
        "交互检验的检验效能低，不能据此认为各亚组的关联相同。",
        f"The only variable tested, {name.en}, had no statistically significant interaction with the groups in {what.en} "
        f"({p_words(test, 'en')}); such tests have little power: this does not show that the association is the same in all.",
    )
