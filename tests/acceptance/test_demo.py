"""The built-in synthetic cohort through the whole study."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from docx import Document

from acceptance.commands import as_process, oligoscope, table
from dates_in_words import with_months_in_numbers
from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.demo.cohort import make_cohort
from oligoscope.printing.blocks import Block, FigureBlock, TableBlock
from oligoscope.published.comparison import Compared, agreement, compare_published
from oligoscope.published.paper import read_published
from oligoscope.report.document import build_document, build_published
from oligoscope.report.docx import page_plan
from oligoscope.report.docx.docx import write_docx
from oligoscope.report.docx.pages import Pages
from oligoscope.report.report_formats import REPORT_FORMATS
from oligoscope.results.analyses import BASELINE
from oligoscope.results.statistics import Statistic
from oligoscope.results_files import read_results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from stored.golden import same_as_stored


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """(the output folder, what the command said)."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    return folder, as_process("demo", "--out", folder)


@pytest.fixture(scope="module")
def out(done):
    folder, said = done
    assert "report.en.html" in said.stdout
    return folder


def test_every_step_is_counted_and_the_last_is_the_last(done):
    steps = [tuple(map(int, m)) for m in re.findall(r" (\d+)/(\d+)$", done[1].stderr, re.MULTILINE)]

    assert [i for i, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for _, total in steps} == {len(steps)}


