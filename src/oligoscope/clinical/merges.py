"""Merged lesions: whether the size of the whole is recorded for another lesion, and for which.

A lesion merged into another counts 0, for the other has the size of the whole (Eisenhauer 2009, 4.3.2).
Where no lesion has, the size is not 0 but unknown: the lesion it should have merged into is not declared, is
the lesion itself or merges back into it, was never seen since, or (of a target) is no target, so that
the whole is in no sum. Such a lesion is not evaluated.
"""

from __future__ import annotations

import polars as pl


def without_empty_merges(values: pl.DataFrame, lesions: pl.DataFrame) -> pl.DataFrame:
    """Lesion values in which a lesion merged into nothing is not evaluated.

    Args:
        values: With `k`; merged_into is null where a lesion is not merged and "" where nothing was written.
        lesions: From `index_lesions`.
    """
    is_merged = pl.col("merged_into").is_not_null() & (pl.col("size_um") == 0)
    if values["merged_into"].null_count() == values.height or not values.select(is_merged.any()).item():
        return values
    rows = values.with_row_index("_row")
    merged = rows.filter(is_merged)
    names = lesions.select("p", pl.col("lesion_id").alias("merged_into"), pl.col("lesion").alias("into"))
    steps = merged.join(names.unique(["p", "merged_into"]), on=["p", "merged_into"], how="left")
    steps = steps.select("_row", "k", "lesion", "into", target=pl.col("role") == "target")
    roots = follow(steps.select("k", "lesion", "into"), by="k")
    there = rows.join(merged.select("_row"), on="_row", how="anti").select(
        "k", pl.col("lesion").alias("root"), (pl.col("evaluated") & (pl.col("size_um") != 0).fill_null(True)).alias("seen")
    )  # fmt: skip
    role = lesions.select(pl.col("lesion").alias("root"), pl.col("role").alias("root_role"))
    found = steps.join(roots, on=["k", "lesion"], how="left")
    found = found.join(there, on=["k", "root"], how="left").join(role, on="root", how="left")
    # After the whole was seen it may disappear, and the lesion with it.
    carried = found.sort("lesion", "k").with_columns(
        pl.col("seen").fill_null(value=False).cum_max().over("lesion", "root")
    )
    sound = (
        pl.col("root").is_not_null()
        & pl.col("seen")
        & (~pl.col("target") | (pl.col("root_role") == "target"))
    )
    empty = carried.filter(~sound.fill_null(value=False))["_row"]
    if empty.is_empty():
        return values
    nowhere = pl.col("_row").is_in(empty.implode())
    return rows.with_columns(
        evaluated=pl.col("evaluated") & ~nowhere,
        cleared=pl.col("cleared") & ~nowhere,
        size_um=pl.when(~nowhere).then("size_um"),
        merged_into=pl.when(~nowhere).then("merged_into"),
    ).drop("_row")


def follow(steps: pl.DataFrame, by: str | None = None) -> pl.DataFrame:
    """The lesion at the end of each chain of merges; null where it ends nowhere or in a circle.

    Args:
        steps: Columns lesion and into (null: into no declared lesion), one row a lesion, or a lesion and `by`.
        by: A column within whose values chains are followed, such as the time point.

    Returns:
        The keys and `root`.
    """
    keys = ["lesion"] if by is None else [by, "lesion"]
    steps = steps.unique(keys, keep="last", maintain_order=True)
    merged = steps.select(*keys, goes_on=pl.lit(value=True))
    next_step = steps.rename({"lesion": "root", "into": "next"})
    at = ["root"] if by is None else [by, "root"]
    chains = steps.rename({"into": "root"})
    # Twice as far at each step; a chain longer than the number of lesions is a circle.
    for _ in range(max(steps.height, 1).bit_length()):
        further = chains.join(next_step, on=at, how="left").join(
            merged.rename({"lesion": "root"}), on=at, how="left"
        )
        chains = further.select(*keys, root=pl.when(pl.col("goes_on")).then("next").otherwise("root"))
        next_step = chains.rename({"lesion": "root", "root": "next"})
    still = chains.join(merged.rename({"lesion": "root"}), on=at, how="left")
    return still.select(*keys, root=pl.when(pl.col("goes_on").is_null()).then("root"))
