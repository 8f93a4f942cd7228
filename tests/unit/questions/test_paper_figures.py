"""The pictures of where and when it progressed, of responses and of definitions: data, words and geometry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.drawing.alluvial import Node, place_nodes, spread
from oligoscope.drawing.figure import Figure, to_csv, to_png, to_svg
from oligoscope.drawing.group_bars import ink_on
from oligoscope.drawing.organs import COLOURS, drawn_organs
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.questions.definitions.figure import agreement_texts, definitions_of, draw_reclassification
from oligoscope.questions.definitions.numbers import compare_definitions
from oligoscope.questions.response.bars import draw_response_bars
from oligoscope.questions.response.numbers import compare_response_rates
from oligoscope.questions.sites.alluvial import alluvium_of, draw_alluvial
from oligoscope.questions.sites.numbers import describe_sites
from oligoscope.questions.sites.site_bars import draw_site_bars
from oligoscope.questions.sites.upset import MOST_SETS, draw_upset, sets_of
from oligoscope.questions.timing.figure import draw_month_bars, months_of, window_text
from oligoscope.questions.timing.numbers import describe_timing
from oligoscope.results.results import Results
from oligoscope.study.cell_lists import joined
from oligoscope.study.protocol import AnalysisSettings
from unit.hostile import WORDS
from unit.questions.geometry import outside, overlaps

GOLDEN = Path(__file__).parents[2] / "golden" / "figures"
OLIGO, SYSTEMIC = "oligoprogression", "systemic"
ORGANS = (
    "lung", "lymph_node", "bone", "liver", "adrenal", "brain", "pleura", "pericardium", "peritoneum", "kidney",
    "spleen", "skin", "soft_tissue", "mediastinum",
)  # fmt: skip
SHARES = np.array([0.9, 0.7, 0.3, 0.2, 0.15, 0.15, 0.1, 0.03, 0.05, 0.03, 0.02, 0.02, 0.02, 0.02])


def cohort(n: int, seed: int) -> pl.DataFrame:
    """Patients drawn from a seed; one of ten has nothing recorded at baseline."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        pattern = OLIGO if rng.random() < 0.5 else SYSTEMIC
        before = [] if i % 10 == 0 else [o for o, p in zip(ORGANS, SHARES, strict=True) if rng.random() < p]
        at = [o for o, p in zip(ORGANS, SHARES, strict=True) if rng.random() < p / 2] or ["lung"]
        response = rng.choice(["CR", "PR", "SD", "PD", "NE"], p=[0.03, 0.45, 0.32, 0.17, 0.03])
        day = int(rng.gamma(2, 140 if pattern == SYSTEMIC else 170))
        rows.append((f"P{i}", pattern, ";".join(before), ";".join(at), "same", str(response), day))
    names = [
        "patient_id", "pattern", "all_baseline_organs", "progressing_organs", "site_relation", "reported_response",
        "progressed_day",
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row")


def definitions(patients: pl.DataFrame) -> pl.DataFrame:
    """The same labels under seven definitions, each changed for some."""
    flip = {OLIGO: SYSTEMIC, SYSTEMIC: OLIGO}
    columns = {}
    for k, name in enumerate(
        ("huang2025", "astro_estro5", "strict3", "dingemans", "br38", "chai2021", "core")
    ):
        columns[f"pattern:{name}"] = [
            flip[p] if k and i % (9 * k) == 0 else p for i, p in enumerate(patients["pattern"])
        ]
    return pl.DataFrame({"patient_id": patients["patient_id"], **columns})


def made(n: int, seed: int = 11) -> Results:
    patients = cohort(n, seed)
    found, series = describe_sites(patients, AnalysisSettings(kind="sites"))
    found += describe_timing(patients, AnalysisSettings(kind="timing"))
    found += compare_response_rates(patients, AnalysisSettings(kind="response_rate"))
    found += compare_definitions(definitions(patients))
    return Results(tuple(found)).plus(series=series)


def _definitions_figure(results: Results, **more: bool) -> Figure:
    return draw_reclassification(results, "progressed", "pattern", "huang2025", **more)


DRAWINGS: tuple[Callable[..., Figure], ...] = (
    draw_alluvial, draw_site_bars, draw_month_bars, draw_response_bars, draw_upset, _definitions_figure,
)  # fmt: skip


@pytest.fixture(scope="module", params=[260, 25], ids=["many", "few"])
def results(request) -> Results:
    return made(request.param)


@pytest.fixture(scope="module")
def many() -> Results:
    return made(260)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", DRAWINGS)
def test_every_word_lies_inside_the_picture_and_on_no_other(results, draw, language):
    drawing = replace(draw(results), synthetic=True).draw(language)

    assert outside(drawing) == []
    assert overlaps(drawing) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_same_results_draw_the_same_bytes(many, draw, language):
    first, second = draw(many), draw(many)

    assert to_svg(first, language) == to_svg(second, language)
    assert to_png(first, language, dpi=60) == to_png(second, language, dpi=60)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_words_are_complete_in_both_languages(many, draw):
    figure = draw(many)
    for text in (figure.title, figure.caption, figure.alt):
        assert missing_glyphs(text.zh + text.en) == ""
        assert not any("\u4e00" <= c <= "\u9fff" for c in text.en)
        assert "None" not in text.zh + text.en
    assert ElementTree.fromstring(to_svg(figure, "zh")).get("role") == "img"
    assert figure.estimates


@pytest.mark.parametrize("draw", [draw_alluvial, draw_month_bars])
def test_the_data_of_the_picture_are_those_kept(many, draw):
    """Written anew by deleting the file; every change of these numbers should have a reason."""
    figure = draw(many)
    kept = GOLDEN / f"{figure.id}.csv"
    if not kept.is_file():
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(to_csv(figure), encoding="utf-8", newline="\n")

    assert to_csv(figure) == kept.read_text(encoding="utf-8")


def test_a_bar_is_as_high_as_the_number_beside_it(many):
    """And its bands fit into it: at the right they fill it, at the left they leave room for those who did not progress."""
    shown = alluvium_of(many, "progressed", "pattern", "all")
    counts = {e.level: e.value for e in many.find(variable="organ", group="all", statistic="n")}
    weights = shown.links.group_by("to_organ").agg(pl.col("weight_to").sum())
    leaving = dict(shown.links.group_by("from_organ").agg(pl.col("weight_from").sum()).iter_rows())

    for node, placed in zip(shown.progression, place_nodes(shown.progression, 0.5), strict=True):
        assert placed.height == 0.5 * node.n
        assert node.organ == "rest" or node.n == counts[node.organ]
    assert dict(weights.iter_rows()) == pytest.approx({node.organ: node.n for node in shown.progression})
    assert all(leaving.get(node.organ, 0) <= node.n + 1e-6 for node in shown.baseline)
    assert sum(node.n for node in shown.baseline if node.organ != "none") == shown.n_organs[0]


def test_of_one_group_only_its_own_patients_flow(many):
    whole = alluvium_of(many, "progressed", "pattern", "all").n
    parts = [alluvium_of(many, "progressed", "pattern", g).n for g in (OLIGO, SYSTEMIC)]

    assert sum(parts) == whole
    assert draw_alluvial(many, group=OLIGO).id != draw_alluvial(many).id


def test_patients_without_disease_recorded_at_baseline_are_a_source(many):
    source = alluvium_of(many, "progressed", "pattern", "all").baseline[-1]
    without = int((cohort(260, 11)["all_baseline_organs"] == "").sum())

    assert without >= 26
    assert (source.organ, source.n) == ("none", without)


def test_rare_organs_are_drawn_as_one_and_counted_in_the_total(many):
    shown = alluvium_of(many, "progressed", "pattern", "all")
    involved = cohort(260, 11)["progressing_organs"].str.split(";").list.len().sum()

    assert any(node.organ == "rest" for node in shown.progression)
    assert shown.n_organs[1] == involved


def test_one_organ_too_many_is_still_drawn_by_its_name():
    assert drawn_organs(("lung", "bone", "liver"), 2) == ("lung", "bone", "liver")
    assert drawn_organs(("lung", "bone", "liver", "brain"), 2) == ("lung", "bone")


def test_names_that_would_touch_move_apart_and_stay_in_order():
    places = spread([1.0, 1.2, 1.3, 20.0, 29.9], 4.0, 2.0, 30.0)

    assert all(b - a >= 4.0 - 1e-9 for a, b in pairwise(places))
    assert min(places) >= 2.0
    assert max(places) <= 30.0
    assert places[3] == 20.0


def test_bars_of_a_side_do_not_overlap():
    placed = place_nodes([Node(o, n, None) for o, n in (("lung", 100), ("bone", 1), ("brain", 40))], 0.2)

    assert all(a.top + a.height < b.top for a, b in pairwise(placed))


def test_organs_have_colours_of_their_own():
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_the_numbers_below_the_months_are_all_who_progressed(many):
    drawn = months_of(many, "progressed", "pattern")

    assert sum(drawn.total[c].value or 0 for c in drawn.classes) == 260
    assert drawn.sizes[OLIGO] + drawn.sizes[SYSTEMIC] == 260


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "8 个月内进展者"), ("en", "Progression up to month 8")]
)
def test_the_share_before_eight_months_is_printed_with_its_limits(many, language, words):
    first = months_of(many, "progressed", "pattern").windows[0]
    text = window_text(first, language)

    assert words in text
    assert f"*n*={first.n}" in text
    assert "95%" in text


