"""Figure 1: its counts add up, and every excluded patient is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg

from oligoscope.bilingual import LANGUAGES
from oligoscope.questions.flow.figure import draw_flow_chart, flow_steps
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import changed


def test_each_population_is_the_one_before_less_the_excluded(made_results, made_protocol):
    screened, treated, progressed = flow_steps(made_results, made_protocol)

    assert screened.n - screened.n_excluded == treated.n
    assert treated.n - treated.n_excluded == progressed.n


def test_the_patterns_add_up_to_the_progressed(made_results, made_protocol):
    data = draw_flow_chart(made_results, made_protocol).data
    patterns = data.filter(pl.col("kind") == "pattern")["n"].sum()

    assert patterns == data.filter(pl.col("name") == "", pl.col("population") == "progressed")["n"].item()


def test_patients_who_could_not_be_judged_are_named(made_results, made_protocol):
    unknown: dict[str, Any] = {
        "analysis": FLOW,
        "variable": "driver",
        "statistic": Statistic.N_NOT_ASSESSABLE,
    }
    caption = draw_flow_chart(changed(made_results, {"value": 12}, **unknown), made_protocol).caption

    assert "Driver alteration present or unknown (*n*=12)" in caption.en
    assert "驱动基因阳性或未知（*n*=12）" in caption.zh


def test_exclusions_that_no_rule_of_the_study_makes_are_shown_too(made_results, made_protocol):
    step = flow_steps(made_results, made_protocol)[0]

    assert step.exclusions[0].sentence.en == "Set aside because of faulty data"


def test_every_box_lies_inside_the_picture(made_results, made_protocol):
    for language in ("zh", "en"):
        drawing = draw_flow_chart(made_results, made_protocol).draw(language)
        canvas = FigureCanvasAgg(drawing)
        renderer = canvas.get_renderer()
        width, height = canvas.get_width_height()
        for text in drawing.axes[0].texts:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= width
            assert box.y1 <= height


def test_the_box_of_those_without_progression_counts_the_deaths(made_results, made_protocol):
    left = flow_steps(made_results, made_protocol)[1].exclusions[0].excluded
    died = replace(left, outcome=Outcome.OS, statistic=Statistic.EVENTS, value=14)
    rows = [e for e in made_results.estimates if e.analysis != FLOW or e.statistic != Statistic.EVENTS]
    figure = draw_flow_chart(Results((*rows, died), made_results.series), made_protocol)

    assert died in figure.estimates
    assert "(14 died)" in figure.alt.en
    assert "其中死亡 14 例" in figure.alt.zh
    words = {"en": "; 14 died)", "zh": "，其中死亡 14 例)"}
    for language in LANGUAGES:
        assert any(words[language] in text.get_text() for text in figure.draw(language).axes[0].texts)
