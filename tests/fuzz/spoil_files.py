"""Tables spoiled on disk: damage of bytes, containers that lie, formats and encodings that are not what they seem."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from fuzz.spoiled import (
    ANY,
    ONLY_REFUSED,
    RUNS,
    TABLES,
    Base,
    Content,
    Draw,
    Special,
    Spoiled,
    csv_bytes,
    yaml_bytes,
)
from fuzz.worker import Around

LARGE = Around(seconds=30)  # files of tens of megabytes, beside other work

FORMATS = ("csv", "xlsx", "parquet", "typed", "xpt", "sdtm", "sav", "dta", "json")
ELSEWHERE = "file:" + "//" + "/etc/passwd"  # a place that no reader may look at
COMMANDS = (("check",), ("check", "--json"), ("check", "--lang", "zh"), ("derive", "--accept-issues"))
Spoiler = Callable[[Base, Draw], Spoiled]


def file_spoilers() -> Iterator[Spoiler]:
    """All of them; those with many kinds several times."""
    for kind in FORMATS:
        for damage in (flip_bit, flip_bytes, truncate, zero_block, double, cut_out, insert_noise):
            yield _damaged(kind, damage)
    times = {
        _swapped_content: 2, _swapped_names: 1, _empty: 2, _only_header: 1, _only_noise: 2, _special_file: 4, _encoding: 4, _csv_shape: 3, _huge_csv: 2, _long_cells: 2,
        _tsv: 1, _other_format: 4, _many_columns: 1, _xlsx_part: 3, _xlsx_row_numbers: 3, _xlsx_bomb: 2, _xlsx_cells: 4, _xlsx_shape: 3, _xlsx_entities: 2,
        _xpt_header: 3, _parquet_types: 5, _parquet_footer: 2, _odd_values: 6,
    }  # fmt: skip
    for spoiler, n in times.items():
        yield from [spoiler] * n


def flip_bit(raw: bytearray, rng: Draw) -> str:
    at = rng.randrange(len(raw))
    raw[at] ^= 1 << rng.randrange(8)
    return f"bit flipped at {at}"


def flip_bytes(raw: bytearray, rng: Draw) -> str:
    places = [rng.randrange(len(raw)) for _ in range(rng.choice((2, 8, 32)))]
    for at in places:
        raw[at] = rng.randrange(256)
    return f"{len(places)} bytes changed"


def truncate(raw: bytearray, rng: Draw) -> str:
    keep = rng.choice((1, 4, 8, len(raw) // 2, len(raw) - 1, rng.randrange(1, len(raw))))
    del raw[keep:]
    return f"cut to {keep} bytes"


def zero_block(raw: bytearray, rng: Draw) -> str:
    size = min(len(raw), rng.choice((16, 512, 4096)))
    at = rng.randrange(len(raw) - size + 1)
    raw[at : at + size] = bytes(size)
    return f"{size} zero bytes at {at}"


def double(raw: bytearray, rng: Draw) -> str:
    raw.extend(bytes(raw))
    return "twice in a row"


def cut_out(raw: bytearray, rng: Draw) -> str:
    at = rng.randrange(len(raw))
    size = rng.choice((1, 7, 80, 1000))
    del raw[at : at + size]
    return f"{size} bytes missing at {at}"


def insert_noise(raw: bytearray, rng: Draw) -> str:
    at = rng.randrange(len(raw))
    raw[at:at] = rng.randbytes(rng.choice((1, 5, 300)))
    return f"noise at {at}"


def _damaged(kind: str, damage: Callable[[bytearray, Draw], str]) -> Spoiler:
    def spoil(base: Base, rng: Draw) -> Spoiled:
        files = base.of_format(kind)
        name = rng.choice([n for n in files if n != "study.yaml"])
        content = files[name]
        assert isinstance(content, bytes)
        raw = bytearray(content)
        detail = damage(raw, rng)
        files[name] = bytes(raw)
        words = damage.__name__.replace("_", " ")
        return Spoiled(
            f"{kind}: {words}",
            files,
            rng.choice(COMMANDS),
            place=_place(kind, name),
            detail=f"{name}: {detail}",
        )

    return spoil


def _place(kind: str, name: str) -> str:
    """What a refusal names. A damaged cell may show in another file (its patient is not in the first)."""
    return "" if kind in {"csv", "sdtm"} else "xlsx" if kind == "xlsx" else ""


def _one(base: Base, rng: Draw, content: Content, ending: str = "csv", **groups: Any) -> dict[str, Content]:
    """The csv study with one table replaced by a file of these bytes."""
    table = rng.choice(TABLES[:3])
    files = base.files()
    del files[f"{table}.csv"]
    files[f"{table}.{ending}"] = content
    data = {t: f"{t}.{ending if t == table else 'csv'}" for t in TABLES}
    files["study.yaml"] = yaml_bytes(base.studied(data=data, **groups))
    return files


def _swapped_content(base: Base, rng: Draw) -> Spoiled:
    """A file that is another format than its name."""
    kinds = [k for k in FORMATS if k not in {"csv", "sdtm"}]
    kind = rng.choice(kinds)
    raw = rng.choice(list(base.formats[kind].values()))
    ending = rng.choice(("csv", "xlsx", "parquet", "xls", "txt", "tsv", "sav", "json", "xpt"))
    return Spoiled("a file under the name of another format", _one(base, rng, raw, ending), rng.choice(COMMANDS),
                   detail=f"{kind} as .{ending}")  # fmt: skip


def _swapped_names(base: Base, rng: Draw) -> Spoiled:
    """Tables whose files are exchanged."""
    kind = rng.choice(("csv", "parquet", "typed"))
    files = base.of_format(kind)
    first, second = rng.sample([n for n in files if n != "study.yaml"], 2)
    files[first], files[second] = files[second], files[first]
    return Spoiled(
        "two tables exchanged", files, rng.choice(COMMANDS), detail=f"{kind}: {first} and {second}"
    )


def _empty(base: Base, rng: Draw) -> Spoiled:
    kind = rng.each(FORMATS)
    files = base.of_format(kind)
    name = rng.choice([n for n in files if n != "study.yaml"])
    files[name] = raw = rng.choice((b"", b"\n", b" " * 80, b"\xef\xbb\xbf", b"\0" * 100, b",,,\n,,,\n"))
    return Spoiled(
        "a file of nothing", files, rng.choice(COMMANDS), place=name, detail=f"{name}: {raw[:8]!r}"
    )


def _only_header(base: Base, rng: Draw) -> Spoiled:
    table = rng.choice(TABLES)
    files = base.files(**{table: base.rows(table)[:1]})
    return Spoiled("a table of its header alone", files, rng.choice(COMMANDS), detail=table)


def _only_noise(base: Base, rng: Draw) -> Spoiled:
    ending = rng.choice(
        ("csv", "xlsx", "parquet", "xpt", "tsv", "xls", "sav", "dta", "sas7bdat", "json", "ndjson")
    )
    begins = rng.choice(
        (
            b"",
            b"PK\x03\x04",
            b"PAR1",
            b"\xd0\xcf\x11\xe0",
            b"$FL2@(#)",
            b"$FL3@(#)",
            b"<stata_dta><header><release>118</release>",
            bytes(12) + b"\xc2\xea\x81\x60",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!",
        )
    )
    raw = begins + rng.randbytes(rng.choice((10, 1000, 50_000)))
    return Spoiled(
        "random bytes", _one(base, rng, raw, ending), rng.choice(COMMANDS), detail=f".{ending} {begins[:4]!r}"
    )


def _special_file(base: Base, rng: Draw) -> Spoiled:
    """Pipes, devices, folders, links that go nowhere or round in a circle."""
    special = rng.each((
        Special("pipe"), Special("folder"), Special("link", "/dev/zero"), Special("link", "/dev/random"), Special("link", "/dev/null"),
        Special("link", "nowhere"), Special("link", "loop.csv"), Special("link", "/dev/tty"), Special("link", "/proc/self/mem"),
        Special("link", "/proc/kmsg"), Special("hole", size=3 << 30),
    ))  # fmt: skip
    ending = rng.choice(("csv", "xlsx", "parquet"))
    files = _one(base, rng, special, ending)
    name = next(n for n, c in files.items() if isinstance(c, Special))
    if special.to == "loop.csv":
        files[name] = Special("link", "other-end")
        files["other-end"] = Special("link", name)
    return Spoiled(
        "no plain file", files, rng.choice(COMMANDS[:3]), ONLY_REFUSED, name, f"{special} as .{ending}"
    )


def _encoding(base: Base, rng: Draw) -> Spoiled:
    """Text in the encodings of the world, with words that need them."""
    encoding, word = rng.each((
        ("utf-8", "肺"), ("utf-8-sig", "肺"), ("utf-16", "肺"), ("utf-16-le", "肺"), ("utf-16-be", "肺"), ("utf-32", "肺"), ("gb18030", "肺"),
        ("gbk", "肝"), ("big5", "肺"), ("shift_jis", "肺"), ("euc_kr", "폐"), ("cp1252", "Lungé"), ("latin-1", "Knöchel"), ("koi8_r", "лёгкие"),
        ("cp1251", "лёгкие"), ("utf-7", "肺"), ("hz", "肺"), ("cp037", "lung"), ("iso2022_jp", "肺"), ("cp437", "é"),
    ))  # fmt: skip
    rows = base.rows("lesions")
    at = rows[0].index("organ")
    for row in rng.sample(rows[1:], 5):
        row[at] = word
    files = base.files()
    files["lesions.csv"] = csv_bytes(rows, rng.choice(",;\t"), encoding)
    settings = base.studied()
    if rng.random() < 0.5:
        named = rng.choice(
            (
                encoding,
                "no-such-encoding",
                "rot13",
                "base64",
                "zlib",
                "undefined",
                "idna",
                "utf-8",
                "punycode",
                "unicode_escape",
                "hex",
                "bz2",
            )
        )
        settings["data"]["lesions"] = {"files": ["lesions.csv"], "encoding": named}
    else:
        named = None
    files["study.yaml"] = yaml_bytes(settings)
    return Spoiled("an encoding", files, rng.choice(COMMANDS), detail=f"written {encoding}, named {named}")


def _csv_shape(base: Base, rng: Draw) -> Spoiled:
    table = rng.choice(TABLES[:3])
    text = csv_bytes(base.rows(table)).decode()
    lines = text.split("\r\n")
    shape = rng.each(range(9))
    if shape == 0:
        lines[rng.randrange(len(lines))] += '"'
    elif shape == 1:
        lines[rng.randrange(len(lines))] += "," * rng.choice((1, 50, 5000))
    elif shape == 2:
        lines[0] = lines[0].replace(",", ";", 1)
    elif shape == 3:
        lines[rng.randrange(1, len(lines))] = lines[0]
    elif shape == 4:
        lines[0] = ",".join([lines[0], lines[0]])
    elif shape == 5:
        lines = [f"sep={rng.choice(',;|')}", *lines]
    elif shape == 6:
        lines = [line.replace(",", "\t\t") for line in lines]
    elif shape == 7:
        lines = [rng.choice(("Report of the ward", "=cmd|' /C calc'!A0", "\u2028")), "", *lines]
    else:
        lines = lines[::-1]
    ends = rng.choice(("\r\n", "\n", "\r", "\n\r", "\x0c", "\u2028"))
    files = base.files() | {f"{table}.csv": ends.join(lines).encode()}
    return Spoiled(
        "rows of a csv out of shape",
        files,
        rng.choice(COMMANDS),
        detail=f"{table}, shape {shape}, lines end in {ends!r}",
    )


def _huge_csv(base: Base, rng: Draw) -> Spoiled:
    """Many rows, or one that never ends."""
    shape = rng.each(range(4))
    header = ",".join(base.tables["measurements"][0]) + "\n"
    if shape == 0:
        raw = header.encode() + b"S0001,L01,2018-05-20,93.0,measured,,ct\n" * 300_000
    elif shape == 1:
        raw = header.encode() + b'"' + b"x" * 20_000_000
    elif shape == 2:
        raw = header.encode() + b"," * 5_000_000
    else:
        raw = header.encode() + b"\n" * 30_000_000
    files = base.files() | {"measurements.csv": raw}
    detail = f"shape {shape}: {len(raw)} bytes"
    return Spoiled("a huge csv", files, ("check",), ANY, detail=detail, around=LARGE)


def _long_cells(base: Base, rng: Draw) -> Spoiled:
    table, column = rng.choice(
        (
            ("patients", "patient_id"),
            ("patients", "stage"),
            ("lesions", "organ"),
            ("lesions", "lesion_id"),
            ("measurements", "diameter_mm"),
            ("patients", "birth_date"),
        )
    )
    rows = base.rows(table)
    size = rng.choice((300, 5000, 200_000, 3_000_000))
    rows[rng.randrange(1, len(rows))][rows[0].index(column)] = (
        rng.choice(("w", "器", "9", "1e", "-", "\u0301")) * size
    )
    return Spoiled("a very long cell", base.files(**{table: rows}), rng.choice(COMMANDS), place=f"{table}.csv" if column not in {"patient_id", "lesion_id"} else "",
                   detail=f"{table}.{column}, {size} characters")  # fmt: skip


def _tsv(base: Base, rng: Draw) -> Spoiled:
    table = rng.choice(TABLES[:3])
    raw = csv_bytes(base.rows(table), "\t", rng.choice(("utf-8", "utf-16", "utf-8-sig")))
    files = base.files()
    del files[f"{table}.csv"]
    name = f"{table}.{rng.choice(('tsv', 'txt', 'tab', 'TSV', 'csv.txt', 'dat'))}"
    files[name] = raw
    files["study.yaml"] = yaml_bytes(
        base.studied(data={t: name if t == table else f"{t}.csv" for t in TABLES})
    )
    return Spoiled("cells parted by tabs", files, ("check",), RUNS, detail=name)


def _other_format(base: Base, rng: Draw) -> Spoiled:
    """Formats that are not read, or not yet: refused by name, or read."""
    rows = base.rows("patients")
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    dataset = {
        "datasetJSONCreationDateTime": "2026-11-26T00:00:00", "datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.DM", "records": len(records),
        "name": "PATIENTS", "label": "Patients",
        "columns": [{"itemOID": f"IT.{n}", "name": n, "label": n, "dataType": "string"} for n in rows[0]],
        "rows": rows[1:],
    }  # fmt: skip
    forms = {
        "json": json.dumps(records).encode(), "jsonl": "\n".join(map(json.dumps, records)).encode(), "dataset.json": json.dumps(dataset).encode(),
        "ndjson": json.dumps({**dataset, "rows": None}).encode() + b"\n[1", "html": b"<table><tr><td>patient_id</td></tr><tr><td>P1</td></tr></table>",
        "xml": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "{ELSEWHERE}">]><a>&b;</a>'.encode(), "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "gz": b"\x1f\x8b\x08" + zlib.compress(csv_bytes(rows)), "zip": _zip({"patients.csv": csv_bytes(rows)}), "ods": _zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "sav": b"$FL2@(#) SPSS DATA FILE" + bytes(200), "dta": b"<stata_dta><header><release>118</release>" + bytes(50), "sas7bdat": bytes(32) + b"\xc2\xea\x81\x60" + bytes(500),
        "rds": zlib.compress(b"X\n\x00\x00\x00\x03"), "sqlite": b"SQLite format 3\0" + bytes(100), "feather": b"ARROW1\0\0" + bytes(60), "orc": b"ORC" + bytes(60),
    }  # fmt: skip
    ending = rng.each(list(forms))
    name = f"patients.{ending}"
    raw = forms[ending]
    if rng.random() < 0.3:
        raw = raw[: max(1, int(len(raw) * rng.random()))]
    files = base.files()
    del files["patients.csv"]
    files[name] = raw
    files["study.yaml"] = yaml_bytes(
        base.studied(data={t: name if t == "patients" else f"{t}.csv" for t in TABLES})
    )
    return Spoiled(
        "a format that is not read", files, ("check",), ANY, place=name, detail=f"{name}, {len(raw)} bytes"
    )


def _many_columns(base: Base, rng: Draw) -> Spoiled:
    n = rng.each((2000, 20_000, 100_000))
    rows = base.rows("patients")[:12]
    wide = [row + [f"c{i}" if k == 0 else str((i * k) % 7) for i in range(n)] for k, row in enumerate(rows)]
    files = base.files(patients=wide)
    return Spoiled("very many columns", files, ("check",), detail=f"{n} columns")


# Workbooks.


def _zip(parts: dict[str, bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", level) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return target.getvalue()


def _parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as found:
        return {name: found.read(name) for name in found.namelist()}


def _with_parts(base: Base, parts: dict[str, bytes]) -> dict[str, Content]:
    return base.of_format("xlsx") | {"all.xlsx": _zip(parts)}


def _xlsx_part(base: Base, rng: Draw) -> Spoiled:
    """One part inside the workbook is missing, empty, damaged or nonsense, with a good checksum."""
    parts = _parts(base.formats["xlsx"]["all.xlsx"])
    name = rng.choice(list(parts))
    damage = rng.choice(("missing", "empty", "nonsense", flip_bit, flip_bytes, truncate, cut_out, zero_block))
    if damage == "missing":
        del parts[name]
    elif damage == "empty":
        parts[name] = b""
    elif damage == "nonsense":
        parts[name] = rng.choice(
            (b"<a/>", b"not xml", b"<a", b'<?xml version="1.0"?>', b"\xff\xfe<\0a\0/\0>\0")
        )
    else:
        raw = bytearray(parts[name])
        damage(raw, rng)
        parts[name] = bytes(raw)
    word = damage if isinstance(damage, str) else damage.__name__
    return Spoiled(
        "xlsx: a part is damaged",
        _with_parts(base, parts),
        rng.choice(COMMANDS),
        place="all.xlsx",
        detail=f"{name}: {word}",
    )


def _sheet(parts: dict[str, bytes], rng: Draw) -> str:
    return rng.choice([n for n in parts if n.startswith("xl/worksheets/sheet")])


def _xlsx_row_numbers(base: Base, rng: Draw) -> Spoiled:
    """Row and column numbers that no sheet has."""
    parts = _parts(base.formats["xlsx"]["all.xlsx"])
    name = _sheet(parts, rng)
    number = rng.choice((100_000_000, 1_048_577, 0, -5, 2**63, 10**40))
    old, new = rng.each((
        (b'<row r="5"', f'<row r="{number}"'.encode()), (b'<row r="3"', b'<row r="x"'), (b'r="A4"', f'r="A{number}"'.encode()),
        (b'r="B4"', b'r="XFE4"'), (b'r="B4"', b'r="ZZZZZZZ4"'), (b'r="B4"', b'r=""'), (b'<row r="4"', b'<row r="2"'),
        (b'<dimension ref="', b'<dimension ref="A1:XFD1048576" x="'), (b'r="B4"', b'r="4B"'), (b'<row r="6"', b'<row r="1048576"'),
    ))  # fmt: skip
    parts[name] = parts[name].replace(old, new, 1)
    return Spoiled(
        "xlsx: impossible row or column numbers",
        _with_parts(base, parts),
        rng.choice(COMMANDS),
        place="all.xlsx",
        detail=f"{name}: {new[:40]!r}",
    )


def _xlsx_bomb(base: Base, rng: Draw) -> Spoiled:
    """A small file that unpacks to a huge one."""
    parts = _parts(base.formats["xlsx"]["all.xlsx"])
    size = rng.choice((1 << 28, 1 << 30, 3 << 30))
    target = io.BytesIO()
    shape = rng.each(("spaces", "rows", "strings", "other part"))
    name = {"strings": "xl/sharedStrings.xml", "other part": "xl/media/image1.png"}.get(
        shape, "xl/worksheets/sheet1.xml"
    )
    begin, fill, end = {
        "spaces": (b"<worksheet>", b" " * 1024, b"</worksheet>"),
        "rows": (b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>', b"<row/>" * 170, b"</sheetData></worksheet>"),
        "strings": (b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">', b"<si><t>a</t></si>" * 60, b"</sst>"),
        "other part": (b"", bytes(1024), b""),
    }[shape]  # fmt: skip
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for part, content in parts.items():
            if part != name:
                out.writestr(part, content)
        with out.open(name, "w", force_zip64=True) as part:
            part.write(begin)
            block = fill * 1024
            for _ in range(size // len(block)):
                part.write(block)
            part.write(end)
    files = base.of_format("xlsx") | {"all.xlsx": target.getvalue()}
    return Spoiled(
        "xlsx: a zip bomb",
        files,
        ("check",),
        ONLY_REFUSED if shape in {"spaces", "rows"} else ANY,
        "all.xlsx",
        f"{shape}, {size >> 20} MB",
    )


def _xlsx_cells(base: Base, rng: Draw) -> Spoiled:
    """Cells of odd types and values."""
    parts = _parts(base.formats["xlsx"]["all.xlsx"])
    name = _sheet(parts, rng)
    word = rng.each((
        '<c r="B4" t="s"><v>99999</v></c>', '<c r="B4" t="s"><v>-1</v></c>', '<c r="B4" t="s"><v>x</v></c>', '<c r="B4" t="e"><v>#REF!</v></c>',
        '<c r="B4" t="d"><v>2020-99-99</v></c>', '<c r="B4" t="b"><v>7</v></c>', '<c r="B4" t="n"><v>1e999</v></c>', '<c r="B4" t="n"><v>NaN</v></c>',
        '<c r="B4" t="n"><v>12three</v></c>', '<c r="B4" s="99999"><v>1</v></c>', '<c r="B4" s="-1"><v>1</v></c>', '<c r="B4" t="zz"><v>1</v></c>',
        '<c r="B4" t="inlineStr"><is><t>_x0000__xD800_</t></is></c>', '<c r="B4"><f>1+1</f></c>', '<c r="B4"><f t="shared" si="99"/></c>',
        '<c r="B4"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>', '<c r="B4" t="str"><v>' + "v" * 100_000 + "</v></c>", '<c r="B4" t="n"><v>-1</v></c>',
        '<c r="B4" t="inlineStr"/>', '<c r="B4" t="s"/>', '<c r="B4" t="n"><v>1e308</v></c>', '<c r="B4" s="1"><v>9999999999</v></c>',
    ))  # fmt: skip
    text = parts[name].decode()
    begin = text.index('<c r="B4"')
    end = (
        text.index("/>", begin) + 2
        if text[begin:].split(">", 1)[0].endswith("/")
        else text.index("</c>", begin) + 4
    )
    parts[name] = (text[:begin] + word + text[end:]).encode()
    return Spoiled(
        "xlsx: an odd cell",
        _with_parts(base, parts),
        rng.choice(COMMANDS),
        place="all.xlsx",
        detail=f"{name}: {word[:60]}",
    )


def _xlsx_shape(base: Base, rng: Draw) -> Spoiled:
    """The container is not what it should be."""
    raw = base.formats["xlsx"]["all.xlsx"]
    parts = _parts(raw)
    shape = rng.each(
        (
            "no sheets",
            "stored",
            "bzip2",
            "lzma",
            "encrypted flag",
            "twice",
            "comment",
            "before",
            "paths",
            "sheet name",
            "many",
            "central",
        )
    )
    if shape == "no sheets":
        parts["xl/workbook.xml"] = (
            b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'
        )
        new = _zip(parts)
    elif shape in {"stored", "bzip2", "lzma"}:
        new = _zip(
            parts, {"stored": zipfile.ZIP_STORED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}[shape]
        )
    elif shape == "encrypted flag":
        new = raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    elif shape == "twice":
        new = raw + raw
    elif shape == "comment":
        new = raw[:-2] + struct.pack("<H", 65535) + b"c" * 100
    elif shape == "before":
        new = b"PK\x03\x04" + bytes(50) + raw
    elif shape == "paths":
        parts["../../../../tmp/oligoscope-escaped"] = b"x"
        new = _zip(parts)
    elif shape == "sheet name":
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="patients"', b'name=""')
        new = _zip(parts)
    elif shape == "many":
        parts |= {f"xl/media/{i}": b"" for i in range(60_000)}
        new = _zip(parts, zipfile.ZIP_STORED)
    else:
        at = raw.rindex(b"PK\x05\x06")
        new = raw[: at + 16] + struct.pack("<I", rng.randrange(2**32)) + raw[at + 20 :]
    return Spoiled(
        "xlsx: an odd container",
        base.of_format("xlsx") | {"all.xlsx": new},
        rng.choice(COMMANDS),
        place="all.xlsx",
        detail=shape,
    )


def _xlsx_entities(base: Base, rng: Draw) -> Spoiled:
    """Entities of XML that grow, or read other files; elements without end."""
    parts = _parts(base.formats["xlsx"]["all.xlsx"])
    name = rng.choice((_sheet(parts, rng), "xl/workbook.xml", "xl/styles.xml"))
    shape = rng.each(("laughs", "file", "deep", "attributes"))
    laughs = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    if shape == "deep":
        parts[name] = b"<a>" * 200_000
    elif shape == "attributes":
        parts[name] = b"<a " + b" ".join(b'x%d="1"' % i for i in range(200_000)) + b"/>"
    else:
        doctype = {
            "laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>',
            "file": f'<!DOCTYPE x [<!ENTITY a11 SYSTEM "{ELSEWHERE}">]>',
        }[shape]
        text = parts[name].decode()
        body = text.split("?>", 1)[1] if text.startswith("<?xml") else text
        parts[name] = (doctype + body.replace("</sheetData>", '<row r="90000"><c r="A90000" t="inlineStr"><is><t>&a11;</t></is></c></row></sheetData>')
                       .replace("<sheets>", "&a11;<sheets>").replace("<fonts", "&a11;<fonts")).encode()  # fmt: skip
    return Spoiled(
        "xlsx: hostile XML", _with_parts(base, parts), ("check",), place="all.xlsx", detail=f"{name}: {shape}"
    )


# Transport files and parquet.


def _xpt_header(base: Base, rng: Draw) -> Spoiled:
    """Places, widths, kinds and names of variables that cannot be."""
    files = base.of_format("xpt")
    name = rng.choice([n for n in files if n.endswith("xpt")])
    content = files[name]
    assert isinstance(content, bytes)
    raw = bytearray(content)
    first = raw.index(b"NAMESTR HEADER") - 20 + 80
    n = int(raw[first - 80 + 54 : first - 80 + 58])
    begin = first + rng.randrange(n) * 140
    field, at, size = rng.choice(
        (
            ("kind", 0, 2),
            ("width", 4, 2),
            ("place", 84, 4),
            ("name", 8, 8),
            ("count", 54 - 80 + first - begin, 4),
            ("size", 0, 0),
        )
    )
    if field == "size":
        at = raw.index(b"MEMBER  HEADER") - 20 + 74 - begin
        raw[begin + at : begin + at + 4] = rng.choice((b"0000", b"9999", b"0001", b"-140", b"x140"))
    else:
        raw[begin + at : begin + at + size] = (
            rng.choice((b"9999", b"0000", b"-001", b"0001", b"   1")) if field == "count"
            else rng.choice((b"\xff" * size, bytes(size), b"\x7f" + b"\xff" * (size - 1), b"\x00" * (size - 1) + b"\x09", rng.randbytes(size)))
        )  # fmt: skip
    files[name] = bytes(raw)
    return Spoiled("xpt: an impossible header", files, rng.choice(COMMANDS), detail=f"{name}: {field}")


def _parquet_types(base: Base, rng: Draw) -> Spoiled:
    """Columns of other types than text: narrow, wide, nested, with a time zone."""
    kind = rng.choice(("typed", "parquet"))
    files = base.of_format(kind)
    table, column, form = rng.each((
        ("measurements", "diameter_mm", "uint8"), ("measurements", "diameter_mm", "int8"), ("measurements", "diameter_mm", "float16"), ("measurements", "diameter_mm", "decimal"),
        ("measurements", "assessed_on", "timestamp"), ("measurements", "assessed_on", "zoned"), ("measurements", "assessed_on", "int16"), ("measurements", "assessed_on", "time"),
        ("patients", "ecog", "uint64"), ("patients", "ecog", "bool"), ("patients", "sex", "dictionary"), ("patients", "sex", "list"), ("patients", "age_years", "struct"),
        ("patients", "patient_id", "int32"), ("patients", "patient_id", "binary"), ("lesions", "organ", "map"), ("patients", "birth_date", "duration"), ("patients", "stage", "null"),
        ("measurements", "diameter_mm", "nan"), ("patients", "age_years", "infinite"), ("lesions", "is_node", "bool"), ("patients", "birth_date", "year-1"), ("patients", "birth_date", "year-9999"),
        ("lesions", "lesion_id", "int64"), ("patients", "age_years", "int128"),
    ))  # fmt: skip
    files[f"{table}.parquet"] = Special("parquet", f"{kind}/{table}.parquet {column} {form}")
    return Spoiled(
        "parquet: a column of another type",
        files,
        rng.choice(COMMANDS),
        detail=f"{kind}: {table}.{column} as {form}",
    )


def _parquet_footer(base: Base, rng: Draw) -> Spoiled:
    """The description at the end is damaged, or says another length."""
    kind = rng.choice(("typed", "parquet"))
    files = base.of_format(kind)
    name = rng.choice([n for n in files if n.endswith("parquet")])
    content = files[name]
    assert isinstance(content, bytes)
    raw = bytearray(content)
    length = struct.unpack("<I", raw[-8:-4])[0]
    if rng.random() < 0.3:
        raw[-8:-4] = struct.pack("<I", rng.choice((0, 2**32 - 1, length - 1, length + 1, 8)))
    else:
        for _ in range(rng.choice((1, 1, 3))):
            raw[len(raw) - 8 - rng.randrange(1, length)] = rng.randrange(256)
    files[name] = bytes(raw)
    return Spoiled("parquet: a damaged footer", files, rng.choice(COMMANDS), detail=f"{kind}: {name}")


def _odd_values(base: Base, rng: Draw) -> Spoiled:
    """Values no patient has, in every column."""
    table = rng.choice(TABLES)
    rows = base.rows(table)
    column = rng.choice(rows[0])
    value = rng.each((
        "-1", "1e400", "nan", "inf", "0x10", "٣", "\uff11\uff12", "1,5", "1.234,5", "9" * 400, "1e-400", "2020-02-30", "0000-00-00", "9999-12-31", "1582-10-10", "99999-01-01",
        "-2020-01-01", "20/13/2020", "43831", "2020", "2020-W01", "true", "NULL", "N/A", "#N/A", "\u00a0", "\u200b", "\u202e", "\ufeff", "\x07", "\x00", "\x85", "😀",
        "e\u0301", "%", "$", "{}", "'", '"', "\\", "/", "=1+1", "a\nb", "a\rb", "\u2028", "1" + "0" * 5000, "-0", "+5", "5 mm", "5cm", "<5", "≥5", "5-10", "1/0",
    ))  # fmt: skip
    at = rows[0].index(column)
    many = rng.choice((1, 3, len(rows) - 1))
    for row in rng.sample(rows[1:], min(many, len(rows) - 1)):
        row[at] = value
    return Spoiled(
        "an odd value",
        base.files(**{table: rows}),
        rng.choice(COMMANDS),
        detail=f"{table}.{column} = {value[:20]!r} in {many} rows",
    )
