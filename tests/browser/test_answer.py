"""The answer and the paper in a browser: linked pictures, numbers, patients, files."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from browser.serving import Serving

LANGUAGES = ("zh", "en")
STUDY = "small"
PARTS = ("", "/who", "/where", "/when", "/survival", "/definitions", "/response", "/methods")


@pytest.fixture(scope="module")
def study(server: Serving) -> Path:
    """A study that has run."""
    folder = server.home / STUDY
    making = (
        "from pathlib import Path; from oligoscope.demo.cohort import make_cohort, write_cohort; "
        f"write_cohort(make_cohort(7, 80), Path({str(folder)!r}))"
    )
    subprocess.run([sys.executable, "-c", making], check=True)
    out = folder / "output"
    run = [sys.executable, "-m", "oligoscope", "run", str(folder), "--out", str(out), "--lang", "both"]
    assert subprocess.run(run, check=False, capture_output=True).returncode in {0, 4}
    return folder


@pytest.fixture
def answer(page: Any, server: Serving, study: Path) -> str:
    """The address of the answer, its values being there."""
    address = f"{server.url}/en/studies/{study.name}/answer"
    page.goto(address)
    page.wait_for_selector("#linked[data-ready]", timeout=60_000)
    return address


def opened(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#linked[data-ready]", timeout=20_000)


@pytest.mark.parametrize(
    ("language", "part"), [*(("en", part) for part in PARTS), ("zh", ""), ("zh", "/survival")]
)
def test_no_part_of_the_answer_has_a_barrier(page: Any, answer: str, language: str, part: str):
    from browser.accessible import violations

    page.goto(answer.replace("/en/", f"/{language}/") + part + "?pattern=systemic")

    assert violations(page) == []


@pytest.mark.parametrize("place", ["/paper", "/answer/numbers/25"])
def test_the_paper_and_a_number_have_no_barrier(page: Any, answer: str, place: str):
    from browser.accessible import violations

    page.goto(answer.removesuffix("/answer") + place)

    assert violations(page) == []


def test_the_other_language_keeps_the_selection(page: Any, answer: str):
    opened(page, f"{answer}?pattern=systemic&organ=lung")
    said = page.locator("#selection-count").text_content()
    page.click("a.language")
    page.wait_for_selector("#linked[data-ready]")

    assert page.url.endswith("/zh/studies/small/answer?pattern=systemic&organ=lung")
    n = said.split()[0]
    assert n in page.locator("#selection-count").text_content()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["/answer", "/answer/where", "/answer/methods", "/paper"])
def test_nothing_is_cut_on_a_phone(page: Any, answer: str, language: str, place: str):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(answer.replace("/en/", f"/{language}/").removesuffix("/answer") + place)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_bar_selects_patients_and_the_address_says_so(page: Any, answer: str):
    mark = page.locator('[data-key="organ=lung"]')
    n = int(mark.locator(".count").text_content())
    mark.click()

    assert page.url == f"{answer}?organ=lung"
    assert mark.get_attribute("aria-pressed") == "true"
    assert f"{n} of the 80" in page.locator("#selection-count").text_content()
    assert page.locator("#patients-table tbody tr").count() == min(n, 50)
    assert mark.locator(".count").text_content() == f"{n} of {n}"
    page.go_back()
    page.wait_for_function("document.getElementById('selection').hidden")
    page.go_forward()
    page.wait_for_function("!document.getElementById('selection').hidden")


def test_pictures_are_walked_and_chosen_by_keyboard(page: Any, answer: str):
    first = page.locator('[data-picture="pattern"] .mark').first
    first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert page.url.endswith("?pattern=systemic")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.key") == "pattern=oligoprogression"


def test_months_are_chosen_by_fields_and_by_dragging(page: Any, answer: str):
    field = page.locator('[data-picture="pps"] input')
    field.nth(0).fill("3")
    field.nth(1).fill("9")
    field.nth(1).press("Enter")
    assert page.url.endswith("?pps=3-9")

    box = page.locator('[data-picture="pps"] .plate').bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 60)
    page.mouse.up()

    assert "?pps=" in page.url
    assert not page.url.endswith("3-9")


def test_a_selection_counts_what_the_file_of_patients_holds(page: Any, answer: str, study: Path):
    import csv

    with (study / "output" / "patients.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["population"] == "progressed"]
    wanted = [
        row for row in rows if "bone" in row["progressing_organs"].split(";")
        and 3 <= float(row["pps_days"]) / 30.4375 <= 9
    ]  # fmt: skip
    opened(page, f"{answer}?organ=bone&pps=3-9")

    assert page.locator("#patients-table tbody tr").count() == len(wanted)


def test_the_list_is_saved_with_study_numbers_only(page: Any, answer: str, study: Path):
    opened(page, f"{answer}?pattern=systemic")
    with page.expect_download() as saved:
        page.click("#selection-csv")
    text = Path(saved.value.path()).read_text("utf-8-sig")

    said = page.locator("#patients-table caption").text_content()
    assert f"of {len(text.splitlines()) - 1};" in said
    own = [line.split(",")[0] for line in (study / "patients.csv").read_text("utf-8-sig").splitlines()[1:]]
    assert not any(f"\n{number}," in text for number in own)


def test_a_number_opens_its_row_method_and_patients(page: Any, answer: str):
    page.locator(".three-line .number-link").first.click()
    assert "/answer/numbers/" in page.url
    assert page.locator(".ids a").count() > 0
    page.get_by_text("Show these patients in the pictures").click()
    page.wait_for_selector("#linked[data-ready]")

    assert page.locator("#patients-table tbody tr").count() > 0


def test_a_patient_has_lesions_reasons_and_other_definitions(page: Any, answer: str):
    from browser.accessible import violations

    opened(page, f"{answer}?pattern=oligoprogression")
    page.locator("#patients-table tbody a").first.click()
    page.wait_for_selector("#lesions-title", timeout=60_000)

    assert page.locator("#patient-reasons-title, #others-title").count() == 2
    assert violations(page) == []
    picture = page.locator(".report-figure img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.report-figure img').naturalWidth > 0")


@pytest.mark.parametrize("name", ["report.zh.html", "report.en.html", "numbers.zh.html", "numbers.en.html"])
def test_the_pages_of_the_report_keep_their_style_under_a_policy_without_unsafe_inline(
    page: Any, answer: str, name: str
):
    found = page.goto(answer.removesuffix("answer") + f"output/{name}")

    policy = found.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "'sha256-" in policy
    assert "Noto Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")


def test_other_styles_and_places_leave_the_results_as_they_are(page: Any, answer: str, study: Path):
    results = study / "output" / "results.csv"
    before, text = results.read_bytes(), (study / "study.yaml").read_text("utf-8")
    page.goto(answer.removesuffix("answer") + "paper")
    page.check('input[value="en-lancet"]')
    page.click("summary >> nth=0")
    page.uncheck('input[value="figure:flow_chart"]')
    page.get_by_role("button", name="Write the documents").click()
    page.wait_for_selector(".notice.good", timeout=120_000)

    assert results.read_bytes() == before
    assert "flow_chart: supplement" in (study / "study.yaml").read_text("utf-8")
    assert text.splitlines()[0] in (study / "study.yaml").read_text("utf-8")
    record = json.loads((study / "output" / "run.json").read_text("utf-8"))
    assert record["styles"] == {"en": "en-lancet"}
    assert "·" in (study / "output" / "report.en.html").read_text("utf-8")


def test_the_zip_holds_no_patients_unless_it_is_asked_for(page: Any, answer: str, study: Path):
    base = answer.removesuffix("answer") + "paper/study.zip"
    without, everything = (
        zipfile.ZipFile(BytesIO(page.request.get(base + query).body())).namelist()
        for query in ("", "?data=yes&key=yes")
    )

    assert {"study.yaml", "output/results.csv", "output/run.json", "output/analysis.R"} <= set(without)
    assert not {"patients.csv", "output/patients.csv", "output/reasons.csv", "study_numbers.csv"} & set(
        without
    )
    assert {"patients.csv", "output/patients.csv", "study_numbers.csv"} <= set(everything)


@pytest.mark.parametrize("n", [579, 10_000])
def test_linking_answers_at_once(page: Any, answer: str, n: int, capsys: pytest.CaptureFixture[str]):
    """100 ms at 579 patients, 500 ms at 10,000; the limits here leave room for a busy machine."""
    values = json.dumps(_large(n))
    page.route("**/answer.json", lambda route: route.fulfill(body=values, content_type="application/json"))
    opened(page, answer)
    took = []
    for key in ("organ=o1", "sex=l0", "pattern=systemic"):
        page.locator(f'[data-key="{key}"]').click()
        took.append(float(page.locator("#linked").get_attribute("data-took")))
    page.unroute("**/answer.json")

    with capsys.disabled():
        sys.stdout.write(f"\n{n} patients: {', '.join(f'{t:.1f}' for t in took)} ms\n")
    assert max(took) < (1000 if n < 1000 else 3000)


def _large(n: int) -> dict[str, Any]:
    """Values of a study of so many patients, with as many pictures as a usual one."""
    random.seed(1)
    size = (n + 7) // 8

    def mark(value: str, share: float) -> dict[str, Any]:
        held = [random.random() < share for _ in range(n)]
        packed = bytearray(size)
        for i, here in enumerate(held):
            packed[i >> 3] |= here << (i & 7)
        bits = base64.b64encode(bytes(packed)).decode()
        return {"value": value, "text": [value, value], "n": sum(held), "row": 2, "bits": bits}

    def picture(name: str, chapter: str, levels: list[str]) -> dict[str, Any]:
        return {
            "name": name, "chapter": chapter, "title": [name, name],
            "marks": [mark(level, 1 / len(levels)) for level in levels],
        }  # fmt: skip

    sets = [
        picture("pattern", "pattern", ["oligoprogression", "systemic"]),
        picture("organ", "sites", [f"o{i}" for i in range(12)]),
        picture("window", "timing", ["a", "b", "c"]),
        *(
            picture(name, "baseline", ["l0", "l1", "l2"])
            for name in ("sex", "stage", "ecog", "smoking", "age")
        ),
    ]
    bands = [
        mark("", 0.02)
        | {"from": f"o{i}", "to": f"o{j}", "left": 5, "right": 5, "text": [["a", "a"], ["b", "b"]]}
        for i in range(10)
        for j in range(10)
    ]
    days = [round(random.expovariate(1 / 300)) for _ in range(n)]
    times = {"title": ["月", "PPS"], "days": days, "event": [1] * n}
    words = {"title": ["a", "a"], "levels": ["x"], "names": [["x", "x"]], "of": [0] * n}
    steps = {key: [1 - i / 3000 for i in range(2000)] for key in ("survival", "low", "high")}
    group = {
        "value": "systemic", "text": ["a", "a"], "months": [i / 20 for i in range(2000)], **steps,
        "censored": [0] * 2000, "at_risk": [[m, 5] for m in range(100)],
    }  # fmt: skip
    return {
        "ids": [f"SN{i}" for i in range(n)], "days_per_month": 30.4375, "columns": {"pattern": words},
        "times": {"pps": times}, "organs": {"names": [["x", "x"]], "of": [[0]] * n}, "flow": [], "sets": sets,
        "bands": bands, "curves": [{"outcome": "pps", "title": ["a", "a"], "groups": [group]}],
        "progressed": base64.b64encode(b"\xff" * size).decode(),
    }  # fmt: skip


def test_a_number_of_no_row_and_a_patient_of_no_study_are_refused(page: Any, answer: str):
    for place in ("numbers/1", "numbers/99999999", "numbers/x", "patients/nobody", "nothing"):
        assert page.request.get(f"{answer}/{place}").status == 404