def test_the_marks_are_optional(many):
    drawing = draw_month_bars(many, marks=()).draw("en")

    assert not [t for t in drawing.axes[0].texts if "months" in t.get_text()]


def test_sets_that_are_not_drawn_are_counted_in_words(many):
    shown = sets_of(many, "progressed", "pattern")
    n, left_out = shown.n_left_out

    assert len(shown.sets) == MOST_SETS
    assert sum(sum(counts.values()) for _, counts in shown.sets) + n == 260
    assert f"{left_out} further combinations with {n} patients" in draw_upset(many).caption.en


def test_an_organ_that_is_in_no_drawn_set_is_named_with_its_patients():
    """It has no row in the picture."""
    often = [
        (a, b)
        for a in ("lung", "bone", "liver", "brain", "kidney")
        for b in ("skin", "pleura", "spleen", "adrenal", "thyroid")
    ]
    organs = often * 3 + [("peritoneum", "lung", "bone")]
    cells = (
        pl.DataFrame({"organs": [list(names) for names in organs]})
        .select(joined(pl.col("organs")))
        .to_series()
    )
    patients = cohort(len(cells), 3).with_columns(progressing_organs=cells, all_baseline_organs=cells)
    found, series = describe_sites(patients, AnalysisSettings(kind="sites"))
    results = Results(tuple(found)).plus(series=series)
    shown, caption = sets_of(results, "progressed", "pattern"), draw_upset(results).caption

    assert "peritoneum" not in shown.organs
    assert shown.not_drawn["peritoneum"] == 1
    assert "peritoneum (*n*=1)" in caption.en
    assert "腹膜（1 例）" in caption.zh


