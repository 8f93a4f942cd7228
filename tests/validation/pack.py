"""The validation pack: requirement, rule, source, test and result, as one page in either language.

Printed from the specification tests, the oracles and the definitions, with what came out of each test on this computer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from importlib import import_module

from oligoscope.bilingual import Language, Text
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from spec.book_words import source_text
from spec.rule_book import CHAPTER_FILES
from spec.rules import CHAPTERS, Rule
from validation.outcomes import TESTS, Outcome
from validation.requirements import REQUIREMENTS, Evidence, Requirement

Outcomes = Mapping[tuple[str, str], Outcome]
Rows = Iterable[Iterable[str]]

TITLE = Text("验证文件包", "Validation pack")
PURPOSE = Text(
    "本文件逐条列出对 Oligoscope 的要求、实现要求的规则、规则的出处、检验它的测试，以及测试在下述安装上的结果，供医院统计人员存档。"
    "文件由程序从规则测试与 R 对照结果生成，不含手工填写的结果；第 6 节的签署栏除外。",
    "This document lists each requirement on Oligoscope, the rules that meet it, the source of each rule, the test that checks it, and "
    "what came out of the test on the installation named below, for a hospital's statistician to file. It is generated from the "
    "specification tests and the comparison with R; nothing in it is filled in by hand but the signatures of section 6.",
)
H = {
    "identity": Text("1 被验证的程序", "1 What was validated"),
    "requirements": Text("2 要求与结果", "2 Requirements and results"),
    "rules": Text("3 临床规则", "3 Clinical rules"),
    "definitions": Text("4 命名定义", "4 Named definitions"),
    "evidence": Text("5 统计方法与其他证据", "5 Statistical methods and further evidence"),
    "limits": Text("6 范围、局限与签署", "6 Scope, limits and signatures"),
}
HEADS = {
    "identity": (Text("项目", "Item"), Text("值", "Value")),
    "requirements": (Text("编号", "No."), Text("要求", "Requirement"), Text("规则", "Rules"), Text("测试", "Tests"), Text("用例", "Cases"), Text("结果", "Result")),
    "rules": (Text("要求", "Req."), Text("规则", "Rule"), Text("内容", "What it says"), Text("出处", "Source"), Text("测试", "Test"), Text("结果", "Result")),
    "definitions": (Text("要求", "Req."), Text("名称", "Name"), Text("出处", "Source"), Text("测试", "Tests"), Text("结果", "Result")),
    "evidence": (Text("要求", "Req."), Text("内容", "What it shows"), Text("对照", "Compared with"), Text("测试文件", "Tests"), Text("比较的数", "Numbers compared"), Text("最大相对差", "Largest relative difference"), Text("结果", "Result")),
    "signatures": (Text("角色", "Role"), Text("姓名", "Name"), Text("日期", "Date"), Text("签名", "Signature")),
}  # fmt: skip
ROLES = (Text("执行", "Performed by"), Text("复核", "Reviewed by"), Text("批准", "Approved by"))
PASSED = Text("通过", "passed")
FAILED = Text("未通过", "FAILED")
NOT_RUN = Text("未运行", "NOT RUN")
SKIPPED = Text("已跳过", "skipped")
VERDICT = {
    True: Text("全部要求均有测试，且测试通过。", "Every requirement has tests, and they passed."),
    False: Text("有要求未得到证明，见第 2 节标红之处：在查明原因前不得用于正式分析。",
                "Some requirements are not shown to be met (in red in section 2): not for use in an analysis before the reason is known."),
}  # fmt: skip
LIMITS = (
    Text("本文件验证程序本身，不验证某项研究的数据录入、设置是否合适或方案是否恰当。", "The pack validates the program; it does not validate the data of a study, the choice of settings or the protocol."),
    Text("R 的答案由所列版本算出并存档，本次运行未重新调用 R；“比较的数”一栏为空处，测试以其自身的容差比较，不逐数计数。", "R's answers were computed by the versions named and stored; R was not called in this run. Where no numbers are counted, a test compares by a tolerance of its own."),
    Text("跳过的用例不算通过；其原因列在结果栏。", "A skipped case is not a pass; its reason is in the result."),
    Text("在另一台计算机上，安装后请运行 oligoscope doctor 并将其输出与本文件一并存档。", "On another computer, run oligoscope doctor after the installation and file its output with this document."),
    Text("Oligoscope 用于研究，不是医疗器械。", "Oligoscope is for research and is not a medical device."),
)  # fmt: skip
STYLE = """
@page { size: A4 landscape; margin: 14mm }
body { font: 10.5pt/1.45 "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", Arial, sans-serif; color: #1a1a1a; max-width: 270mm; margin: 10mm auto; padding: 0 5mm }
h1 { font-size: 20pt; margin: 0 0 4mm } h2 { font-size: 14pt; margin: 9mm 0 3mm; break-after: avoid }
table { border-collapse: collapse; width: 100%; font-size: 9pt } th { text-align: left; border-bottom: 1.5px solid #333 }
th, td { padding: 1.2mm 2mm; vertical-align: top } td { border-bottom: 1px solid #ccc } tr { break-inside: avoid } thead { display: table-header-group }
code { font: 8.5pt "DejaVu Sans Mono", Consolas, monospace } .no { color: #b00020; font-weight: bold } .verdict { font-size: 12pt; border: 1.5px solid #333; padding: 3mm 4mm }
td.sign { height: 11mm } td:first-child { white-space: nowrap }
"""


def rules_of(chapter: str) -> list[tuple[str, str, Rule]]:
    """The rules of a chapter in the order of the book: file of the tests (seen from tests/), test, rule."""
    return [
        (f"spec/{name}.py", test.__name__, test.rule)
        for name in CHAPTER_FILES
        for test in vars(import_module(f"spec.{name}")).values()
        if hasattr(test, "rule") and test.rule.chapter == chapter
    ]


def files_to_run() -> list[str]:
    """Every file of tests that the pack names, once."""
    named = [file for r in REQUIREMENTS for chapter in r.chapters for file, _, _ in rules_of(chapter)]
    return list(dict.fromkeys([*named, *(e.file for r in REQUIREMENTS for e in r.evidence)]))


def outcome_of(found: Outcomes, file: str, name: str | None = None) -> Outcome:
    """What came out of one test, or of all tests of a file; of what was not run, nothing."""
    total = Outcome()
    for (one, test), outcome in found.items():
        if one == file and name in {None, test}:
            total = total.plus(outcome)
    return total


def is_shown(requirement: Requirement, found: Outcomes) -> bool:
    """Whether each rule and each further evidence has a test that passed and none that failed; what was only skipped does not count."""
    outcomes = [outcome_of(found, file, test) for c in requirement.chapters for file, test, _ in rules_of(c)]
    further = [outcome_of(found, e.file) for e in requirement.evidence]
    run = [o for o in further if not (o.skipped and not o.passed and not o.failed)]
    return bool(outcomes or run) and all(o.passed and not o.failed for o in (*outcomes, *run))


def versions_of(evidence: Evidence) -> str:
    """R and its packages that computed the stored answers."""
    found: dict[str, str] = {}
    for name in evidence.answers:
        found |= json.loads((TESTS / "oracle" / name).read_text(encoding="utf-8"))["made_by"]
    r = found.pop("r", "")
    return ", ".join(
        ([r.partition(" Patched")[0]] if r else []) + [f"{name} {v}" for name, v in found.items()]
    )


def result_text(outcome: Outcome, language: Language) -> str:
    """Passed with the number of cases, failed, skipped and why, or not run; as HTML."""
    parts = []
    if outcome.passed and not outcome.failed:
        parts.append(f"{PASSED[language]} ({outcome.passed})")
    if outcome.failed:
        parts.append(
            f'<span class="no">{FAILED[language]} ({outcome.failed}/{outcome.passed + outcome.failed})</span>'
        )
    if outcome.skipped:
        why = escape("; ".join(outcome.reasons).removeprefix("Skipped: "))
        parts.append(f"{SKIPPED[language]} ({outcome.skipped}): {why}")
    return "<br>".join(parts) or f'<span class="no">{NOT_RUN[language]}</span>'


def _requirement_rows(found: Outcomes, language: Language) -> Iterator[list[str]]:
    for one in REQUIREMENTS:
        rules = [rule for chapter in one.chapters for rule in rules_of(chapter)]
        outcomes = [outcome_of(found, file, test) for file, test, _ in rules]
        outcomes += [outcome_of(found, e.file) for e in one.evidence]
        tests = len(rules) + sum(1 for file, _ in found if file in {e.file for e in one.evidence})
        cases = sum(o.passed + o.failed for o in outcomes)
        word = PASSED[language] if is_shown(one, found) else f'<span class="no">{FAILED[language]}</span>'
        yield [one.id, escape(one.sentence[language]), str(len(rules) or ""), str(tests), str(cases), word]


def _rule_rows(found: Outcomes, language: Language) -> Iterator[list[str]]:
    requirement_of = {chapter: r.id for r in REQUIREMENTS for chapter in r.chapters}
    for number, chapter in enumerate(CHAPTERS, 1):
        for n, (file, test, rule) in enumerate(rules_of(chapter), 1):
            yield [
                requirement_of.get(chapter, ""), f"{number}.{n}", escape(rule.sentence[language]), escape(source_text(rule.source, language)),
                f"{_code(file)}<br>{_code(test)}", result_text(outcome_of(found, file, test), language),
            ]  # fmt: skip


def _definition_rows(found: Outcomes, language: Language) -> Iterator[list[str]]:
    for requirement, definitions, file in (
        ("R4", PROGRESSION_DEFINITIONS, "spec/test_pattern.py"),
        ("R5", RESISTANCE_DEFINITIONS, "spec/test_resistance.py"),
    ):
        result = result_text(outcome_of(found, file), language)
        for one in definitions.values():
            yield [requirement, f"<code>{one.name}</code>", escape(one.source[language]), _code(file), result]


def _evidence_rows(found: Outcomes, language: Language) -> Iterator[list[str]]:
    for one in REQUIREMENTS:
        for evidence in one.evidence:
            outcome = outcome_of(found, evidence.file)
            against = "<br>".join(
                escape(text) for text in (evidence.source[language], versions_of(evidence)) if text
            )
            numbers = (
                [f"{outcome.numbers:,}", f"{outcome.largest:.0e}" if outcome.largest else "0"]
                if outcome.numbers
                else ["", ""]
            )
            yield [one.id, escape(evidence.shows[language]), against, _code(evidence.file), *numbers, result_text(outcome, language)]  # fmt: skip


def _code(name: str) -> str:
    """The name of a file or test, which may be cut after a sign but not within a word."""
    return f"<code>{escape(name).replace('_', '_<wbr>').replace('/', '/<wbr>')}</code>"


def _table(heads: Iterable[Text], rows: Rows, language: Language, sign: bool = False) -> str:
    head = "".join(f"<th>{escape(text[language])}</th>" for text in heads)
    cell = '<td class="sign">' if sign else "<td>"
    body = "".join("<tr>" + "".join(f"{cell}{text}</td>" for text in row) + "</tr>\n" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>"


def print_pack(found: Outcomes, identity: Iterable[tuple[Text, str]], language: Language) -> str:
    """The whole document in one language, as one HTML file without a script or a request.

    Args:
        found: What came out of the tests of `files_to_run`.
        identity: Name and value of what was validated: version, computer, libraries, checksums.
        language: Of the document.
    """
    met = all(is_shown(one, found) for one in REQUIREMENTS)
    verdict = f'<p class="verdict{"" if met else " no"}">{escape(VERDICT[met][language])}</p>'
    sections = (
        ("identity", _table(HEADS["identity"], [[escape(n[language]), f"<code>{escape(v)}</code>"] for n, v in identity], language)),
        ("requirements", verdict + _table(HEADS["requirements"], _requirement_rows(found, language), language)),
        ("rules", _table(HEADS["rules"], _rule_rows(found, language), language)),
        ("definitions", _table(HEADS["definitions"], _definition_rows(found, language), language)),
        ("evidence", _table(HEADS["evidence"], _evidence_rows(found, language), language)),
        ("limits", "<ul>" + "".join(f"<li>{escape(text[language])}</li>" for text in LIMITS) + "</ul>"
         + _table(HEADS["signatures"], [[role[language], "", "", ""] for role in ROLES], language, sign=True)),
    )  # fmt: skip
    body = "\n".join(f"<h2>{escape(H[name][language])}</h2>\n{html}" for name, html in sections)
    title = f"Oligoscope: {TITLE[language]}" if language == "en" else f"Oligoscope {TITLE[language]}"
    lang = "zh-CN" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>\n'
        f"<body><h1>{title}</h1>\n<p>{escape(PURPOSE[language])}</p>\n{body}\n</body></html>\n"
    )
