"""What sentences about estimates share: keys, lists, directions, ratios with their limits."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import LANGUAGES, Language, Text, join_texts
from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.printing.cells import interval_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_words
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import ALL, in_sentence

SIGNIFICANT = 0.05


def keys_of(*estimates: Estimate | None) -> tuple[tuple[str, ...], ...]:
    """Keys of the estimates that were reported."""
    return tuple(e.key for e in estimates if e is not None)


def joined(sentences: list[Text]) -> Text:
    """Whole sentences after one another."""
    return join_texts(sentences, "", " ")


def is_significant(p: Estimate | None) -> bool:
    """Whether a P was given and lies below 0.05."""
    return p is not None and p.value is not None and p.value < SIGNIFICANT


def includes_one(ratio: Estimate) -> bool:
    """Whether the limits of a ratio include 1."""
    return ratio.low is not None and ratio.high is not None and ratio.low <= 1 <= ratio.high


def ratio_words(
    letters: str, ratio: Estimate, p: Estimate | None, language: Language, statistic: Estimate | None = None
) -> str:
    """`OR 0.50, 95% CI 0.35 to 0.72; P<0.001`, or `OR=0.50，95%CI：0.35~0.72；P<0.001`."""
    value, limits = format_number(ratio.value, 2), interval_words(ratio.low, ratio.high, 2, language)
    test = "" if p is None or p.value is None else p_words(p, language, statistic)
    zh = f"{letters}={value}，{limits}" + (f"；{test}" if test else "")
    en = f"{letters} {value}, {limits}" + (f"; {test}" if test else "")
    return zh if language == "zh" else en


def ratio_text(letters: str, ratio: Estimate, p: Estimate | None, statistic: Estimate | None = None) -> Text:
    """`ratio_words` in both languages."""
    return each_language(lambda lang: ratio_words(letters, ratio, p, lang, statistic))


def changing_in_brackets(ratio: Estimate) -> Text:
    """That a ratio changes with time and is an average, in brackets after it; blank where it does not."""
    if not ratio.warning.has(WarningCode.NON_PROPORTIONAL):
        return Text("", "")
    return Text("（该 HR 随时间改变，为平均值）", " (an average: this HR changes with time)")


def changing_text(ratio: Estimate | None, test: Estimate | None) -> Text:
    """That a ratio changes with time and is an average, with the *P* of the test; blank where it does not."""
    if ratio is None or ratio.value is None or not ratio.warning.has(WarningCode.NON_PROPORTIONAL):
        return Text("", "")
    p = Text("*P*<0.05", "*P*<0.05")
    if test is not None and test.value is not None:
        p = each_language(lambda language: p_words(test, language))
    return Text(
        f"该风险比随时间改变（比例风险检验，{p.zh}），仅为随访期内的平均，其大小受随访与删失影响。",
        f"This hazard ratio changes with time (test of proportional hazards, {p.en}) and is an average that depends on follow-up and censoring.",
    )


FEWEST = 20  # fewer patients are counted, not given in per cent


def is_of_few(share: Estimate) -> bool:
    """Whether a share is of so few patients that it is printed as a count."""
    return share.n is not None and share.n < FEWEST and share.value is not None


def percent_text(share: Estimate) -> str:
    """A share; of few patients as a count of them, for a percentage would be too exact."""
    if is_of_few(share):
        return f"{round((share.value or 0) * (share.n or 0) / 100)}/{share.n}"
    return f"{format_number(share.value, 1)}%"


def listed(parts: list[str], language: Language) -> str:
    """A list as each language writes it: `a, b and c`."""
    if language == "zh":
        return "、".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def listed_names(names: Iterable[Text]) -> Text:
    """Names in a list inside a sentence, in both languages."""
    found = [in_sentence(name) for name in names]
    return Text(*(listed([name[language] for name in found], language) for language in LANGUAGES))


def groups_with_patients(results: Results, analysis: Analysis, population: str, by: str) -> list[str]:
    """The groups of an analysis that hold a patient."""
    found = results.find(
        analysis=analysis, population=population, outcome=by, statistic=Statistic.N, variable=""
    )
    return [e.group for e in found if e.group != ALL and e.value]


def p_words(estimate: Estimate, language: Language, statistic: Estimate | None = None) -> str:
    """`*P*=0.012` in the style of the language; where that asks for it, after its statistic: `*χ*²=6.310，*P*=0.012`."""
    shown = f"*P*{equals_p(estimate.value, STYLES[language])}"
    if statistic is None or not STYLES[language].test_statistics:
        return shown
    return f"{statistic_words(statistic)}{'，' if language == 'zh' else ', '}{shown}"
