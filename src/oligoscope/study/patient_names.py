"""Printed names of columns of patients, and of their levels, where a list of patients names them."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.keys import level_key, versus
from oligoscope.study.vocabulary import is_ours, variable_name

DERIVED_COLUMNS: dict[str, Text] = {
    "line_regimen": Text("后线方案", "Regimen of the later line"),
    "first_line_regimen": Text("一线方案", "First-line regimen"),
    "local_after_progression": Text("进展后局部治疗", "Local treatment after progression"),
    "beyond_progression": Text("进展后继续原治疗", "Treatment beyond progression"),
}
RESPONSES: dict[str, Text] = {
    "CR": Text("完全缓解（CR）", "Complete response (CR)"),
    "PR": Text("部分缓解（PR）", "Partial response (PR)"),
    "SD": Text("疾病稳定（SD）", "Stable disease (SD)"),
    "NON_CR_NON_PD": Text("非 CR/非 PD", "Non-CR/Non-PD"),
    "PD": Text("疾病进展（PD）", "Progressive disease (PD)"),
    "NE": Text("无法评估（NE）", "Not evaluable (NE)"),
}
LEVEL_NAMES: dict[str, dict[str, Text]] = {"best_response": RESPONSES}


def column_words(column: str) -> Text:
    """A column of patients; blank where there is none."""
    return DERIVED_COLUMNS.get(column) or (variable_name(column) if column else Text("", ""))


def level_of_column(column: str, level: str) -> Text:
    """A level of a column of patients; blank where there is none."""
    known = LEVEL_NAMES.get(column, {}) if is_ours(column) else {}
    return known.get(level) or (versus(level_key(column, level)) if level else Text("", ""))
