"""The page of numbers as one self-contained HTML file: rows, reasons, patients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape

from oligoscope.bilingual import Count, Language, Text
from oligoscope.plain_text import plain
from oligoscope.report.file_names import numbers_file, report_file
from oligoscope.report.html.html import row_anchor
from oligoscope.report.html.html_page import PageFrame, html_page, inline, scrolled, section
from oligoscope.report.labels import COLON
from oligoscope.report.numbers.numbers_page import NumberRow, NumbersPage, NumberTable, PatientSet
from oligoscope.report.numbers.patients_found import LISTED_FIRST, LISTED_WHOLE, Members
from oligoscope.results.made_from import Reason
from oligoscope.results.selection import Selection
from oligoscope.study.vocabulary import name_of

ALWAYS = {"row", "statistic", "value", "n", "patients"}
ABOUT_RISK = {Reason.AT_RISK, Reason.FEWEST}
NUMERIC = {"row", "value", "low", "high", "n"}
SINGLE_COUNTS = 10  # so many imputations are counted one by one; of more, the fewest and the most
STATIONS = ("screened", "treated", "progressed", "matched")
SKIP = Text("跳到数字", "Skip to the numbers")
READ = Text("怎样读这一页", "How to read this page")
BACK = Text('报告：<a href="{}">{}</a>。', 'The report: <a href="{}">{}</a>.')
HOW: tuple[Text, ...] = (
    Text(
        "每一行就是 results.csv 的一行。行号按电子表格计数，表头为第 1 行；数值、下限、上限与 n 逐位照录，未作舍入。"
        "各组默认折叠，点击标题展开，或用上方的查找框。鼠标停在行号上可见该行的七个键；各方法的定义、出处与对应的 R 语句见 docs/methods.md。",
        "Each row is a row of results.csv. Row numbers are those of a spreadsheet, where the head is row 1; value, "
        "low, high and n are given digit by digit as stored. Groups are closed: click a title, or use the search box. The seven keys of a row show on its row number; every method, "
        "with its source and its line of R, is in docs/methods.md.",
    ),
    Text(
        "“患者”一栏中的数字链接到名单：“163 / 289”指 289 例患者中计入 163 例；“在险”指 n 只计该时点仍在随访者。"
        "名单中找到的人数必须与 n 相等，否则不列名单，或以一条写明的原因说明。",
        "A number under “Patients” leads to the list of them: “163 of 289” counts 163 of 289 patients; “at risk” are those "
        "whom n counts because they were still followed. As many patients must be found as n says; where they are not, "
        "no patient is named, or a stated reason says why.",
    ),
    Text(
        "每组患者都写成 patients.csv 各列上的条件（其他文件在方括号中注明），可在 Excel 中逐列筛选，也可写成程序："
        "“in [a, b]”为其中之一，“has”为以分号隔开的词之一，“is blank”为空白；日期相减得天数；一个月为 30.4375 天。",
        "Each set of patients is written as a condition on columns of patients.csv (another file is named in square "
        "brackets), to be repeated with filters in Excel or in code: “in [a, b]” is one of these, “has” one of the words "
        "separated by semicolons, “is blank” an empty cell; one date less another gives days; a month is 30.4375 days.",
    ),
    Text(
        f"不超过 {LISTED_WHOLE} 例的名单完整列出，更长的只列前 {LISTED_FIRST} 例；单个患者的病程与判定依据用命令 oligoscope patient 查看。",
        f"Lists of up to {LISTED_WHOLE} patients are complete; of longer ones the first {LISTED_FIRST} are given. The command "
        "oligoscope patient shows the course of one patient and the reason of every label.",
    ),
)
REASONS = Text("人数与 n 不同，或不列名单的原因", "Why patients differ from n, or are not listed")
PATIENTS = Text("患者名单", "Lists of patients")
EVERY_ROW = Text("patients.csv 的全部行", "Every row of patients.csv")
IN_PAIRS = Text(
    "matched_pairs.csv 中同一插补（imputation）的 patient_id 与 matched_with，并满足：",
    "patient_id and matched_with of one imputation in matched_pairs.csv, and:",
)
ROWS_IN = Text("{} 行", "{:row|rows}")
LISTS = Text("{} 份名单", "{:list|lists}")
# Shown by the script that searches; without it every group can be opened by hand.
SEARCH = Text(
    '<div class="search" role="search" hidden><label for="search">查找（变量、分组、统计量、行号、研究编号等）</label>'
    '<input id="search" type="search" autocomplete="off"><output for="search" data-found="找到 {} 处"></output></div>',
    '<div class="search" role="search" hidden><label for="search">Find (variable, group, statistic, row, patient, …)</label>'
    '<input id="search" type="search" autocomplete="off"><output for="search" data-found="{} found"></output></div>',
)
COUNT = Text("{} 例", "{:patient|patients}")
OF_IMPUTATIONS = Text(
    "各插补 {} 例；不同的患者共 {} 例", "{} patients by imputation; {:different one|different ones}"
)
LISTED = Text("患者编号", "Patient numbers")
LISTED_PART = Text("前 {} 例的患者编号", "Numbers of the first {:patient|patients}")
NOT_EVERYWHERE = Text(
    "括号内为该患者所在的插补；无括号者在所有插补中。",
    "Brackets hold the imputations a patient is in; those without are in all of them.",
)
SAME = Text(
    '与<a href="#patients-{0}">名单 {0}</a>为同一批患者。',
    'The same patients as in <a href="#patients-{0}">list {0}</a>.',
)
OF = Text(" / ", " of ")
AT_RISK = Text('<a class="why" href="#{}">在险</a> {}', '<a class="why" href="#{}">at risk</a> {}')


def write_numbers_html(page: NumbersPage, language: Language) -> str:
    """The whole page, in one language; its links lead to the report beside it."""
    other: Language = "en" if language == "zh" else "zh"
    how = (f"<p>{inline(text[language])}</p>" for text in HOW)
    sections: list[tuple[str, Text, Iterator[str]]] = [("read", READ, how)]
    for analysis, title, tables in page.analyses():
        sections.append((f"of-{analysis}", title, map(partial(_table, title, page, language), tables)))
    if page.reasons:
        sections.append(("reasons", REASONS, _reasons(page.reasons, language)))
    if page.sets:
        sections.append(("patients", PATIENTS, patient_lists(page.sets, language)))
    report = report_file(language)
    frame = PageFrame(
        page.title, SKIP, tuple((id_, title) for id_, title, _ in sections), numbers_file(other), page.synthetic,
        ("style.css", "numbers.css"), f'<p class="to-report">{BACK[language].format(report, report)}</p>\n',
        SEARCH[language], "numbers.js",
    )  # fmt: skip
    body = (section(id_, title, parts, language, synthetic=page.synthetic) for id_, title, parts in sections)
    return html_page(frame, "\n".join(body), language)


def _reasons(reasons: tuple[Reason, ...], language: Language) -> Iterator[str]:
    items = (f'<dt id="{r.id}">{r.short[language]}</dt><dd>{r.full[language]}</dd>' for r in reasons)
    yield f"<dl>{''.join(items)}</dl>"


def _table(analysis: Text, page: NumbersPage, language: Language, table: NumberTable) -> str:
    """One row a number; an empty column is left out."""
    drawn = {name: [make(row, page, language) for row in table.rows] for name, (_, make) in COLUMNS.items()}
    names = [name for name in COLUMNS if name in ALWAYS or any(drawn[name])]
    head = "".join(f'<th scope="col"{_class(name)}>{COLUMNS[name][0][language]}</th>' for name in names)
    rows = "\n".join(
        f'<tr id="{row_anchor(row.row)}">{"".join(_cell(n, drawn[n][i], row) for n in names)}</tr>'
        for i, row in enumerate(table.rows)
    )
    title = inline(table.title[language])
    markup = f"<table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>"
    name = f"{plain(analysis[language])}{COLON[language]}{plain(table.title[language])}"
    shown = scrolled(markup, escape(name), language)
    return _group(title, ROWS_IN[language].format(Count(len(table.rows))), shown)


def _group(title: str, size: str, content: str) -> str:
    """A part of the page that is closed until it is asked for, by a click, a link into it or a search."""
    return f'<details class="group"><summary>{title} <small>{size}</small></summary>\n{content}\n</details>'


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
    """How many there are, as a link to their list."""
    found = page.places.get(selection)
    return "0" if found is None else f'<a href="#patients-{found.number}">{found.size}</a>'


# Each column with its head and its cell of a row.
COLUMNS: dict[str, tuple[Text, Callable[[NumberRow, NumbersPage, Language], str]]] = {
    "row": (Text("行", "Row"), lambda r, _page, _lang: str(r.row)),
    "group": (Text("分组", "Group"), lambda r, _page, lang: inline(r.group[lang])),
    "variable": (
        Text("变量", "Variable"),
        lambda r, _page, lang: inline(r.variable[lang]),
    ),
    "level": (Text("水平", "Level"), lambda r, _page, lang: inline(r.level[lang])),
    "statistic": (
        Text("统计量", "Statistic"),
        lambda r, _page, lang: inline(r.estimate.statistic.printed[lang]),
    ),
    "value": (Text("数值", "Value"), lambda r, _page, _lang: r.value),
    "low": (Text("下限", "Low"), lambda r, _page, _lang: r.low),
    "high": (Text("上限", "High"), lambda r, _page, _lang: r.high),
    "n": (Text("n", "n"), lambda r, _page, _lang: "" if r.estimate.n is None else str(r.estimate.n)),
    "unit": (Text("单位", "Unit"), lambda r, _page, lang: r.estimate.unit and r.estimate.unit.printed[lang]),
    "patients": (Text("患者", "Patients"), _patients),
    "method": (Text("方法", "Method"), lambda r, _page, lang: inline(r.method[lang])),
    "warning": (Text("提示", "Warning"), lambda r, _page, lang: inline(r.warning[lang])),
}


# ---- lists of patients ----------------------------------------------------------------------------


def patient_lists(sets: Iterable[PatientSet], language: Language) -> Iterator[str]:
    """Every set, those of one population together."""
    by_station: dict[str, list[PatientSet]] = {name: [] for name in STATIONS}
    for one in sets:
        by_station[_station(one)].append(one)
    for name, found in by_station.items():
        if found:
            lists = "\n".join(_set(one, language) for one in found)
            title = f'<span id="patients-{name}">{name_of(name)[language]}</span>'
            yield _group(title, LISTS[language].format(Count(len(found))), lists)


def _station(one: PatientSet) -> str:
    if one.selection.matched:
        return "matched"
    first = next((t for t in one.selection.shared if t.column == "population"), None)
    return "screened" if first is None else first.words[0]


def _set(one: PatientSet, language: Language) -> str:
    title = inline(one.words[language] or EVERY_ROW[language])
    code = f"<code>{escape(one.condition)}</code>" if one.condition else EVERY_ROW[language]
    pairs = f"{IN_PAIRS[language]} " if one.selection.matched else ""
    return (
        f'<div class="patients" id="patients-{one.number}"><h4>{one.number}. {title}</h4>'
        f"<p>{_count(one.members, language)}</p><p>{pairs}{code}</p>{_listed(one, language)}</div>"
    )


def _count(members: Members, language: Language) -> str:
    counts = members.counts
    if len(counts) < 2:
        return COUNT[language].format(*map(Count, counts))
    shown = ", ".join(map(str, counts)) if len(counts) <= SINGLE_COUNTS else f"{min(counts)}–{max(counts)}"
    return OF_IMPUTATIONS[language].format(shown, Count(members.n_different))


def _listed(one: PatientSet, language: Language) -> str:
    if one.same_as is not None:
        return f"<p>{SAME[language].format(one.same_as)}</p>"
    members = one.members
    whole = len(members.ids) == members.n_different
    summary = LISTED[language] if whole else LISTED_PART[language].format(Count(len(members.ids)))
    note = f"<p>{NOT_EVERYWHERE[language]}</p>" if any(members.imputations) else ""
    return f'<details><summary>{summary}</summary>{note}<p class="ids">{_ids(members)}</p></details>'


def _ids(members: Members) -> str:
    if not members.imputations:
        return escape(", ".join(members.ids))
    pairs = zip(members.ids, members.imputations, strict=True)
    return escape(
        ", ".join(i + (f" ({', '.join(map(str, within))})" if within else "") for i, within in pairs)
    )
