"""Patients of the sites: those whose organs of progression are known."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import has_word, is_known, is_level, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.study.dictionary.derived import SITE_RELATION
from oligoscope.study.keys import versus


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those whose organs of progression are known; an organ counts where it is one of them."""
    organs_known = is_known("progressing_organs")
    group = patients_of(e.population).and_(organs_known, of_groups(chosen.by, e.group))
    if not e.variable:
        return MadeFrom(group, group)
    if e.variable == "site_relation":
        return MadeFrom(group, group.and_(is_level(e.variable, e.level, name=SITE_RELATION.label)))
    name = versus(e.level)
    label = Text(f"在此器官进展：{name.zh}", f"Progressed in: {name.en}")
    there = has_word("progressing_organs", e.level, label)
    if e.variable == "organ":
        return MadeFrom(group, group.and_(there))
    label = Text(f"基线时受累：{name.zh}", f"Involved at baseline: {name.en}")
    before = group.and_(has_word("all_baseline_organs", e.level, label))
    return MadeFrom(before, before.and_(there))
