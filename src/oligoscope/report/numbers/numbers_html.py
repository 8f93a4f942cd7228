"""The page of numbers as one self-contained HTML file: rows, reasons, patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from statistics import fmean

from oligoscope.bilingual import Language, Text
from oligoscope.number_format import format_number
from oligoscope.report.estimate_words import (
    group_words,
    level_of,
    variable_of,
)
from oligoscope.report.file_names import numbers_file, report_file
from oligoscope.report.html.html_page import PageFrame, html_page, inline, section
from oligoscope.report.html.number_links import row_anchor
from oligoscope.report.numbers.numbers_page import NumberRow, NumbersPage, NumberTable, PatientSet
from oligoscope.report.numbers.numbers_words import (
    AT_RISK,
    BACK,
    HEADS,
    HOW,
    OF,
    PATIENTS,
    READ,
    REASONS,
    SKIP,
)
from oligoscope.report.numbers.patient_lists import patient_lists
from oligoscope.results.made_from import Reason
from oligoscope.results.selection import Selection

ALWAYS = {"row", "statistic", "value", "n", "patients"}
ABOUT_RISK = {Reason.AT_RISK, Reason.FEWEST}
NUMERIC = {"row", "value", "low", "high", "n"}


def write_numbers_html(page: NumbersPage, language: Language) -> str:
    """The whole page, in one language; its links lead to the report beside it."""
    other: Language = "en" if language == "zh" else "zh"
    sections: list[tuple[str, Text, Iterator[str]]] = [("read", READ, _how(language))]
    for analysis, title, tables in page.analyses():
        sections.append((f"of-{analysis}", title, (_table(t, page, language) for t in tables)))
    if page.reasons:
        sections.append(("reasons", REASONS, _reasons(page.reasons, language)))
    if page.sets:
        sections.append(("patients", PATIENTS, patient_lists(page.sets, language)))
    report = report_file(language)
    frame = PageFrame(
        page.title, SKIP, tuple((id_, title) for id_, title, _ in sections), numbers_file(other), page.synthetic,
        ("style.css", "numbers.css"), f'<p class="to-report">{BACK[language].format(report, report)}</p>\n',
    )  # fmt: skip
    body = (section(id_, title, parts, language, synthetic=page.synthetic) for id_, title, parts in sections)
    return html_page(frame, "\n".join(body), language)


def _how(language: Language) -> Iterator[str]:
    for text in HOW:
        yield f"<p>{inline(text[language])}</p>"


def _reasons(reasons: tuple[Reason, ...], language: Language) -> Iterator[str]:
    items = (f'<dt id="{r.id}">{r.short[language]}</dt><dd>{r.full[language]}</dd>' for r in reasons)
    yield f"<dl>{''.join(items)}</dl>"


def _table(table: NumberTable, page: NumbersPage, language: Language) -> str:
    """One row a number; an empty column is left out."""
    cells = _cells(page, language)
    drawn = {name: [make(row) for row in table.rows] for name, make in cells.items()}
    names = [name for name in cells if name in ALWAYS or any(drawn[name])]
    head = "".join(f'<th scope="col"{_class(name)}>{HEADS[name][language]}</th>' for name in names)
    rows = "\n".join(
        f'<tr id="{row_anchor(row.row)}">{"".join(_cell(n, drawn[n][i], row) for n in names)}</tr>'
        for i, row in enumerate(table.rows)
    )
    title = inline(table.title[language])
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(table.title[language])}">\n'
        f"<table><caption><span>{title}</span></caption>\n<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )


def _cells(page: NumbersPage, language: Language) -> dict[str, Callable[[NumberRow], str]]:
    """How each column is made of a row."""
    return {
        "row": lambda r: str(r.row),
        "group": lambda r: inline(group_words(r.estimate)[language]),
        "variable": lambda r: inline(variable_of(r.estimate, page.rules)[language]),
        "level": lambda r: inline(level_of(r.estimate)[language]),
        "statistic": lambda r: inline(r.estimate.statistic.printed[language]),
        "value": lambda r: r.value,
        "low": lambda r: r.low,
        "high": lambda r: r.high,
        "n": lambda r: "" if r.estimate.n is None else str(r.estimate.n),
        "unit": lambda r: r.estimate.unit and r.estimate.unit.printed[language],
        "patients": lambda r: _patients(r, page, language),
        "method": lambda r: inline(r.estimate.method.printed[language]),
        "warning": lambda r: inline(r.estimate.warning.printed[language]),
    }


def _cell(name: str, text: str, row: NumberRow) -> str:
    if name != "row":
        return f"<td{_class(name)}>{text}</td>"
    keys = escape(" | ".join(row.estimate.key))
    return f'<th scope="row" class="number" title="{keys}">{text}</th>'


def _class(name: str) -> str:
    return ' class="number"' if name in NUMERIC else f' class="{name}"'


def _patients(row: NumberRow, page: NumbersPage, language: Language) -> str:
    """Those counted of those the number is made from, those at risk, and why it may be otherwise."""
    made_from = row.patients
    parts: list[str] = []
    if made_from.patients is not None:
        everyone = _link(made_from.patients, page)
        if made_from.counted is None or made_from.counted == made_from.patients:
            parts.append(everyone)
        else:
            counted = _link(made_from.counted, page)
            of = OF[language]
            parts.append(f"{counted}{of}{everyone}")
        if made_from.at_risk is not None:
            why = next(r for r in made_from.reasons if r in ABOUT_RISK)
            parts.append(AT_RISK[language].format(why.id, _link(made_from.at_risk, page)))
    others = (r for r in made_from.reasons if r not in ABOUT_RISK)
    parts += [f'<a class="why" href="#{r.id}">{r.short[language]}</a>' for r in others]
    return "<br>".join(parts)


def _link(selection: Selection, page: NumbersPage) -> str:
    """How many there are, as a link to their list; after matching the mean over the imputations."""
    found: PatientSet | None = page.places.get(selection)
    if found is None:
        return "0"
    mean = fmean(found.members.counts)
    shown = format_number(mean, 0 if mean == round(mean) else 1)
    return f'<a href="#patients-{found.number}">{shown}</a>'
