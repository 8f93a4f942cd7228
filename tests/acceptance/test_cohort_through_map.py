"""A cohort as a team holds it in SPSS: what `map` drafts of the bare file gives the team's own groups."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from openpyxl import load_workbook

from oligoscope.checked_study import check_study
from oligoscope.clinical.patients import derive_patients
from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import content_of
from oligoscope.study.protocol import LimitSettings

pytestmark = [pytest.mark.shared, pytest.mark.slow]
OWN = {"oligoprogression": 289, "systemic": 290}
LABELS = {
    "ID": "病案号", "sex": "性别", "age": "年龄", "path": "病理类型", "treatmen": "治疗开始日期", "progress": "首次进展日期", "pattern": "进展模式",
    "resist": "耐药类型", "BOR": "最佳疗效", "PFS": "无进展生存期（月）", "PFSev": "PFS结局", "OS": "总生存期（月）", "death": "是否死亡", "organs": "进展部位",
    "bl_org": "基线转移部位",
}  # fmt: skip
WORDS = {
    "sex": {1: "男", 2: "女"}, "path": {1: "鳞癌", 2: "腺癌"}, "pattern": {1: "寡进展", 2: "广泛进展"}, "resist": {1: "继发性耐药", 2: "原发性耐药"},
    "BOR": {1: "CR", 2: "PR", 3: "SD", 4: "PD"}, "PFSev": {1: "进展", 0: "未进展"}, "death": {1: "死亡", 0: "存活"},
}  # fmt: skip


def drafted(folder: Path, answers: dict[str, str]) -> Draft:
    return draft_of(content_of(folder, LimitSettings()), folder, {"study": {}}, answers)


def patterns(folder: Path, draft: Draft) -> tuple[dict[str, int], pl.DataFrame]:
    """How many patients have each pattern, with the mapping that was drafted."""
    text = f"study: {{title: T, preset: huang2025, data_cutoff: 2025-04-08}}\ndata: {json.dumps(draft.data, ensure_ascii=False)}\n"
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    checked = check_study(folder)
    assert not checked.issues.errors
    assert not checked.issues.quarantined
    patients = derive_patients(checked.tables, checked.protocol).patients
    return dict(patients["pattern"].value_counts().iter_rows()), patients


def test_labels_months_and_event_flags_need_no_question(shared_path: Callable[..., Path], tmp_path: Path):
    book = load_workbook(shared_path("faults", "progressions_579", "spss579.xlsx"), read_only=True)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    frame = pl.DataFrame(rows, schema=[str(name) for name in head], orient="row", infer_schema_length=None)
    frame = frame.with_columns(PFSev=pl.lit(1)).select(*LABELS)
    names: Any = {name: f"V{i}" for i, name in enumerate(LABELS)}
    dates = [pl.col(c).cast(pl.Date) for c, kind in frame.schema.items() if kind == pl.Datetime]
    sav: Any = frame.with_columns(dates).rename(names)
    words: Any = {names[name]: known for name, known in WORDS.items()}
    labels: Any = list(LABELS.values())
    pyreadstat.write_sav(sav, str(tmp_path / "c.sav"), column_labels=labels, variable_value_labels=words)

    draft = drafted(tmp_path, {})
    found, patients = patterns(tmp_path, draft)

    assert [question.id for question in draft.asked] == []
    assert list(draft.data) == ["cohort"]
    assert found == OWN
    months = frame["PFS"].cast(pl.Float64).to_list()
    assert (patients["pfs_days"] / 30.4375).round(6).to_list() == pytest.approx(months)


def test_short_names_need_an_answer_each(shared_path: Callable[..., Path], tmp_path: Path):
    shutil.copy(shared_path("faults", "spss_sav", "data.sav"), tmp_path)
    answers = {"cohort.resistance.codes": "1=acquired, 2=primary"}
    asked = drafted(tmp_path, answers)
    answers |= {question.id: question.proposals[0] for question in asked.asked if question.proposals}

    found, patients = patterns(tmp_path, drafted(tmp_path, answers))

    assert len(answers) <= 10
    assert found == OWN
    assert patients["treatment_started_on"].null_count() == 0
    assert patients["os_days"].null_count() == 0
