"""CDISC's words in ours. Sources: CDISC controlled terminology; the SDTM guide's RECIST 1.1 supplement.

A study's own words (`data.sdtm.levels`) come before these. Locations are words of the anatomical vocabulary
(`study.dictionary.place_reading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from oligoscope.study.dictionary.place_reading import read_place
from oligoscope.study.dictionary.words import plain

Words = dict[str, tuple[str, ...]]  # our word: theirs
Levels = dict[str, Words]  # our column: its words

NOT_DONE = "NOT DONE"
MERGED = "TUMOR MERGED"
ROLES: Words = {
    "target": ("TARGET",),
    "non_target": ("NON-TARGET", "NONTARGET", "NON TARGET"),
    "new": ("NEW", "NEW TARGET", "NEW NON-TARGET"),
}
NEW_KINDS: Words = {"target": ("NEW TARGET",), "non_target": ("NEW NON-TARGET",), "": ("*",)}
STATES: Words = {
    "present": ("PRESENT", "PATHOLOGICAL"),
    "absent": ("ABSENT", "NON-PATHOLOGICAL", "RESOLVED"),
    "too_small": ("TOO SMALL TO MEASURE",),
    # Worsening short of unequivocal is not progression (RECIST 1.1, 4.3.4).
    "increased": ("INCREASED", "EQUIVOCAL", "EQUIVOCAL PROGRESSION"),
    "unequivocal_progression": ("UNEQUIVOCAL", "UNEQUIVOCAL PROGRESSION", "UNEQUIVOCAL PD"),
    "not_evaluated": (NOT_DONE, "NOT EVALUABLE", "NOT ASSESSABLE", "NOT EVALUATED", "UNEVALUABLE", "NE"),
    "merged": (MERGED, "MERGED", "COALESCED"),
    "split": ("TUMOR SPLIT", "SPLIT"),
}
CERTAINTIES: Words = {"unequivocal": ("UNEQUIVOCAL",), "equivocal": ("EQUIVOCAL",)}
MODALITIES: Words = {
    "ct": ("CT SCAN", "CT", "SPIRAL CT", "MULTISLICE CT", "CONTRAST ENHANCED CT SCAN"),
    "mri": ("MRI", "MRI SCAN", "CONTRAST ENHANCED MRI", "MAGNETIC RESONANCE IMAGING"),
    "fdg_pet": ("FDG-PET", "FDG PET", "PET SCAN", "PET"),
    "xray": ("X-RAY", "XRAY", "CHEST X-RAY"),
    "clinical": ("PHYSICAL EXAMINATION", "CALIPER", "CALIPERS", "PHOTOGRAPHY"),
    "": ("*",),
}
RESPONSES: Words = {
    "CR": ("CR",),
    "PR": ("PR",),
    "SD": ("SD",),
    "NON_CR_NON_PD": ("NON-CR/NON-PD", "NON-CR/NON PD", "NON-PD"),
    "PD": ("PD",),
    "NE": ("NE", "NOT EVALUABLE", "UNEVALUABLE", NOT_DONE),
}
SEXES: Words = {"male": ("M", "MALE"), "female": ("F", "FEMALE"), "": ("U", "UNKNOWN", "UNDIFFERENTIATED")}


def own_places(locations: Iterable[str], own: Mapping[str, Words]) -> Levels:
    """The study's own words of organ, station and diffuse disease; other locations are read by the vocabulary.

    Of a location of which only the part before a dash or comma is known (`BONE - XYZ`), that part is the organ.
    """
    heads: dict[str, list[str]] = {}
    for location in sorted(set(locations)):
        head = read_place(re.split(r"\s+-\s+|[,;]\s*", location.strip())[0])
        if read_place(location) is None and head is not None and head.certain:
            heads.setdefault(head.organ, []).append(location)
    usual = {organ: tuple(listed) for organ, listed in heads.items()}
    of_nodes = {n: with_own(own[n], {"": ("*",)}) for n in ("station", "diffuse_kind") if n in own}
    return {"organ": with_own(own.get("organ", {}), usual)} | of_nodes


def says_node(location: str) -> bool:
    """Whether a location is a lymph node."""
    place = read_place(location)
    return place is not None and place.is_node


def with_own(own: Words, usual: Words) -> Words:
    """The study's own words, and those of the usual ones that it does not list."""
    own_forms = {plain(word) for words in own.values() for word in words}
    rest = {ours: tuple(w for w in words if plain(w) not in own_forms) for ours, words in usual.items()}
    return {
        ours: (*own.get(ours, ()), *rest.get(ours, ())) for ours in (*own, *(o for o in rest if o not in own))
    }


def our_word(words: Words, theirs: str | None) -> str | None:
    """What one of their words means; None where it means nothing."""
    if theirs is None:
        return None
    by_word = {plain(word): ours for ours, listed in words.items() for word in listed}
    return by_word.get(plain(theirs), by_word.get("*")) or None
