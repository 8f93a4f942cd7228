"""Three patients to be signed, drawn by the study's seed: one of each situation, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, zip_longest

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.pipeline import StudyRun
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.vocabulary import name_of_level

N_DRAWN = 3
RULE = Text(
    "由研究设定的随机种子（{seed}）抽取，不按行的次序：寡进展 1 例，广泛进展 1 例，未进展或结论存疑 1 例（第 {draw} 次抽取）。某一类没有患者时，由其余患者补足。",
    "Drawn by the seed of the study ({seed}), whatever the order of the rows: one with oligoprogression, one with systemic "
    "progression, and one without progression or with a label in doubt (draw {draw}). Where there is none of a kind, another "
    "patient takes the place.",
)
_NONE = Text("未发生进展", "No progression")
_OTHER = Text("补足", "In the place of a kind that no patient is of")
_DOUBTS: tuple[tuple[pl.Expr, Text], ...] = (
    (pl.col("flags").fill_null("").str.contains("no_controlled_lesion"), Text("进展时无受控病灶", "No lesion was controlled at the progression")),
    (pl.col("flags").fill_null("").str.contains("lower_bound"), Text("进展病灶数为下限", "The number of progressing lesions is a lower bound")),
    (pl.col("flags").fill_null("").str.contains("fallback_used"), Text("仅径线总和进展", "Only the sum of diameters progressed")),
    (pl.col("n_not_evaluated").fill_null(0) > 0, Text("进展时有病灶未评估", "Lesions were not evaluated at the progression")),
    (pl.col("patterns_disagree").fill_null(value=False), Text("按不同定义，模式不同", "Definitions of the pattern disagree")),
    (pl.col("pattern").is_null(), Text("进展模式无法判定", "The pattern cannot be assessed")),
    (pl.col("resistance").is_in(["unclassifiable", "unconfirmed_primary"]), Text("耐药类型存疑", "The resistance type is in doubt")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A patient, and the situation they are an example of."""

    patient_id: str
    situation: Text


def drawn_patients(run: StudyRun, draw: int) -> tuple[Drawn, ...]:
    """At most three different patients.

    Args:
        run: The study, derived and selected.
        draw: 1 for the first three, 2 for another three, and so on; begins anew once a kind is used up.
    """
    treated = run.cohort.population("treated")
    everyone = {row["patient_id"]: row for row in _with_doubts(treated).iter_rows(named=True)}
    order = sorted(everyone, key=lambda one: _place(run.protocol.study.seed, one))
    kinds = (
        [p for p in order if everyone[p]["pattern"] == Pattern.OLIGO],
        [p for p in order if everyone[p]["pattern"] == Pattern.SYSTEMIC],
        list(_alternating(
            [p for p in order if everyone[p]["population"] != "progressed"],
            [p for p in order if everyone[p]["population"] == "progressed" and everyone[p]["doubt"] is not None],
        )),
    )  # fmt: skip
    chosen: dict[str, Text] = {}
    for kind, own in enumerate(kinds):
        found = _nth([p for p in own if p not in chosen], draw)
        if found is not None:
            chosen[found] = _situation(everyone[found], kind)
    while len(chosen) < min(N_DRAWN, len(order)):
        found = _nth([p for p in order if p not in chosen], draw)
        assert found is not None
        chosen[found] = _situation(everyone[found], None)
    return tuple(Drawn(patient, why) for patient, why in chosen.items())


def _with_doubts(patients: pl.DataFrame) -> pl.DataFrame:
    """With the first doubt that holds, as its number; columns that a study does not derive give none."""
    doubt = pl.lit(None, dtype=pl.Int64)
    for n, (holds, _) in reversed(list(enumerate(_DOUBTS))):
        if set(holds.meta.root_names()) <= set(patients.columns):
            doubt = pl.when(holds.fill_null(value=False)).then(pl.lit(n)).otherwise(doubt)
    return patients.select("patient_id", "population", "pattern", doubt=doubt)


def _place(seed: int, patient_id: str) -> str:
    return sha256(f"{seed} three patients {patient_id}".encode()).hexdigest()


def _alternating(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    pairs = zip_longest(one, other)
    return (patient for patient in chain.from_iterable(pairs) if patient is not None)


def _nth(own: Sequence[str], draw: int) -> str | None:
    return own[(draw - 1) % len(own)] if own else None


def _situation(row: dict[str, object], kind: int | None) -> Text:
    """What the patient is an example of, with the doubt where there is one."""
    pattern, doubt = row["pattern"], row["doubt"]
    first = (
        name_of_level("pattern", str(pattern))
        if pattern
        else _NONE
        if row["population"] != "progressed"
        else Text("", "")
    )
    second = (
        _DOUBTS[doubt][1] if isinstance(doubt, int) and row["population"] == "progressed" else Text("", "")
    )
    zh = "，".join(t for t in (first.zh, second.zh) if t)
    en = ": ".join(t for t in (first.en, second.en[:1].lower() + second.en[1:]) if t)
    return Text(zh, en) if kind is not None or zh else _OTHER
