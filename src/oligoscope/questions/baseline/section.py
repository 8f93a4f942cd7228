"""Baseline characteristics in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given, parts_used, was_done
from oligoscope.printing.sentences import joined, listed
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.baseline.question import BASELINE
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.baseline.words import baseline_paragraph
from oligoscope.results import analyses
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


def baseline_section(draft: Draft) -> Iterator[Block | None]:
    """The table of each population asked about, before and after matching side by side."""
    for population, by in draft.asked(analyses.BASELINE):
        found = draft.results.find(analysis=analyses.BASELINE, population=population, outcome=by)
        is_given = _has_baseline(draft.results, population, by)
        yield from or_withheld(is_given, _described(draft, population, by), found, name_of(population))


def _described(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    yield baseline_paragraph(draft.results, population, by)
    if population == "progressed" and _has_baseline(draft.results, MATCHED, by):
        yield draft.table(tabulate_baseline_before_after, population, MATCHED, by)
    elif population != MATCHED or not _has_baseline(draft.results, "progressed", by):
        yield draft.table(tabulate_baseline, population, by)


def _has_baseline(results: Results, population: str, by: str) -> bool:
    found = results.find(analysis=analyses.BASELINE, population=population, outcome=by)
    return any(e.value is not None for e in found)


_NUMBERS = {
    MethodPart.STUDENT_T: Text("*t* 检验", "Student's *t* test"),
    MethodPart.WELCH_T: Text("Welch *t* 检验", "Welch's *t* test"),
    MethodPart.MANN_WHITNEY: Text("Mann-Whitney *U* 检验", "the Mann-Whitney *U* test"),
    MethodPart.ANOVA: Text("单因素方差分析", "one-way analysis of variance"),
    MethodPart.WELCH_ANOVA: Text("Welch 方差分析", "Welch's analysis of variance"),
    MethodPart.KRUSKAL_WALLIS: Text("Kruskal-Wallis 检验", "the Kruskal-Wallis test"),
}


def baseline_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The tests by which the variables were compared, and the standardised differences, where there are any."""
    if not (protocol.asked(analyses.BASELINE) and was_done(analyses.BASELINE, results)):
        return
    used = parts_used(results, analyses.BASELINE, statistic=Statistic.P_VALUE)
    sentences = [_tests_of_categories(used), _tests_of_numbers(used)]
    if given(results, Statistic.SMD, analysis=analyses.BASELINE):
        sentences.append(Text("另报告标准化均数差。", "Standardised mean differences are also given."))
    yield joined(sentences)


def _tests_of_categories(used: frozenset[MethodPart]) -> Text:
    if not used & {MethodPart.CHI_SQUARE, *_EXACT}:
        return Text("", "")
    return joined([_tests_of_counts(used), _mid_p(used), _drawn_tables(used)])


_EXACT = (MethodPart.FISHER, MethodPart.FISHER_MID_P, MethodPart.FISHER_MONTE_CARLO)


def _tests_of_counts(used: frozenset[MethodPart]) -> Text:
    exact = not used.isdisjoint(_EXACT)
    if exact and MethodPart.CHI_SQUARE in used:
        return Text(
            "分类变量的组间比较采用 Pearson *χ*² 检验（期望频数低时采用 Fisher 精确检验）。",
            "Categorical variables were compared by Pearson's chi-square test (Fisher's exact test where expected counts were low).",
        )
    if exact:
        return Text(
            "分类变量的组间比较采用 Fisher 精确检验。",
            "Categorical variables were compared by Fisher's exact test.",
        )
    return Text(
        "分类变量的组间比较采用 Pearson *χ*² 检验。",
        "Categorical variables were compared by Pearson's chi-square test.",
    )


def _mid_p(used: frozenset[MethodPart]) -> Text:
    if MethodPart.FISHER_MID_P not in used:
        return Text("", "")
    return Text("其中四格表给出该检验的 mid-*P*。", "Of 2 x 2 tables the mid-*P* of that test is given.")


def _drawn_tables(used: frozenset[MethodPart]) -> Text:
    if MethodPart.FISHER_MONTE_CARLO not in used:
        return Text("", "")
    return Text(
        "列联表过大、无法逐一列举时，Fisher 精确检验的 *P* 值由 Monte Carlo 法估计（标准误不超过 0.0011）。",
        "Where a table was too large for all tables of its margins to be enumerated, *P* of Fisher's exact test was estimated by "
        "Monte Carlo (standard error 0.0011 at most).",
    )


def _tests_of_numbers(used: frozenset[MethodPart]) -> Text:
    tests = [name for part, name in _NUMBERS.items() if part in used]
    if not tests:
        return Text("", "")
    zh, en = (listed([test[language] for test in tests], language) for language in LANGUAGES)
    space = " " if zh[0].isascii() else ""
    return Text(
        f"连续变量的组间比较依正态性与方差齐性采用{space}{zh}。",
        f"Continuous variables were compared by {en}, according to normality and equality of variances.",
    )


PARTS = Parts(
    (Section(baseline_section, Chapter("baseline", BASELINE.kind.printed, strobe=(11, 14))),),
    (Methods(baseline_methods, compares_groups=True),),
)
