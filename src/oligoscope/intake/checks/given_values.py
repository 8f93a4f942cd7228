"""Sums and responses that are given, beside the lesions of the same day, and beside each other."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import Findings, Frames
from oligoscope.intake.checks.lesion_rules import NORMAL_NODE_MM, NOT_SEEN
from oligoscope.intake.checks.lesion_series import is_absent
from oligoscope.study.dictionary.terms import Response, State

SUM_MM = 1.0  # sums of sizes rounded to whole millimetres
_RANK = {Response.CR: 0, Response.PR: 1, Response.SD: 2, Response.NON_CR_NON_PD: 2, Response.PD: 3}
_NO_PROGRESSION = [Response.CR.value, Response.PR.value, Response.SD.value, Response.NON_CR_NON_PD.value]
_UNSEEN = [*NOT_SEEN, State.TOO_SMALL.value]


def given_beside_lesions(
    assessments: pl.DataFrame, lesions: pl.DataFrame, rows: pl.DataFrame, patient: str
) -> pl.DataFrame:
    """Assessments with what the lesions of the same day and reader add up to.

    Args:
        assessments: With assessed_day, reader, overall_response, sum_mm.
        lesions: With role, is_node and how the lesion is called: its row is looked up by patient and lesion_id.
        rows: The measurements.
        patient: The column of the patient.

    Returns:
        The assessments of days with rows, and sum, baseline (null where a target is not measured), is_left (a lesion
        still there), is_new (an unequivocal new lesion).
    """
    day = [patient, "reader", "assessed_day"]
    declared = lesions.select(patient, "lesion_id", "role", "is_node").unique(
        [patient, "lesion_id"], keep="first"
    )
    near = rows.join(assessments.select(patient).unique(), on=patient, how="semi")
    # Of a patient of whom one of the tables names no reader, the rows are everybody's.
    named = (
        _with_reader(assessments, patient)
        .join(_with_reader(near, patient), on=patient, how="semi")[patient]
        .implode()
    )
    reader = pl.when(pl.col(patient).is_in(named)).then("reader")
    assessments, near = assessments.with_columns(reader=reader), near.with_columns(reader=reader)
    near = near.join(declared, on=[patient, "lesion_id"], how="inner", maintain_order="left")
    absent = is_absent()
    size = pl.when(absent).then(0.0).otherwise("diameter_mm")
    seen = ~absent & ~pl.col("state").is_in(_UNSEEN).fill_null(value=False)
    pathological = ~pl.col("is_node") | (size >= NORMAL_NODE_MM).fill_null(value=False)
    target, new = pl.col("role") == "target", pl.col("role") == "new"
    whole = pl.col("fragment").is_null() & ~pl.col("state").is_in(
        [State.MERGED.value, State.SPLIT.value]
    ).fill_null(value=False)
    certain = (pl.col("certainty") != "equivocal").fill_null(value=True) & (pl.col("fdg").is_null())
    left = (target & (size > 0)) | (
        (pl.col("role") == "non_target") & (pl.col("state").is_not_null() | (size > 0))
    )
    marked = near.select(
        *day, "lesion_id", target.alias("target"), size=size, whole=whole,
        left=(left & seen & pathological).fill_null(value=False), new=(new & seen & pathological & certain).fill_null(value=False),
    )  # fmt: skip
    is_target = pl.col("target")
    one_row_each = pl.col("lesion_id").filter(is_target).n_unique() == is_target.sum()
    measured = (pl.col("size").is_not_null() & pl.col("whole")).filter(is_target).all() & one_row_each
    days = marked.group_by(day).agg(
        n=is_target.sum(), sum=pl.when(measured).then(pl.col("size").filter(is_target).sum()),
        is_left=pl.col("left").any(), is_new=pl.col("new").any(),
    )  # fmt: skip
    targets = (
        marked.filter("target").group_by(patient, "reader").agg(n_targets=pl.col("lesion_id").n_unique())
    )
    days = days.join(targets, on=[patient, "reader"], how="left", nulls_equal=True)
    complete = (pl.col("n") == pl.col("n_targets")) & (pl.col("n") > 0)
    days = days.with_columns(sum=pl.when(complete).then("sum"))
    before = days.filter((pl.col("assessed_day") <= 0) & (pl.col("n") > 0)).sort("assessed_day")
    baseline = before.group_by(patient, "reader").agg(baseline=pl.col("sum").last())
    found = assessments.join(
        days.select(*day, "sum", "is_left", "is_new"),
        on=day,
        how="inner",
        nulls_equal=True,
        maintain_order="left",
    )
    return found.join(baseline, on=[patient, "reader"], how="left", nulls_equal=True, maintain_order="left")


def _with_reader(rows: pl.DataFrame, patient: str) -> pl.DataFrame:
    return rows.filter(pl.col("reader").is_not_null()).select(patient).unique()


_RESPONSE = pl.col("overall_response")
SUM_DIFFERS = ((pl.col("sum_mm") - pl.col("sum")).abs() > SUM_MM + 1e-6).fill_null(value=False)
_CR_LEFT = (_RESPONSE == Response.CR.value) & pl.col("is_left")
_PR_ABOVE = (_RESPONSE == Response.PR.value) & (pl.col("sum") > pl.col("baseline"))
_NEW = _RESPONSE.is_in(_NO_PROGRESSION) & pl.col("is_new")
IMPOSSIBLE = pl.any_horizontal(c.fill_null(value=False) for c in (_CR_LEFT, _PR_ABOVE, _NEW))


def check_given(frames: Frames, findings: Findings) -> None:
    """Given sums and responses that the lesions of the same day contradict."""
    if not {"assessments", "lesions", "measurements"} <= set(frames):
        return
    good = {name: findings.good(name, frames[name]) for name in ("assessments", "lesions", "measurements")}
    found = given_beside_lesions(good["assessments"], good["lesions"], good["measurements"], "patient_id")
    findings.flag(
        "sum_differs", "assessments", found.filter(SUM_DIFFERS), "sum_mm",
        expected=lambda row: Text(f"各病灶之和为 {row['sum']:g}", f"the lesions add up to {row['sum']:g}"),
    )  # fmt: skip
    for holds, expected in (
        (_CR_LEFT, Text("仍有病灶", "a lesion is still there")),
        (_PR_ABOVE, Text("总和大于基线", "the sum is above baseline")),
        (_NEW, Text("有明确的新病灶", "there is an unequivocal new lesion")),
    ):
        findings.flag(
            "given_response_impossible",
            "assessments",
            found.filter(holds),
            "overall_response",
            expected=expected,
        )


def best_given(assessments: pl.DataFrame, patient: str) -> pl.DataFrame:
    """The rank of each patient's best given response after treatment start: columns of the patient, best."""
    later = assessments.filter((pl.col("assessed_day") > 0).fill_null(value=True))
    return later.group_by(patient).agg(best=_rank("overall_response").min())


def is_better(best: str) -> pl.Expr:
    """Whether best_response is CR or PR and better than the rank in column `best`."""
    good = pl.col("best_response").is_in([Response.CR.value, Response.PR.value])
    return (good & (_rank("best_response") < pl.col(best))).fill_null(value=False)


def _rank(column: str) -> pl.Expr:
    ranks = {response.value: rank for response, rank in _RANK.items()}
    return pl.col(column).replace_strict(ranks, default=None, return_dtype=pl.Int32)


def check_best(frames: Frames, findings: Findings) -> None:
    """Best responses of the table progressions that no assessment reaches."""
    if not {"assessments", "progressions"} <= set(frames):
        return
    best = best_given(findings.good("assessments", frames["assessments"]), "patient_id")
    rows = findings.good("progressions", frames["progressions"])
    rows = rows.join(best, on="patient_id", how="inner", maintain_order="left")
    words = {0: "CR", 1: "PR", 2: "SD", 3: "PD"}
    findings.flag(
        "best_response_better", "progressions", rows.filter(is_better("best")), "best_response",
        expected=lambda row: Text(f"各次评估最佳为 {words[row['best']]}", f"the best of the assessments is {words[row['best']]}"),
    )  # fmt: skip
