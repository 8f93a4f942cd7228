"""`report --study`: tables and figures go where study.yaml places them now; no number changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from oligoscope.run_documents import report_again
from oligoscope.study.protocol import ReportSettings

RUN = Path(__file__).parents[1] / "golden" / "small_run"


def test_the_documents_follow_and_the_record_says_so(tmp_path: Path):
    out = tmp_path / "out"
    shutil.copytree(RUN, out)
    results = (out / "results.csv").read_bytes()
    report_again(out, ("en",), placed_by=ReportSettings(figures={"flow_chart": "supplement"}))

    page = (out / "report.en.html").read_text("utf-8")
    assert page.index('id="part-supplement"') < page.index('id="figure-flow_chart"')
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["settings"]["report"]["figures"] == {"flow_chart": "supplement"}
    assert (out / "results.csv").read_bytes() == results
