"""The patients of a finished run, read from its files: as many columns as a page asks for, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.csv_files import as_written
from oligoscope.results.selection import PATIENTS_FILE, Selection, Term, joined_name

PAIRS_FILE = "matched_pairs.csv"
# One row a patient each; what is not there was not written.
ONE_ROW_A_PATIENT = (
    PATIENTS_FILE, "definitions.csv", "management.csv", "series/waterfall--treated.csv", "series/waterfall--progressed.csv",
)  # fmt: skip
Mask = NDArray[np.bool_]
LISTED_WHOLE = 1000  # so many patients are listed; of more, the first
LISTED_FIRST = 100


@dataclass(frozen=True, slots=True)
class Members:
    """Who was found.

    Attributes:
        counts: Patients; after matching, of each imputation.
        n_different: Patients in any of the imputations.
        ids: Their numbers, in the order of patients.csv; not all where there are very many.
        imputations: Of each listed patient, the imputations they are in; empty where in all of them.
    """

    counts: tuple[int, ...]
    n_different: int
    ids: tuple[str, ...]
    imputations: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class PatientFiles:
    """Files with a row a patient, every cell as text, and the matched pairs; read when asked."""

    frames: Mapping[str, pl.LazyFrame]
    pairs: pl.DataFrame | None = None

    @cached_property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """The columns of each file."""
        return {file: frozenset(frame.collect_schema().names()) for file, frame in self.frames.items()}

    def lacking(self, terms: Iterable[Term]) -> list[tuple[str, str]]:
        """(file, column) that these terms read and that were not written."""
        wanted = dict.fromkeys(place for term in terms for place in term.columns)
        return [(file, name) for file, name in wanted if name not in self.columns.get(file, ())]

    def find(self, selections: Iterable[Selection]) -> dict[Selection, Members]:
        """The patients of each selection; a condition that several of them share is judged once."""
        numbers, held, matched = self._held(selections)
        of_all = _OfAll(numbers)
        of_pairs = _OfImputations(numbers, np.array(matched)) if matched else _OfNobody()
        return {s: (of_pairs if s.matched else of_all).members(mask) for s, mask in held.items()}

    def masks(self, selections: Iterable[Selection]) -> tuple[list[str], dict[Selection, list[Mask]]]:
        """The number of every patient, and of each selection who is in it; after matching, in each imputation."""
        numbers, held, matched = self._held(selections)
        return numbers, {
            s: [mask & pairs for pairs in matched] if s.matched else [mask] for s, mask in held.items()
        }

    def _held(self, selections: Iterable[Selection]) -> tuple[list[str], dict[Selection, Mask], list[Mask]]:
        """The number of every patient, for whom the conditions of each selection hold, and who is in a pair of each imputation."""
        asked = tuple(dict.fromkeys(selections))
        terms = tuple(dict.fromkeys(t for s in asked for t in s.terms()))
        joined = self._joined(terms)
        ids = joined["patient_id"]
        # A condition that cannot be judged does not hold: none is turned round below.
        judged = joined.select(t.to_expr().fill_null(value=False).alias(str(i)) for i, t in enumerate(terms))
        held = {t: judged[str(i)].to_numpy() for i, t in enumerate(terms)}
        found: dict[Selection, Mask] = {}
        for selection in asked:
            mask = np.zeros(joined.height, bool)
            for way in selection.ways:
                this = np.ones(joined.height, bool)
                for term in way:
                    this &= held[term]
                mask |= this
            found[selection] = mask
        return ids.to_list(), found, self._matched(ids)

    def _joined(self, terms: tuple[Term, ...]) -> pl.DataFrame:
        """patient_id of every patient, beside every column the terms read."""
        wanted = dict.fromkeys(place for term in terms for place in term.columns)

        def read(file: str) -> pl.LazyFrame:
            columns = (pl.col(c).cast(pl.String).alias(joined_name(f, c)) for f, c in wanted if f == file)
            return self.frames[file].select(pl.col("patient_id").cast(pl.String), *columns)

        joined = read(PATIENTS_FILE)
        for file in dict.fromkeys(f for f, _ in wanted if f != PATIENTS_FILE):
            once = read(file).unique("patient_id", keep="first")
            joined = joined.join(once, on="patient_id", how="left", maintain_order="left")
        return joined.collect()

    def _matched(self, ids: pl.Series) -> list[Mask]:
        """Of each imputation, whether a patient is in a pair of it."""
        if self.pairs is None:
            return []
        return [
            ids.is_in(pl.concat([pairs["patient_id"], pairs["matched_with"]]).unique().implode())
            .fill_null(value=False)
            .to_numpy()
            for pairs in self.pairs.partition_by("imputation", maintain_order=True)
        ]


def read_patient_files(folder: Path) -> PatientFiles | None:
    """What a run wrote there; None where it holds no patients.csv."""
    if not (folder / PATIENTS_FILE).is_file():
        return None
    frames = {
        file: as_written(pl.scan_csv(folder / file, infer_schema=False))
        for file in ONE_ROW_A_PATIENT
        if (folder / file).is_file()
    }
    pairs = folder / PAIRS_FILE
    columns = ["imputation", "patient_id", "matched_with"]
    found = as_written(pl.read_csv(pairs, infer_schema=False, columns=columns)) if pairs.is_file() else None
    return PatientFiles(frames, found)


@dataclass(frozen=True)
class _OfAll:
    """Members of conditions that are not of matched patients."""

    numbers: list[str]

    def members(self, mask: Mask) -> Members:
        n = int(np.count_nonzero(mask))
        return Members((n,), n, tuple(self.numbers[place] for place in _listed(mask, n)))


@dataclass(frozen=True)
class _OfImputations:
    """Members of conditions among matched patients.

    Attributes:
        numbers: Of every patient.
        matched: Whether they are in a pair, shape (imputations, patients).
    """

    numbers: list[str]
    matched: NDArray[np.bool_]

    @cached_property
    def anywhere(self) -> Mask:
        """Who is in a pair of any imputation."""
        return np.logical_or.reduce(self.matched, axis=0)

    @cached_property
    def within(self) -> list[tuple[int, ...]]:
        """Of each patient the imputations they are in, whatever else is asked of them; empty where in all."""
        everywhere = np.logical_and.reduce(self.matched, axis=0)
        return [
            () if is_in_all else tuple((np.flatnonzero(row) + 1).tolist())
            for row, is_in_all in zip(self.matched.T, everywhere, strict=True)
        ]

    def members(self, mask: Mask) -> Members:
        found = mask & self.anywhere
        n = int(np.count_nonzero(found))
        places = _listed(found, n)
        counts = tuple(np.count_nonzero(self.matched & mask, axis=1).tolist())
        listed = tuple(self.numbers[place] for place in places)
        if len(self.matched) < 2:
            return Members(counts, n, listed)
        return Members(counts, n, listed, tuple(self.within[place] for place in places))


class _OfNobody:
    """Members of conditions among matched patients where there are no pairs."""

    def members(self, _mask: Mask) -> Members:
        return Members((), 0, ())


def _listed(mask: Mask, n: int) -> list[int]:
    """The places of the first patients."""
    return np.flatnonzero(mask)[: LISTED_FIRST if n > LISTED_WHOLE else LISTED_WHOLE].tolist()
