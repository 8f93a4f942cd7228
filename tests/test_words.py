"""The texts of the program in the field's words: one translation a term, and no dialect."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from source_trees import nodes_of, tree_of

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]  # fmt: skip
# Words that were used here in a sense of their own; a stranger has to read the sentence twice.
DIALECT = re.compile(
    r"\b(told|nobody|lends?|lent|mend(ed|s|ing)?|borrowed time|witness(es)?|asks nothing of|bears? (it )?out|borne out|as (it stands|they stand)|_told|_say|dress(ed)?)\b",
    re.IGNORECASE,
)
STANDS = re.compile(
    r"\b(stands?|stood) (in|on|beside|behind|for|at|here|there|where|before|under|last|first|alone)\b"
)
HE = re.compile(r"\b([Hh]e|[Hh]is|[Hh]im|[Hh]imself)\b")


def text_of(node: ast.expr) -> str:
    """The text of a literal, with {} for what is put in."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=parts):
            return "".join(text_of(p) if isinstance(p, ast.Constant) else "{}" for p in parts)
        case ast.BinOp(left=left, right=right):
            return text_of(left) + text_of(right)
        case _:
            return ""


def texts() -> Iterator[tuple[str, str, str]]:
    """(place, Chinese, English) of every text in two languages that is written in the source."""
    for path in SOURCES:
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Text" and len(node.args) == 2:
                chinese, english = map(text_of, node.args)
                if chinese and english:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", chinese, english


TEXTS = list(texts())


def glossary() -> list[tuple[list[str], list[str]]]:
    """Of each term the forms it may take in English and in Chinese."""
    rows = re.findall(
        r"(?m)^\| (?!English|-)([^|]+) \| ([^|]+) \|",
        (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
    )
    return [tuple([form.strip() for form in cell.split(";")] for cell in row) for row in rows]  # type: ignore[misc]


def not_used() -> list[str]:
    """The words that the glossary rules out."""
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return re.findall(r"(?m)^- (.+?): ", page[page.index("## Not used") :])


def prose() -> Iterator[tuple[str, str]]:
    """(place, text) of every comment, docstring, message and line of a page."""
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}:
                for i, line in enumerate(token.string.splitlines()):
                    yield f"{path.relative_to(ROOT)}:{token.start[0] + i}", line
    for path in PAGES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_each_term_is_in_the_glossary_once():
    terms = glossary()

    for side in (0, 1):
        forms = [form.lower() for row in terms for form in row[side]]
        assert sorted(forms) == sorted(set(forms))
    assert len(terms) > 30


def test_the_place_of_each_term_exists():
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    places = re.findall(r"(?m)\| `([^`]+)` \|$", page)

    assert len(places) == len(glossary())
    assert [p for p in places if not (ROOT / "src" / "oligoscope" / p).exists()] == []


@pytest.mark.parametrize(("english", "chinese"), glossary(), ids=lambda forms: forms[0])
def test_a_term_has_one_translation(english: list[str], chinese: list[str]):
    term = re.compile(rf"\b({'|'.join(map(re.escape, english))})\b", re.IGNORECASE)
    other = [
        f"{place}: {zh} | {en}"
        for place, zh, en in TEXTS
        if term.search(en) and not any(c.lower() in zh.lower() for c in chinese)
    ]

    assert other == []


@pytest.mark.parametrize("dialect", [DIALECT, STANDS, HE], ids=["words", "stands", "he"])
def test_texts_comments_and_pages_are_in_plain_english(dialect: re.Pattern[str]):
    found = [f"{place}: {line.strip()[:110]}" for place, line in prose() if dialect.search(line)]

    assert found == []


def printed_literals() -> Iterator[tuple[str, str]]:
    """(place, text) of every text of one language that is written in the source; words that are read are none of them."""
    for path in SOURCES:
        parts = path.relative_to(ROOT / "src" / "oligoscope").parts
        if parts[:2] in {("study", "dictionary"), ("intake", "files")}:
            continue
        for node in nodes_of(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


@pytest.mark.parametrize("word", not_used())
def test_a_word_that_the_glossary_rules_out_is_in_no_text(word: str):
    rule = re.compile(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), re.IGNORECASE)
    if word.isascii():
        found = [f"{place}: {en}" for place, _, en in TEXTS if rule.search(en)]
    else:
        found = [f"{place}: {text}" for place, text in printed_literals() if rule.search(text)]

    assert found == []


# That nothing was found is not that there is nothing: a large P shows no equality (Altman & Bland, BMJ 1995, 311:485).
NOTHING_THERE = {
    "en": re.compile(
        r"\b(no (effect|difference|association|interaction|influence|impact|relation)s?\b(?! (to test|is given))|(did|do|does) not (clearly )?(differ|change)\b|"
        r"not differ\b|(none|neither) of [^.]* (differed|changed)|similar(ly)?\b|comparable\b|equivalent\b)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(无|没有|未见|并无)(明显|显著)?(差异|差别|影响|关联|相关|交互作用|作用)(?!有|无|可)|相似|相近|相当(?!于)|等效|无关"
    ),
}
SAYS_SO = {"en": "statistically significant", "zh": "统计学意义"}
# Of settings, of records and of the rules, not of what was estimated.
OF_ESTIMATES = (
    "src/oligoscope/questions/",
    "src/oligoscope/report/",
    "src/oligoscope/printing/",
    "src/oligoscope/results/",
)


def test_what_is_not_significant_is_not_said_to_be_absent():
    found = [
        f"{place}: {text[:140]}"
        for place, chinese, english in TEXTS
        if place.startswith(OF_ESTIMATES) and not place.startswith("src/oligoscope/report/published")
        for language, text in (("zh", chinese), ("en", english))
        if NOTHING_THERE[language].search(text) and SAYS_SO[language] not in text
    ]

    assert found == []


DOUBLED = re.compile(r"）（|（（|））|\) \(|\(\(")


def test_no_bracket_follows_or_holds_another():
    """`（n=5）（图3）` and `((n=5))`: one bracket holds both, or a comma divides them."""
    assert [
        f"{place}: {zh} | {en}" for place, zh, en in TEXTS if DOUBLED.search(zh) or DOUBLED.search(en)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "The groups did not differ (P=0.30).",
        "There was no effect.",
        "Survival was similar.",
        "None of the 8 variables differed.",
    ],
)
def test_the_patterns_find_claims_that_nothing_is_there(text: str):
    assert NOTHING_THERE["en"].search(text)


@pytest.mark.parametrize("text", ["两组无差异。", "两组生存相似。", "与分组无交互作用。", "无显著差异"])
def test_the_patterns_find_chinese_claims_that_nothing_is_there(text: str):
    assert NOTHING_THERE["zh"].search(text)
