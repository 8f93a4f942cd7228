"""CDISC's words in ours. Sources: CDISC controlled terminology; the SDTM guide's RECIST 1.1 supplement.

A study's own words (`data.sdtm.levels`) come before these. Locations that are in neither keep their
name in lower case, as an organ of their own: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

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
DIFFUSE: Words = {
    "malignant_effusion": ("PLEURAL EFFUSION", "PERICARDIAL EFFUSION"),
    "leptomeningeal": ("LEPTOMENINGES", "LEPTOMENINGEAL"),
    "": ("*",),
}

NODE = "LYMPH NODE"
ORGANS: Words = {
    "lung": (
        "LUNG", "LEFT LUNG", "RIGHT LUNG", "LUNG LEFT", "LUNG RIGHT", "LEFT UPPER LOBE", "LEFT LOWER LOBE", "RIGHT UPPER LOBE",
        "RIGHT MIDDLE LOBE", "RIGHT LOWER LOBE", "LEFT UPPER LOBE OF THE LUNG", "LEFT LOWER LOBE OF THE LUNG",
        "RIGHT UPPER LOBE OF THE LUNG", "RIGHT MIDDLE LOBE OF THE LUNG", "RIGHT LOWER LOBE OF THE LUNG", "BRONCHUS",
    ),
    "bone": ("BONE", "VERTEBRA", "RIB", "PELVIC BONE", "FEMUR", "SACRUM", "SKULL", "STERNUM", "HUMERUS", "SCAPULA", "SPINE", "CLAVICLE", "ILIUM"),
    "brain": ("BRAIN", "CEREBELLUM", "CEREBRUM", "FRONTAL LOBE", "PARIETAL LOBE", "TEMPORAL LOBE", "OCCIPITAL LOBE", "BRAIN STEM"),
    "liver": ("LIVER",),
    "adrenal": ("ADRENAL GLAND", "ADRENAL"),
    "pleura": ("PLEURA", "PLEURAL CAVITY", "PLEURAL EFFUSION"),
    "pericardium": ("PERICARDIUM", "PERICARDIAL EFFUSION"),
    "peritoneum": ("PERITONEUM", "OMENTUM", "PERITONEAL CAVITY"),
    "kidney": ("KIDNEY",),
    "spleen": ("SPLEEN",),
    "skin": ("SKIN",),
    "soft_tissue": ("SOFT TISSUE", "MUSCLE", "SUBCUTANEOUS TISSUE", "SUBCUTIS"),
    "mediastinum": ("MEDIASTINUM",),
}  # fmt: skip
_ORGAN_OF = {plain(word): organ for organ, words in ORGANS.items() for word in words}


def organ_of(location: str) -> str:
    """The organ of a location: a node wherever it says so; else the whole name, else its part before a dash."""
    if NODE in location.upper():
        return "lymph_node"
    head = re.split(r"\s+-\s+|[,;]\s*", location.strip())[0]
    found = _ORGAN_OF.get(plain(location)) or _ORGAN_OF.get(plain(head))
    return found or re.sub(r"\W+", "_", location.strip().lower()).strip("_")


def station_of(location: str) -> str:
    """The place of a node: `MEDIASTINAL LYMPH NODE` -> mediastinal; blank where the term has none."""
    if NODE not in location.upper():
        return ""
    rest = location.upper().replace("LYMPH NODES", "").replace(NODE, "")
    return re.sub(r"\W+", "_", rest.lower()).strip("_")


def location_levels(locations: Iterable[str], own: Mapping[str, Words]) -> Levels:
    """The words of organ and station for the locations of a study, its own words first."""
    return {
        "organ": with_own(own.get("organ", {}), _by_word(locations, organ_of)),
        "station": with_own(own.get("station", {}), _by_word(locations, station_of)),
    }


def _by_word(locations: Iterable[str], ours_of: Callable[[str], str]) -> Words:
    words: dict[str, list[str]] = {}
    for location in sorted(set(locations)):
        words.setdefault(ours_of(location), []).append(location)
    return {ours: tuple(theirs) for ours, theirs in words.items()}


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
