"""The texts of a forest plot: ratios, P values, and the whole in words."""

from __future__ import annotations

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.forest import Forest
from oligoscope.number_format import MISSING, STYLES, format_interval, format_number, format_p
from oligoscope.printing.cells import bracketed
from oligoscope.printing.table import each_language, same
from oligoscope.results.results import Estimate


def ratio_text(ratio: Estimate | None) -> Text:
    """`0.53 (0.34 to 0.84)`; a dash where it is withheld."""
    if ratio is None or ratio.value is None:
        return same(MISSING)

    def one(language: Language) -> str:
        style = STYLES[language]
        limits = format_interval(ratio.low, ratio.high, 2, style)
        return bracketed(format_number(ratio.value, 2, style), limits, language)

    return each_language(one)


def tests_given(tests: list[Estimate | None]) -> tuple[Estimate, ...]:
    """Those of the tests that were reported."""
    return tuple(e for e in tests if e is not None)


def p_text(p: Estimate | None) -> Text:
    """*P* in each language; blank where none was reported."""
    return same("") if p is None else each_language(lambda lang: format_p(p.value, STYLES[lang]))


def forest_in_words(forest: Forest, opening: Text) -> Text:
    """Every row in words: variable, level, the printed ratio."""

    def sentence(language: Language) -> str:
        lines, variable = [], ""
        for entry in forest.entries:
            if entry.is_heading:
                variable = entry.name[language]
                continue
            shown = [
                c[language] for c, column in zip(entry.cells, forest.columns, strict=True) if column.is_ratio
            ]
            lines.append(f"{variable} {entry.name[language]} {' / '.join(shown)}".strip())
        joined = ("；" if language == "zh" else "; ").join(lines)
        return {"zh": f"{opening.zh}。{joined}。", "en": f"{opening.en}. {joined}."}[language]

    return each_language(sentence)
