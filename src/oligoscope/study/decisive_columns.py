"""Which given columns a study reads: a cell of them that cannot be read is asked about, and never set to missing unasked."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.study.conditions import parse_condition
from oligoscope.study.protocol import Protocol

# Derived columns, and the given ones that they are derived from (table, column); those that decide in every study
# (dates, organs, regimens of treatments) are not repeated here.
_DERIVED_FROM: dict[str, tuple[tuple[str, str], ...]] = {
    "age_60": (("patients", "age_years"),),
    "pd_l1": (("patients", "pd_l1"), ("patients", "pd_l1_tps")),
    "local_after_progression": (("treatments", "modality"), ("patients", "local_after_progression")),
}
# Tables that hold a row of each patient with the same characteristics.
_OF_PATIENTS = ("patients", "cohort")
# Kinds of analysis that use the propensity score whatever their population.
_OF_SCORE = ("weighting",)


def deciding_columns(protocol: Protocol) -> frozenset[tuple[str, str]]:
    """(table, column) of what an eligibility rule, an analysis, the score or imputation of this study reads."""
    read = {
        place
        for name in _names_read(protocol)
        for place in _DERIVED_FROM.get(str(name), (("patients", str(name)),))
    }
    return frozenset(
        (name, column)
        for table, column in read
        for name in (_OF_PATIENTS if table == "patients" else (table,))
    )


def _names_read(protocol: Protocol) -> Iterator[str]:
    for rule in protocol.eligibility:
        yield from parse_condition(rule.keep).columns
    for analysis in protocol.analyses:
        yield from (analysis.by, *analysis.where, *analysis.variables, *analysis.adjust_for)
    if any(a.population == "matched" or a.kind in _OF_SCORE for a in protocol.analyses):
        m = protocol.matching
        yield from (*m.covariates, *m.exact, *protocol.imputation.variables)
