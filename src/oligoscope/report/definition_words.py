"""By which rules patterns were derived, in words: whole for the Methods, in short for the first page."""

from __future__ import annotations

from oligoscope.bilingual import Count, Text
from oligoscope.clinical.progression_rules import OF_A_DEFINITION
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS
from oligoscope.study.protocol import Protocol

_NODES = {
    "station": Text("淋巴结按站计数", "lymph nodes were counted by station"),
    "lesion": Text("淋巴结按病灶计数", "lymph nodes were counted one by one"),
    "region": Text("淋巴结按区域计数", "lymph nodes were counted by region"),
}
_REFERENCE = {
    "nadir": Text(
        "病灶较其最小径增大≥20% 且≥5 mm 为进展",
        "a lesion progressed when it grew by at least 20% and 5 mm over its own nadir",
    ),
    "previous": Text(
        "病灶较上一次扫描增大≥20% 且≥5 mm 为进展",
        "a lesion progressed when it grew by at least 20% and 5 mm over its previous scan",
    ),
}


def progression_rules(protocol: Protocol, *, only_read: bool) -> Text:
    """When a progression was oligoprogression, and how lesions were counted.

    Args:
        protocol: The settings that ran.
        only_read: Whether the team has counted lesions and sites, so that no scan was measured.
    """
    settings = protocol.progression
    preset = PROGRESSION_DEFINITIONS[settings.preset].methods
    nodes, reference = _NODES[settings.node_counting], _REFERENCE[settings.lesion_reference]
    changed = _changed(protocol)
    if only_read:
        return Text(
            f"{preset.zh}；进展病灶数与部位为研究团队所判读，弥漫性病变一律计为广泛进展。其余为广泛进展。{changed.zh}",
            f"{preset.en}; the number of progressing lesions and their sites were those that the team had read, and diffuse disease counted "
            f"as systemic at any number. All other progressions were systemic. {changed.en}".rstrip(),
        )
    near = _near_scans(settings.window_days)
    return Text(
        f"{preset.zh}；{reference.zh}，{nodes.zh}，弥漫性病变一律计为广泛进展。其余为广泛进展。{near.zh}{changed.zh}",
        f"{preset.en}; {reference.en}, {nodes.en}, and diffuse disease counted as systemic at any number. "
        f"All other progressions were systemic. {near.en} {changed.en}".strip(),
    )


def _near_scans(days: int) -> Text:
    """Which scans the pattern is read from: those of the progression, and for lesions not assessed at it, others near it."""
    if not days:
        return Text(
            "模式只由首次进展当次的扫描判定。",
            "The pattern was read from the scans of the progression alone.",
        )
    within = f"{Count(days):day|days}"
    return Text(
        f"当次未评估的病灶取其前后 {days} 天内最近的扫描。",
        f"For lesions not assessed at the progression, the nearest scan within {within} before or after it counted.",
    )


def progression_in_short(protocol: Protocol) -> Text:
    """The definition in use and what all others are, with the settings that replace its own."""
    preset, changed = PROGRESSION_DEFINITIONS[protocol.progression.preset].methods, _changed(protocol)
    return Text(
        f"{preset.zh}，其余为广泛进展。{changed.zh}",
        f"{preset.en}; all others were systemic. {changed.en}".rstrip(),
    )


def _changed(protocol: Protocol) -> Text:
    """Settings of the study file that replace the preset's own."""
    settings = protocol.progression
    definition = PROGRESSION_DEFINITIONS[settings.preset]
    own = {name: getattr(settings, name) for name in OF_A_DEFINITION}
    changed = {name: v for name, v in own.items() if v not in ("preset", getattr(definition, name))}
    if not changed:
        return Text("", "")
    listed = ", ".join(f"{name}={value}" for name, value in changed.items())
    return Text(f"研究方案另行设定：{listed}。", f"The study file sets these differently: {listed}.")