# What each figure of the answer, the paper and its supplement shows: the figures of the cohort's paper are among them.
PAPER_FIGURES = {
    "A1": "answer_comparisons", "A2": "answer_curve", "1": "flow_chart", "2": "alluvial_progressed", "3": "survival_pps_pattern",
    "4": "survival_pattern", "5": "landmark_treated", "6": "subgroups_progressed_pps", "S1": "love_plot",
    "S2": "score_overlap", "S3": "predictors_progressed_pattern", "S4": "sites_and_months_progressed_pattern",
    "S5": "survival_pps_resistance", "S6": "survival_line_regimen_pattern", "S7": "survival_oligoprogression_resistance",
    "S8": "survival_systemic_resistance", "S9": "survival_progressed:oligoprogression:no_pattern_os",
    "S10": "response_bars_progressed_pattern",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_outline_of_the_report_is_the_stored_one(out, language):
    """Headings and captions in order."""
    page = (out / f"report.{language}.html").read_text(encoding="utf-8")
    page = re.sub(r"<nav.*?</nav>|<svg.*?</svg>|<sup>.*?</sup>", "", page, flags=re.DOTALL)
    found = re.findall(r"<(h2|h3|caption|figcaption)[^>]*>(.*?)</\1>", page, re.DOTALL)
    lines = (f"{kind}: {unescape(re.sub('<[^>]+>', '', text)).strip()}" for kind, text in found)

    same_as_stored(f"report.{language}.txt", lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_lists_files_that_are_there(out, language):
    page = (out / f"report.{language}.html").read_text(encoding="utf-8")
    listed = page[page.rindex({"en": "Files written with this report", "zh": "随报告输出的文件"}[language]) :]
    names = re.findall(
        r"<t[dh][^>]*>([\w.]+\.(?:csv|R|json|html|xlsx|docx))</t", listed[: listed.index("</table>")]
    )

    assert {"results.csv", "weights.csv", "analysis.R"} <= set(names)
    assert "reader_responses.csv" not in names  # there is one reader
    assert [name for name in names if not (out / name).exists()] == []


FIRST_OF_ALL = {  # the comparison, its caution, who was studied, how far it hangs on the definition
    "en": ["Post-progression survival was longer", "Caution A1", "Of 1497 patients screened", "The result held under 5 of the 6 other"],
    "zh": ["进展后生存期长于", "注意事项 A1", "共筛选患者 1497 例", "其他 6 种互有重叠的定义中，5 种下结果一致"],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_reader_looks_for_first_is_above_the_first_table(out, language):
    page = (out / f"report.{language}.html").read_text(encoding="utf-8")
    top = page[page.index('id="part-answer"') : page.index("<table")]
    places = [top.find(words) for words in FIRST_OF_ALL[language]]

    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_figure_has_its_number_in_its_part_of_the_report(out, language):
    page = (out / f"report.{language}.html").read_text(encoding="utf-8")
    found = re.findall(
        r'<figure id="figure-([^"]+)".*?<b class="number">(?:图|Fig\. )(\w+)</b>', page, re.DOTALL
    )
    shown = {number: name for name, number in found}

    assert {n: shown.get(n) for n in PAPER_FIGURES} == PAPER_FIGURES
    assert [n for n in shown if n[0] not in "AS"] == ["1", "2", "3", "4", "5", "6"]


def _pages_of(out, name, language, monkeypatch) -> list[Pages]:
    """Those of each plan that is tried for a Word file; the last of them is the one that is taken, where it is full enough."""
    made: list[Pages] = []

    class Counted(Pages):
        def __init__(self, *given, **how) -> None:
            super().__init__(*given, **how)
            made.append(self)

    monkeypatch.setattr(page_plan, "Pages", Counted)
    parts = REPORT_FORMATS["docx"].files(build_document(_protocol(out), read_results(out)))
    write_docx(parts[name], language, dpi=72)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "most"), [("answer", 2), ("report", 12)])
def test_word_files_keep_to_their_pages_in_every_face(out, name, most, language, monkeypatch):
    """In Times, and in the wider face that a computer without it takes."""
    *_, pages = _pages_of(out, name, language, monkeypatch)

    assert len(pages.numbers) == 3  # of Times twice: as it is reckoned, and a little taller
    assert max(pages.numbers) <= most
    assert min(pages.numbers) > most / 2
    assert max(pages.emptiness) < 0.07


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_supplement_are_not_half_empty(out, language, monkeypatch):
    """In Times all together as if at most one page were about half empty."""
    tried = [pages.emptiness for pages in _pages_of(out, "supplement", language, monkeypatch)]

    assert min(first + taller for first, taller, _ in tried) < 0.24


def test_every_page_is_marked_synthetic(out):
    assert "synthetic" in (out / "report.en.html").read_text(encoding="utf-8").lower()
    assert "合成" in (out / "report.zh.html").read_text(encoding="utf-8")


def _printed(path: Path) -> str:
    """The words of a Word file outside pictures and page heads; a merged cell once."""
    document = Document(str(path))
    # By the element that is held: the place in memory of one that is let go of is soon another's.
    cells = {cell._tc: cell.text for found in document.tables for row in found.rows for cell in row.cells}
    return "\n".join([*(p.text for p in document.paragraphs), *cells.values()])


def test_the_answer_is_read_in_a_minute(out):
    """Words with letters in English, characters in Chinese: what two readers need who have one minute."""
    english, chinese = (_printed(out / f"answer.{language}.docx") for language in ("en", "zh"))

    assert len([word for word in english.split() if re.search("[A-Za-z]{2}", word)]) < 600
    assert len(re.findall("[\u4e00-\u9fff]", chinese)) < 1000


@pytest.mark.parametrize(
    ("language", "once"),
    [
        ("en", ("test of proportional hazards", "and is an average", "Synthetic data", "hazard ratio (Cox model)", "0.118")),
        ("zh", ("比例风险检验", "所给为平均值", "合成数据", "风险比（Cox 模型）", "0.118")),
    ],
)  # fmt: skip
def test_the_answer_says_nothing_twice(out, language, once):
    said = _printed(out / f"answer.{language}.docx")

    assert {words: said.count(words) for words in once} == dict.fromkeys(once, 1)


def test_another_matching_is_named_with_the_matching_and_not_in_the_answer(out):
    """Its largest difference is by chance that of another level before matching, which the answer prints: two readers took one for the other."""
    for language, words in (("en", "not used for outcomes"), ("zh", "未用于任何结局")):
        said = {
            name: _printed(out / f"{name}.{language}.docx").count(words)
            for name in ("answer", "report", "supplement")
        }
        assert said.pop("answer") == 0
        assert sum(said.values()) == 1


def test_table_1_counts_are_the_printed_ones(out):
    """Every count cell before matching but PD-L1, of which a share is set missing."""
    ours = table(out / "results.csv")
    ours = ours.filter(
        (pl.col("analysis") == "baseline")
        & (pl.col("statistic") == "n")
        & (pl.col("population") == "progressed")
    )
    counts = {(r["group"], r["variable"], r["level"]): float(r["value"]) for r in ours.to_dicts()}
    printed = [
        e for e in read_published("huang2025").results.estimates
        if e.analysis == BASELINE and e.population == "progressed" and e.statistic == Statistic.N and e.variable != "pd_l1"
    ]  # fmt: skip
    cells = [(e.group, e.variable or None, e.level or None) for e in printed]

    assert len(cells) >= 42
    assert [counts.get(cell) for cell in cells] == [e.value for e in printed]


@pytest.fixture(scope="module")
def compared(out) -> tuple[Compared, ...]:
    return compare_published(read_results(out), read_published("huang2025"))


def test_the_derived_resistance_is_the_intended_one(out):
    derived = table(out / "patients.csv").filter(pl.col("population") == "progressed")
    intended = make_cohort(20250408).truth.filter(pl.col("pattern") != "")
    both = derived.join(intended, on="patient_id", suffix="_intended", validate="1:1")

    assert both.height == derived.height == intended.height == 579
    assert both.filter(pl.col("resistance") != pl.col("resistance_intended")).is_empty()


def test_most_printed_numbers_outside_table_1_are_within_their_tolerance(compared):
    found = agreement(compared, table_1=False)

    assert (found.n, found.n_not_reproduced) == (132, 0)
    assert found.n_within >= 127


def test_the_progression_of_the_resistance_types_has_the_printed_medians_and_ratios(compared):
    """Huang 2025, 2.8.1 and 2.8.2, before matching."""
    rows = [
        row for row in compared
        if row.printed.section.startswith("2.8")
        and row.printed.estimate.outcome == Outcome.PFS
        and row.printed.estimate.population.startswith("progressed")
    ]  # fmt: skip
    medians = [row for row in rows if row.printed.estimate.statistic == Statistic.MEDIAN]

    assert len(rows) == 12
    assert {row.verdict for row in rows} == {"within"}
    assert [f"{row.ours:.1f}" for row in medians] == [f"{row.theirs:.1f}" for row in medians]


@pytest.mark.slow
def test_two_runs_give_the_same_bytes(out, tmp_path):
    as_process("demo", "--out", tmp_path / "again")
    for name in ("results.csv", "patients.csv", "responses.csv", "reasons.csv", "flow.csv", "issues.csv"):
        assert (out / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.slow
def test_another_seed_gives_another_cohort_with_the_same_margins(out, tmp_path):
    oligoscope("demo", "--out", tmp_path / "other", "--seed", "7")
    first, other = table(out / "results.csv"), table(tmp_path / "other" / "results.csv")
    margins = (
        (pl.col("analysis") == "baseline")
        & (pl.col("population") == "progressed")  # the matched differ from seed to seed
        & (pl.col("variable") == "sex")
        & (pl.col("statistic") == "n")
    )
    assert first.filter(margins).equals(other.filter(margins))
    survival = (pl.col("analysis") == "survival") & (pl.col("statistic") == "median")
    assert not first.filter(survival).equals(other.filter(survival))


def test_changing_one_measurement_changes_only_that_patient(out, tmp_path):
    study = tmp_path / "study"
    study.mkdir()
    for file in (out / "study").iterdir():
        (study / file.name).write_bytes(file.read_bytes())
    rows = table(study / "measurements.csv").with_row_index("row")
    targets = (
        table(study / "lesions.csv").filter(pl.col("role") == "target").select("patient_id", "lesion_id")
    )
    sized = rows.join(targets, on=["patient_id", "lesion_id"]).filter(
        pl.col("diameter_mm").cast(pl.Float64) > 0
    )
    followed = (
        table(out / "responses.csv")
        .group_by("patient_id", maintain_order=True)
        .len()
        .filter(pl.col("len") > 3)
    )
    row = sized.join(followed, on="patient_id", how="semi", maintain_order="left").row(5, named=True)
    changed = rows.with_columns(
        diameter_mm=pl.when(pl.col("row") == row["row"]).then(pl.lit("399")).otherwise(pl.col("diameter_mm"))
    )
    changed.drop("row").write_csv(study / "measurements.csv")

    oligoscope("derive", study, "--out", tmp_path / "out")

    before, after = table(out / "patients.csv"), table(tmp_path / "out" / "patients.csv")
    differ = before.filter(before.hash_rows() != after.hash_rows())["patient_id"].to_list()
    assert set(differ) <= {row["patient_id"]}
    assert before["patient_id"].equals(after["patient_id"])
    old, new = table(out / "responses.csv"), table(tmp_path / "out" / "responses.csv")
    others = pl.col("patient_id") != row["patient_id"]
    assert old.filter(others).equals(new.filter(others))
    assert not old.filter(~others).equals(new.filter(~others))


def test_run_json_repeats_the_run(out):
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["seed"] == run["settings"]["study"]["seed"] == 20250408
    assert set(run["outputs"]) >= {"results.csv", "patients.csv", "report.en.html"}
    parts = ("answer", "report", "supplement", "published")
    assert set(run["outputs"]) >= {f"{name}.{language}.docx" for name in parts for language in LANGUAGES}
    assert {"patients.csv", "measurements.csv", "study.yaml"} <= set(run["inputs"])


def _protocol(out: Path) -> Protocol:
    return Protocol.model_validate(json.loads((out / "run.json").read_text(encoding="utf-8"))["settings"])


def _said(out: Path) -> list[Text]:
    """Every text of the report, and of what the paper prints beside it."""
    protocol, results = _protocol(out), read_results(out)
    document, published = build_document(protocol, results), build_published(protocol, results)
    assert published is not None
    return [text for block in (*document.blocks, *published.blocks) for text in _texts(block)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_brackets_stand_within_brackets(out, language):
    within = re.compile(r"[(（][^()（）]*[(（]")
    said = [text[language].replace("log(-log S)", "") for text in _said(out)]

    assert [text for text in said if within.search(text)] == []


def test_every_block_of_the_report_says_the_same_numbers_in_both_languages(out):
    """Sentences, titles, notes, descriptions and cells; words such as 一例 and "one" are no numbers."""
    said = _said(out)

    assert [t for t in said if _numbers(t.zh) != _numbers(t.en)] == []
    assert sum(_numbers(t.zh).total() for t in said) > 5000


def _texts(block: Block) -> Iterator[Text]:
    match block:
        case FigureBlock(figure=figure):
            yield from (figure.title, figure.caption, figure.alt)
        case TableBlock(table=table):
            yield from (table.title, *table.notes, *(h.text for h in table.columns))
            yield from (cell.text for row in table.rows for cell in row.cells)
        case _:
            yield block.text


def _numbers(text: str) -> Counter[str]:
    # A digit of a name (PFS2) is no number; a sentence may say "it" for the name in one language.
    return Counter(re.findall(r"(?<![A-Za-z])\d+(?:\.\d+)?", with_months_in_numbers(text)))
