"""The lesions of the plan, one row each: where, how large, target or not, and which of them progress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.demo.draws import Bools, Ints, Words, rank_within
from oligoscope.demo.progression_plan import BONE, BRAIN, LUNG, NODE, ORGANS, Plan
from oligoscope.demo.visits import Visits

# Baseline size in mm by organ (short axis of nodes): median and spread of the logarithm.
_SIZE = np.array([17.0, 16.0, 22.0, 24.0, 26.0, 14.0])
_SPREAD = np.array([0.45, 0.30, 0.40, 0.45, 0.35, 0.40])
_PRIMARY_SIZE, _PRIMARY_SPREAD = 46.0, 0.40
MEASURABLE, MEASURABLE_NODE = 10, 15  # mm; RECIST 1.1, 3.1
MAX_TARGETS, MAX_TARGETS_AN_ORGAN = 5, 2
STATIONS = (
    "7", "4R", "10R", "4L", "2R", "11R", "5", "10L", "6", "2L", "11L", "1R", "1L", "8R", "9R", "12R", "3a", "12L",
    "8L", "9L", "13R", "13L", "14R", "14L", "3p",
)  # fmt: skip
PLACES = (*ORGANS, "pleura", "peritoneum")
PLEURA, PERITONEUM = len(ORGANS), len(ORGANS) + 1


@dataclass(frozen=True)
class Lesions:
    """Lesions sorted by patient, those of the baseline first; every field has shape (lesions,).

    Attributes:
        patient: Row of the patient.
        organ: Word of the organ.
        is_node, is_primary: What it is.
        size: Millimetres when first seen: longest diameter, short axis of a node.
        is_target: Selected as target at baseline.
        measurable: By size and kind; also of new lesions.
        progresses: At the first progression; of existing lesions.
        is_new: First seen after the baseline.
        first_visit, last_visit: Visits at which it is recorded.
        equivocal: A doubtful new lesion.
        diffuse_kind, bone_kind: As in the table; "" where they do not apply.
        soft_tissue: A bone lesion has a soft-tissue part.
    """

    patient: Ints
    organ: Words
    is_node: Bools
    is_primary: Bools
    size: Ints
    is_target: Bools
    measurable: Bools
    progresses: Bools
    is_new: Bools
    first_visit: Ints
    last_visit: Ints
    equivocal: Bools
    diffuse_kind: Words
    bone_kind: Words
    soft_tissue: Bools

    def number(self) -> Ints:
        """1, 2, … within each patient."""
        return rank_within(self.patient) + 1


def draw_lesions(rng: np.random.Generator, plan: Plan, patients: pl.DataFrame, visits: Visits) -> Lesions:
    """Every lesion ever recorded of every patient."""
    rows = pl.concat(
        [
            _primaries(plan),
            _organ_lesions(plan),
            _baseline_effusions(plan),
            _new_diffuse(plan),
            _doubtful(rng, plan),
        ]
    )
    # Within an organ the lesions that progress come first in the plan; sorting must not move them.
    rows = rows.sort("patient", "is_new", "rank", maintain_order=True)
    organ, patient = rows["organ"].to_numpy(), rows["patient"].to_numpy()
    frame = rows.drop("rank").with_columns(**_sizes(rng, rows, patients))
    last = np.asarray(visits.last + visits.has_after)[patient]
    first = np.where(
        rows["equivocal"].to_numpy(),
        plan.equivocal[patient],
        np.where(rows["is_new"].to_numpy(), visits.last[patient], 0),
    )
    # A doubtful lesion that vanishes is looked for once more, then forgotten.
    forgotten = rows["equivocal"].to_numpy() & ~plan.confirmed[patient]
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    return Lesions(
        **{**columns, "organ": np.array(PLACES)[organ]},
        first_visit=first,
        last_visit=np.where(forgotten, first + 1, last),
        is_target=_select_targets(columns, organ),
    )


def _rows(patient: Ints, organ: Ints | int, rank: int, **given: object) -> pl.DataFrame:
    """Lesions with everything not given left plain."""
    plain = {
        "is_primary": False,
        "progresses": False,
        "is_new": False,
        "equivocal": False,
        "diffuse_kind": "",
    }
    n = len(patient)
    columns = {**plain, **given}
    return pl.DataFrame(
        {
            "patient": np.asarray(patient, dtype=np.int64),
            "organ": np.broadcast_to(np.asarray(organ, dtype=np.int64), n),
            "rank": np.full(n, rank),
            **{name: np.broadcast_to(np.asarray(value), n) for name, value in columns.items()},
        }
    )


def _primaries(plan: Plan) -> pl.DataFrame:
    patient = np.flatnonzero(plan.has_primary)
    return _rows(patient, LUNG, 0, is_primary=True, progresses=plan.primary_progresses[patient])


def _organ_lesions(plan: Plan) -> pl.DataFrame:
    """Baseline lesions of each organ, of which the first progress, then the new ones."""
    patient, organ, number = _expand(plan.baseline)
    existing = _rows(patient, organ, 1, progresses=number < plan.in_place[patient, organ])
    patient, organ, _ = _expand(plan.new)
    return pl.concat([existing, _rows(patient, organ, 1, progresses=True, is_new=True)])


def _expand(counts: Ints) -> tuple[Ints, Ints, Ints]:
    """(patients, organs) counts as one entry a lesion: patient, organ, number within."""
    flat = np.repeat(np.arange(counts.size), counts.ravel())
    return flat // counts.shape[1], flat % counts.shape[1], rank_within(flat)


def _baseline_effusions(plan: Plan) -> pl.DataFrame:
    return _rows(np.flatnonzero(plan.effusion), PLEURA, 2, diffuse_kind="malignant_effusion")


def _new_diffuse(plan: Plan) -> pl.DataFrame:
    patient = np.flatnonzero(plan.diffuse_kind != "")
    kind = plan.diffuse_kind[patient]
    organ = np.select(
        [kind == "malignant_effusion", kind == "peritoneal", kind == "leptomeningeal"],
        [PLEURA, PERITONEUM, BRAIN],
        LUNG,
    )
    return _rows(patient, organ, 2, progresses=True, is_new=True, diffuse_kind=kind)


def _doubtful(rng: np.random.Generator, plan: Plan) -> pl.DataFrame:
    patient = np.flatnonzero(plan.equivocal >= 0)
    organ = rng.choice([LUNG, NODE], len(patient), p=[0.8, 0.2])
    return _rows(patient, organ, 3, is_new=True, equivocal=True)


def _sizes(rng: np.random.Generator, rows: pl.DataFrame, patients: pl.DataFrame) -> dict[str, pl.Series]:
    """Sizes and what follows from them: what can be measured, what bone lesions are like."""
    # Diffuse disease has no size of its own; any organ's will do.
    organ, n = np.minimum(rows["organ"].to_numpy(), len(ORGANS) - 1), rows.height
    primary, new = rows["is_primary"].to_numpy(), rows["is_new"].to_numpy()
    diffuse = (rows["diffuse_kind"] != "").to_numpy()
    patient = rows["patient"].to_numpy()
    node = (organ == NODE) & ~diffuse
    median = np.where(primary, _PRIMARY_SIZE, _SIZE[organ] * np.where(new & ~node, 0.8, 1.0))
    size = np.round(
        median * np.exp(np.where(primary, _PRIMARY_SPREAD, _SPREAD[organ]) * rng.standard_normal(n))
    )
    size = np.clip(size, np.where(primary, 14, np.where(node, 10, 6)), 120).astype(np.int64)
    # Without a primary the first node is large enough to be measured.
    no_primary = ~np.isin(patient, patient[primary])
    first_node = node & ~new & (rank_within(patient * len(_SIZE) + organ) == 0) & no_primary
    size = np.where(first_node, np.maximum(size, MEASURABLE_NODE + 1), size)
    bone = (organ == BONE) & ~diffuse
    lytic = bone & (rng.random(n) < 0.7)
    soft = lytic & (rng.random(n) < 0.3)
    unfit = diffuse | (bone & ~soft) | ((organ == BRAIN) & (rng.random(n) < 0.4))
    unmeasured = (patients["excluded"] == "measurable").to_numpy()[patient]
    size = np.where(unmeasured, np.minimum(size, np.where(node, 13, 9)), size)
    measurable = ~unfit & (size >= np.where(node, MEASURABLE_NODE, MEASURABLE))
    return {
        "size": pl.Series(size),
        "is_node": pl.Series(node),
        "measurable": pl.Series(measurable),
        "bone_kind": pl.Series(np.where(bone, np.where(lytic, "lytic", "blastic"), "")),
        "soft_tissue": pl.Series(soft),
    }


def _select_targets(columns: dict[str, np.ndarray], organ: Ints) -> Bools:
    """At most five, two an organ: the largest of each organ first, then the second; the primary before all."""
    patient, size = columns["patient"], columns["size"] + 1000 * columns["is_primary"]
    possible = np.flatnonzero(columns["measurable"] & ~columns["is_new"])
    by_organ = possible[np.lexsort((-size[possible], organ[possible], patient[possible]))]
    within = rank_within(patient[by_organ] * 10 + organ[by_organ])
    by_organ, within = by_organ[within < MAX_TARGETS_AN_ORGAN], within[within < MAX_TARGETS_AN_ORGAN]
    in_turn = by_organ[np.lexsort((-size[by_organ], within, patient[by_organ]))]
    chosen = np.zeros(len(patient), dtype=bool)
    chosen[in_turn[rank_within(patient[in_turn]) < MAX_TARGETS]] = True
    return chosen


def tabulate_lesions(lesions: Lesions, patient_ids: Words, rng: np.random.Generator) -> pl.DataFrame:
    """The lesions as a user would write them."""
    new, node = lesions.is_new, lesions.is_node
    turn = rng.integers(0, len(STATIONS), len(patient_ids))
    within = np.zeros(len(node), dtype=np.int64)
    within[node] = rank_within(lesions.patient[node])
    station = np.array(STATIONS)[(turn[lesions.patient] + within) % len(STATIONS)]
    bone = lesions.bone_kind != ""
    frame = pl.DataFrame(
        {
            "patient_id": patient_ids[lesions.patient],
            "lesion_id": lesion_ids(lesions),
            "role": np.where(new, "new", np.where(lesions.is_target, "target", "non_target")),
            "new_kind": np.where(new, np.where(lesions.measurable, "target", "non_target"), ""),
            "organ": lesions.organ,
            "station": np.where(node, station, ""),
            "is_node": _yes_no(node),
            "is_primary": _yes_no(lesions.is_primary),
            "diffuse_kind": lesions.diffuse_kind,
            "bone_kind": lesions.bone_kind,
            "soft_tissue": np.where(bone, _yes_no(lesions.soft_tissue), ""),
        }
    )
    return frame.with_columns(pl.col(pl.String).replace("", None))


def lesion_ids(lesions: Lesions) -> Words:
    """L01, L02, … within each patient."""
    names = np.array([f"L{number:02d}" for number in range(100)])
    return names[lesions.number()]


def _yes_no(flags: Bools) -> Words:
    return np.where(flags, "yes", "no")
