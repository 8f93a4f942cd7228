"""Why a given response departs from RECIST 1.1, visit by visit; read by sdtm_agreement.py."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.bilingual import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a given response departs from RECIST 1.1: the first that holds names the visit."""

    name: str
    sentence: Text
    holds: pl.Expr


_GIVEN, _DERIVED, _TARGET = pl.col("given_response"), pl.col("overall_response"), pl.col("target_response")
_SUM, _NADIR, _BASELINE = (
    (pl.col(name) * 1000).round(0).cast(pl.Int64) for name in ("sum_mm", "nadir_mm", "baseline_mm")
)
_CAUSE = pl.col("cause").fill_null("")
DIFFERENCES = (
    Difference(
        "other_cause",
        Text("有新病灶或非靶病灶明确进展，原评效未计", "a new lesion, or unequivocal progression of a non-target lesion, was not counted"),
        (_DERIVED == "PD") & _CAUSE.str.contains("new_lesion|non_target"),
    ),
    Difference(
        "from_baseline",
        Text("总和较最小值达进展，但较基线不足 20%：原评效以基线为参照", "the sum has progressed from the nadir and is less than 20 % over baseline: baseline was the reference"),
        (_DERIVED == "PD") & _CAUSE.str.contains("target") & (_SUM * 10 < _BASELINE * 12),
    ),
    Difference(
        "reappeared",
        Text("完全缓解后病灶再现，原评效未计为进展", "disease came back after a complete response and was not read as progression"),
        (_DERIVED == "PD") & (_CAUSE == "reappearance"),
    ),
    Difference(
        "under_5_mm",
        Text("总和增加 20% 而不足 5 mm，原评效为 PD", "the sum grew by 20 % and less than 5 mm, and was read as PD"),
        (_GIVEN == "PD") & (_DERIVED != "PD") & (_SUM * 10 >= _NADIR * 12) & (_SUM - _NADIR < 5000),
    ),
    Difference(
        "carried_pr",
        Text("PR 之后小幅回升，本软件在 PD 前仍记 PR（可设）", "a small regrowth after PR, read here as PR until PD (a setting)"),
        (_GIVEN == "SD") & (_DERIVED == "PR") & (_SUM * 10 > _BASELINE * 7),
    ),
    Difference(
        "partial_sum",
        Text("有靶病灶未评估，原评效以其余病灶的总和判定", "a target was not evaluated, and the sum of the others was read as whole"),
        (_DERIVED == "NE") & (_TARGET == "NE"),
    ),
    Difference(
        "non_target_remains",
        Text("非靶病灶仍在，原评效为 CR", "a non-target lesion remains, and the response was read as CR"),
        (_GIVEN == "CR") & (_TARGET == "CR") & (_DERIVED == "PR"),
    ),
    Difference(
        "contradicted",
        Text("原评效与各病灶记录不符，记录中找不到缘由", "the response contradicts the lesions, and nothing in the rows says why"),
        pl.lit(value=True),
    ),
)  # fmt: skip


def explain_differences(responses: pl.DataFrame) -> pl.DataFrame:
    """The visits whose given and derived response differ, each with `difference`, the first that holds.

    Args:
        responses: As `RESPONSES_OUT`, with cause.
    """
    label: pl.Expr = pl.lit(None, dtype=pl.String)
    for difference in reversed(DIFFERENCES):
        label = (
            pl.when(difference.holds.fill_null(value=False)).then(pl.lit(difference.name)).otherwise(label)
        )
    return responses.filter(_GIVEN != _DERIVED).with_columns(label.alias("difference"))
