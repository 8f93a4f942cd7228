"""The page "What I understood": ten lines to sign, and below them, folded, all that they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import polars as pl

from oligoscope.bilingual import LANGUAGES, Language, Text, as_written
from oligoscope.intake.files.raw_table import ROW, SOURCE
from oligoscope.printing.blocks import Block, Document, Heading, Notice, Numbering, Paragraph, TableBlock
from oligoscope.printing.left_out import LeftOut
from oligoscope.printing.table import Row, Table, left, row_of, same
from oligoscope.report.check.taken import NOT_READ, TableTaken
from oligoscope.report.check.ten_lines import Understood, lacking, ten_lines
from oligoscope.report.check.three_patients import Chosen
from oligoscope.report.html.html import write_html
from oligoscope.report.patient.patient_page import patient_page
from oligoscope.report.patient.patient_tables import (
    tabulate_labels,
    tabulate_lesions,
    tabulate_progression,
    tabulate_reasons,
    tabulate_visits,
)
from oligoscope.study.schemas import TABLES, StudyTables

MOST_ROWS = 500  # of a folded table
_MOST_RAW = 60  # rows of one patient and table
_PRIVATE = Text(
    "本页含患者编号，只在本单位内部使用，请勿外传。请逐行核对：与您的理解不一致之处即为需要改正之处。",
    "This page holds patients' numbers: keep it inside the hospital. Read each line; where it is not what you mean, "
    "something has to be corrected.",
)
_EMPTY = Text("\u3000", "\u00a0")


def understood_file(language: Language) -> str:
    """Name of the page in a language."""
    return f"understood.{language}.html"


def understood_pages(found: Understood, tables: StudyTables, left_out: LeftOut) -> dict[str, bytes]:
    """The page in both languages, by the name of its file.

    Args:
        found: What was understood.
        tables: The typed tables.
        left_out: Takes the parts of the page that fail.
    """
    document = build_understood(found, tables, left_out)
    return {
        understood_file(language): _with_room(write_html(document, language, understood_file(other))).encode()
        for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True)
    }


def _with_room(page: str) -> str:
    """Room for a signature by hand."""
    return page.replace(
        "</style>", "#table-signature td, #table-signature tbody th { height: 3.5rem; }\n</style>", 1
    )


def build_understood(found: Understood, tables: StudyTables, left_out: LeftOut | None = None) -> Document:
    """The page as headings, tables and sentences."""
    title = found.protocol.study.title.printed
    numbers = Numbering(left_out)
    blocks: tuple[Block, ...] = (
        Heading(Text("请核对并签名", "Read and sign"), "sign"),
        Notice("disclaimer", _PRIVATE),
        TableBlock(_ten(found)),
        TableBlock(_signature()),
        Heading(Text("依据", "Basis of the lines"), "details"),
        *numbers.section(Text("明细", "the details"), _details, found),
        Heading(Text("请核对的患者", "Patients to check"), "patients"),
        *(
            b
            for one in found.chosen
            for b in numbers.section(Text("患者", "a patient"), _patient, one, found, tables)
        ),
        *([] if found.chosen else [Paragraph(Text("尚不能给出。", "None can be shown yet."))]),
    )
    return Document(
        Text(f"检查结果确认：{title.zh}", f"What I understood: {title.en}"),
        blocks,
        found.protocol.study.synthetic,
    )


def _ten(found: Understood) -> Table:
    rows = tuple(
        row_of(Text(f"{n}. {name.zh}", f"{n}. {name.en}"), said)
        for n, (name, said) in enumerate(ten_lines(found), 1)
    )
    heads = left(Text("项目", "Item"), Text("我的理解", "What I understood"))
    return Table("ten_lines", Text("本研究数据的理解，共十行", "These data in ten lines"), heads, rows)


def _signature() -> Table:
    rows = (row_of(Text("核对人", "Read by"), _EMPTY, _EMPTY, _EMPTY),)
    heads = left(Text("角色", "Role"), Text("姓名", "Name"), Text("日期", "Date"), Text("签名", "Signature"))
    return Table(
        "signature",
        Text("以上十行与本研究的数据一致", "The ten lines above agree with these data"),
        heads,
        rows,
    )


# ---- what the lines rest on ---------------------------------------------------------------------------


def _details(found: Understood) -> Iterator[Block]:
    for table in (
        _sheets(found),
        _columns(found),
        _words(found, places=False),
        _words(found, places=True),
        _flow(found),
        _lost(found),
    ):
        if table.rows:
            yield TableBlock(table, is_folded=True)


def _sheets(found: Understood) -> Table:
    rows = []
    for taken in found.tables:
        for shape in taken.raw.shapes:
            n = taken.raw.frame.filter(pl.col(SOURCE) == shape.source).height
            out = [row.row for row in shape.left_out]
            at = ", ".join(map(str, out[:10])) + (" …" if len(out) > 10 else "")
            rows.append(row_of(
                as_written(shape.source), TABLES[taken.raw.name].label, same(", ".join(map(str, shape.header_rows))), same(str(n)),
                same(at or "–"), same(str(sum(f.n for f in (*shape.merged, *shape.filled_down)) or "–")),
                shape.wide if shape.wide.en else same("–"),
            ))  # fmt: skip
    heads = left(
        Text("文件或工作表", "File or sheet"), Text("作为", "Read as"), Text("表头行", "Header in row"), Text("数据行数", "Rows of data"),
        Text("未读入的行", "Rows not read"), Text("补填的单元格", "Cells filled"), Text("宽表", "Columns of scans"),
    )  # fmt: skip
    return Table("sheets", Text("文件与工作表", "Files and sheets"), heads, tuple(rows))


def _columns(found: Understood) -> Table:
    rows: list[Row] = []
    for taken in found.tables:
        table = TABLES[taken.raw.name].label
        for match in taken.matches.found:
            shown = as_written(match.shown) if match.headers else as_written(f"= {match.constant}")
            rows.append(row_of(shown, table, match.column.printed, same(match.column.name)))
        for header in taken.matches.extra:
            rows.append(
                row_of(as_written(header), table, Text("作为协变量保留", "kept as a covariate"), same("–"))
            )
        for header in taken.left:
            rows.append(row_of(as_written(header), table, Text("未读入", "not read"), same("–")))
    heads = left(
        Text("文件中的列", "Column of the file"),
        Text("表", "Table"),
        Text("读作", "Read as"),
        Text("代码", "Code"),
    )
    return Table("columns", Text("列", "Columns"), heads, tuple(rows[:MOST_ROWS]))


def _words(found: Understood, *, places: bool) -> Table:
    words = [w for t in found.tables for w in t.words if w.is_place is places]
    words.sort(key=lambda w: (w.is_read, w.column.name, -w.n))
    rows = tuple(
        row_of(as_written(w.word), w.taken if w.is_read else NOT_READ, same(str(w.n)), as_written(w.shown)) for w in words[:MOST_ROWS]
    )  # fmt: skip
    heads = left(
        Text("原词", "Word"), Text("读作", "Read as"), Text("单元格数", "Cells"), Text("列", "Column")
    )
    title = Text("部位用词", "Words of places") if places else Text("用词", "Words")
    note = Text(f"另有 {len(words) - MOST_ROWS} 种。", f"{len(words) - MOST_ROWS} more.")
    return Table(
        "places" if places else "words", title, heads, rows, (note,) if len(words) > MOST_ROWS else ()
    )


def _flow(found: Understood) -> Table:
    steps = found.run.cohort.flow.steps if found.run else ()
    rows = tuple(
        row_of(step.sentence, same(str(step.n_before)), same(str(step.n_excluded)), same(str(step.n_not_assessable)))
        for step in steps
    )  # fmt: skip
    heads = left(
        Text("规则", "Rule"), Text("适用", "Applied to"), Text("排除", "Excluded"), Text("无法判断（保留）", "Not assessable (kept)"),
    )  # fmt: skip
    return Table("flow", Text("纳入与排除", "Inclusion and exclusion"), heads, rows)


def _lost(found: Understood) -> Table:
    rows = tuple(
        row_of(column.label, table, same(column.name), column.lost_without) for table, column in lacking(found) if column.lost_without
    )  # fmt: skip
    heads = left(
        Text("缺的列", "Absent column"),
        Text("表", "Table"),
        Text("代码", "Code"),
        Text("因此不能", "What is lost"),
    )
    return Table(
        "lacking", Text("因缺列而不能做的", "What cannot be done because a column is absent"), heads, rows
    )


# ---- patients -----------------------------------------------------------------------------------------


def _patient(one: Chosen, found: Understood, tables: StudyTables) -> Iterator[Block]:
    """From the raw rows to the labels."""
    name = as_written(one.patient_id)
    yield Heading(Text(f"患者 {name.zh}", f"Patient {name.en}"), f"patient-{escape(one.patient_id)}", 3)
    yield Paragraph(one.why)
    for table in found.tables:
        raw = _raw_rows(table, one.patient_id)
        if raw is not None and raw.rows:
            yield TableBlock(raw, is_folded=True)
    if found.run is None:
        return
    page = patient_page(found.run, tables, one.patient_id)
    made = [tabulate_visits(page)] if page.visits else []
    made += [tabulate_lesions(page)] if page.lesions else []
    made += [tabulate_progression(page)] if any(x.progressing is not None for x in page.lesions) else []
    for table in (*made, tabulate_labels(page), tabulate_reasons(page)):
        yield TableBlock(_own_id(table, one.patient_id), is_folded=True)


def _own_id(table: Table, patient_id: str) -> Table:
    return Table(f"{table.id}-{patient_id}", table.title, table.columns, table.rows, table.notes)


def _raw_rows(taken: TableTaken, patient_id: str) -> Table | None:
    """The patient's rows as the file holds them, of the columns that are read."""
    found = taken.rows_of(patient_id)
    if found is None:
        return None
    cells = found.drop(SOURCE, strict=False)
    rows = tuple(
        row_of(*(as_written(cell or "–") for cell in row)) for row in cells.head(_MOST_RAW).iter_rows()
    )
    shown = {m.column.name: m.shown for m in taken.matches.found}
    heads = left(*(Text("行", "Row") if name == ROW else as_written(shown[name]) for name in cells.columns))
    label = TABLES[taken.raw.name].label
    title = Text(f"原始记录：{label.zh}", f"As in the file: {label.en}")
    return Table(f"raw-{taken.raw.name}-{patient_id}", title, heads, rows)
