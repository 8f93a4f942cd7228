"""Hostile words where a user's words go: ids, organs, levels, headers, titles, labels, file and folder names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fuzz.spoiled import ANY, Base, Draw, Spoiled, csv_bytes, yaml_bytes
from fuzz.worker import Around

Spoiler = Callable[[Base, Draw], Spoiled]
RUN = ("run", "--accept-issues", "--lang", "en")
LONG = Around(seconds=90)  # documents and pictures are made
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "baseline"}, {"kind": "sites"}, {"kind": "survival", "by": "pattern", "outcomes": ["os"]}, {"kind": "response_rate"}, {"kind": "timing"},
    {"kind": "survival", "by": "arm", "outcomes": ["os"]}, {"kind": "baseline", "by": "arm"}, {"kind": "response_rate", "by": "arm"}, {"kind": "sites", "by": "arm"},
    {"kind": "baseline", "variables": ["arm", "sex"]}, {"kind": "subgroups", "by": "pattern", "outcomes": ["os"], "variables": ["arm"]}, {"kind": "reclassification"},
)  # fmt: skip
WORDS: tuple[str, ...] = (
    "<script>alert(1)</script>", "<b>x</b>", "<1%", "a & b", "&lt;", "&#x3c;svg onload=alert(1)&#x3e;", '" onload="alert(1)', "' onmouseover='alert(1)", "--><script>alert(1)</script><!--", "]]><script>alert(1)</script>",
    "</svg><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</style><script>alert(1)</script>", "</title><script>alert(1)</script>", "${7*7}", "{{7*7}}", "{0}", "{", "}", "%s", "%d%n", "%",
    "$\\frac{1}{0}$", "$", "a$b$c", "\\", "\\\\", "\\1", "\\N{BULLET}", "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "|x", "a|b", "a;b", ";", "；", "肺；", "a,b", '"', "'", "`", "\u202egpj.exe", "\u200b", "\u00a0", "\ufeffx",
    "a\nb", "a\r\nb", "a\tb", "\u2028", "\x0b", "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\ufffe", "\U0001f600", "𠮷", "e\u0301" * 40, "器官" * 60, "w" * 300, "w " * 150, "../../etc/passwd", "..", ".", "/", "C:\\con", "nul", "a:b?c*d",
    "_x000B_", "_x0041_", "*P*", "**", "# h", "nan", "None", "null", "true", "0", "-1", "1e5", "00", "all", "treated", "matched", "progressed", "missing", "overall", "yes", "[was|were]", "(s)", "a vs b", "a=b", "a / b", "http://example.org", "mailto:a@b", "#x",
    "url(#x)", "expression(alert(1))", "@import 'x'", "/*", "*/", "//", "PK\x03\x04", "<?xml?>", "<!DOCTYPE a>", "<![CDATA[x]]>", "ﷺ", "﷽" * 20, "अ\u094d" * 30, "\u0e33" * 50, "A\u0300\u0301\u0302" * 20,
)  # fmt: skip


def word_spoilers() -> Iterator[Spoiler]:
    """All of them."""
    for place in (
        "levels",
        "organs",
        "ids",
        "titles",
        "labels",
        "headers",
        "everything",
        "levels",
        "organs",
        "everything",
    ):
        yield _words_in(place)
    yield from (_rule_words, _file_names, _word_cells, _word_cells)


def _words_in(place: str) -> Spoiler:
    def spoil(base: Base, rng: Draw) -> Spoiled:
        words = [WORDS[(rng.nth * 8 + i) * 13 % len(WORDS)] for i in range(8)]
        settings = base.studied(analyses=[dict(k) for k in rng.sample(KINDS, 4)])
        tables = {t: base.rows(t) for t in ("patients", "lesions", "measurements", "treatments")}
        if place in {"levels", "everything"}:
            _replace(rng, tables["patients"], "arm", words[:2])
        if place in {"organs", "everything"}:
            _replace(rng, tables["lesions"], "organ", words[2:6])
        if place in {"ids", "everything"}:
            _rename_ids(rng, tables, words[3:7])
        if place in {"titles", "everything"}:
            settings["study"]["title"] = {"zh": words[0], "en": words[1]}
            settings["eligibility"] = [
                {"id": "a", "excluded": {"zh": words[4], "en": words[5]}, "keep": "age_years > 60"}
            ]
        if place in {"labels", "everything"}:
            levels = {
                level: {"zh": words[i], "en": words[i + 1]}
                for i, level in enumerate(sorted({row[-1] for row in tables["patients"][1:]}))
            }
            settings["labels"] = {"arm": {"zh": words[4], "en": words[5], "levels": levels}}
        if place in {"headers", "everything"}:
            for word in words[5:]:
                _add_column(tables["patients"], word, [rng.choice(words[:3]) for _ in tables["patients"][1:]])
            settings["imputation"] = {"variables": ["pd_l1"], "m": 2}
        files = base.files(settings, **tables)
        return Spoiled(f"hostile words in {place}", files, (*RUN, *rng.choice(((), ("--figures", "all"))))
                       if rng.random() < 0.2 else RUN, around=LONG, detail=" ".join(map(ascii, words)))  # fmt: skip

    return spoil


def _add_column(rows: list[list[str]], name: str, cells: list[str]) -> None:
    rows[0].append(name)
    for row, cell in zip(rows[1:], cells, strict=True):
        row.append(cell)


def _replace(rng: Draw, rows: list[list[str]], column: str, words: list[str]) -> None:
    """Each value of a column that is there becomes, for a part of them, one of the words."""
    at = rows[0].index(column)
    values = sorted({row[at] for row in rows[1:]} - {""})
    given = dict(zip(rng.sample(values, min(len(words), len(values))), words, strict=False))
    for row in rows[1:]:
        row[at] = given.get(row[at], row[at])


def _rename_ids(rng: Draw, tables: dict[str, list[list[str]]], words: list[str]) -> None:
    ids = sorted({row[0] for row in tables["patients"][1:]})
    given = dict(zip(rng.sample(ids, len(words)), words, strict=True))
    for rows in tables.values():
        at = rows[0].index("patient_id")
        for row in rows[1:]:
            row[at] = given.get(row[at], row[at])


def _rule_words(base: Base, rng: Draw) -> Spoiled:
    """Words as ids of rules, as levels in conditions, as names of outcomes and tables."""
    word = rng.choice(WORDS)
    settings = base.studied()
    place = rng.choice(("rule id", "condition", "where", "variable", "by", "label column", "reader", "kind"))
    if place == "rule id":
        settings["eligibility"] = [{"id": word, "keep": "age_years > 20"}]
    elif place == "condition":
        settings["eligibility"] = [{"id": "a", "keep": f'sex == "{word}"'}]
    elif place == "where":
        settings["analyses"] = [{"kind": "baseline", "where": {"sex": word}}]
    elif place == "variable":
        settings["analyses"] = [{"kind": "baseline", "variables": [word]}]
    elif place == "by":
        settings["analyses"] = [{"kind": "survival", "by": word}]
    elif place == "label column":
        settings["labels"] = {word: {"zh": "a", "en": word}}
    elif place == "reader":
        settings["response"] = {"reader": word}
    else:
        settings["analyses"] = [{"kind": word}]
    return Spoiled(
        "hostile words in study.yaml",
        {**base.files(), "study.yaml": yaml_bytes(settings)},
        ("derive",),
        ANY,
        detail=f"{place}: {word[:40]!a}",
    )


def _file_names(base: Base, rng: Draw) -> Spoiled:
    word = rng.choice(
        [
            w
            for w in WORDS
            if "/" not in w and "\0" not in w and w not in {".", ".."} and len(w.encode()) < 240
        ]
    )
    files = base.files()
    files[f"{word}.csv"] = files.pop("patients.csv")
    settings = base.studied()
    settings["data"]["patients"] = f"{word}.csv"
    rows = base.rows("patients")
    rows[3][rows[0].index("sex")] = "neither"
    if rng.random() < 0.5:
        files[f"{word}.csv"] = csv_bytes(rows)
    files["study.yaml"] = yaml_bytes(settings)
    return Spoiled(
        "hostile names of files",
        files,
        ("derive", "--accept-issues"),
        ANY,
        detail=f"{word!a}",
        out=rng.choice(("out", f"o{word}")),
    )


def _word_cells(base: Base, rng: Draw) -> Spoiled:
    """Words in every text column of every table at once; read and derived."""
    tables = {t: base.rows(t) for t in ("patients", "lesions", "measurements", "treatments")}
    table = rng.choice(list(tables))
    column = rng.choice(tables[table][0])
    _replace(rng, tables[table], column, rng.sample(WORDS, 12))
    return Spoiled(
        "hostile words in any column",
        base.files(**tables),
        rng.choice((("check",), ("derive", "--accept-issues"), ("check", "--lang", "zh"))),
        ANY,
        detail=f"{table}.{column}",
    )