@pytest.mark.parametrize("language", LANGUAGES)
def test_organs_of_any_name_are_in_the_sets_they_are_in(language):
    """A ";" in the name of an organ once cut it in two, and the figure was lost."""
    organs = [
        ("bone;", "lung"),
        (";",),
        ("a;b", "a", "b"),
        ("lung", "a\\;b"),
        ("\\", "lung;"),
        ("lung",),
        tuple(WORDS[:6]),
    ]
    cells = (
        pl.DataFrame({"organs": [list(names) for names in organs]})
        .select(joined(pl.col("organs")))
        .to_series()
    )
    patients = cohort(40, 3).with_columns(
        progressing_organs=pl.Series([cells[i % len(organs)] for i in range(40)]),
        all_baseline_organs=pl.Series([cells[i % 3] for i in range(40)]),
    )
    found, series = describe_sites(patients, AnalysisSettings(kind="sites"))
    results = Results(tuple(found)).plus(series=series)

    shown = sets_of(results, "progressed", "pattern")

    assert {frozenset(names) for names, _ in shown.sets} == {frozenset(names) for names in organs}
    assert set(shown.organs) == {organ for names in organs for organ in names}
    draw_upset(results).draw(language)


def test_the_studys_own_definition_is_first_and_compared_with_nothing(many):
    shown = definitions_of(many, "progressed", "pattern", "huang2025")

    assert shown.presets[0] == "huang2025"
    assert agreement_texts(shown, "huang2025", "en") == ("this study", "")
    assert shown.labels == (OLIGO, SYSTEMIC)
    assert all(" to " in agreement_texts(shown, p, "en")[1] for p in shown.presets[1:])


def test_numbers_stand_out_from_their_fill():
    """Contrast of WCAG 2: at least 4.5 to 1 on the fills used here."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for fill in ("#0072B2", "#D55E00", "#009e73", "#cc79a7", "#e69f00", "#001f4d", "#a6c2dc"):
        ink = {"white": "#ffffff"}.get(ink_on(fill), ink_on(fill))
        light, dark = sorted((luminance(fill), luminance(ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, fill


def test_a_population_without_results_is_a_key_error():
    for draw in DRAWINGS:
        with pytest.raises(KeyError):
            draw(Results())
