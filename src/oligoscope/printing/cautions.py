"""What a reader must know before believing a comparison; each caution is printed beside it."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.printing.matched_notes import OTHER_GROUPS, are_partners, is_matched
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Pattern
from oligoscope.study.keys import Level, parts_of, where_of, whole_of

DISCLAIMER = Text(
    "本文件由研究用软件生成，该软件不是医疗器械；不能作为诊断或治疗决定的依据。",
    "Made by research software that is not a medical device: not to guide diagnosis or treatment.",
)
SYNTHETIC = Text(
    "合成数据：由计算机生成，并非真实患者，不能据以得出任何结论。",
    "Synthetic data: made by a computer, not real patients; nothing may be concluded from them.",
)
IMMORTAL_TIME = Text(
    "进展模式在首次进展时才知道；从治疗开始计时，进展较晚者在进展之前必然存活，组间差异因此可能被夸大（永恒时间偏倚，immortal time "
    "bias）。",
    "The pattern is known only at the first progression: from treatment start, those who progressed later were bound to be alive until "
    "then, which may inflate the difference (immortal time bias).",
)
LEAD = Text(
    "自首次进展起计时，基本避免了永恒时间偏倚，但各组进展的早晚不同，而这可能与此后的生存有关。所见为关联，不能据此认为进展模式本身或局部治疗可延长生存。",
    "From the first progression, immortal time is minimal, but the groups progressed at different times, which may be "
    "associated with survival thereafter. These are associations: they do not show that a pattern, or local treatment, prolongs survival.",
)
PROGRESSED_ONLY = Text(
    "本人群只含已进展的患者，无进展生存期即至首次进展的时间，没有未进展的删失，其中位数不能与普通队列相比。",
    "All patients of this population progressed: progression-free survival is their time to the first progression, none is censored "
    "free of it, and its medians cannot be compared with those of ordinary cohorts.",
)
RESISTANCE_BY_TIME = Text(
    "耐药类型由无进展生存期本身定义，因此两类耐药之间无进展生存期的差异是定义使然，不是发现。",
    "The resistance type is defined by progression-free survival itself; a difference in it between the types "
    "follows from the definition and is not a finding.",
)
TYPE_KNOWN_LATER = Text(
    "耐药类型同样在首次进展时才知道，而总生存期从治疗开始计时，较晚进展者在此之前必然存活（永恒时间偏倚）；"
    "进展后生存期自该日起计时，基本避免了这一偏倚。",
    "The resistance type, too, is known only at the first progression, while overall survival starts at treatment: "
    "those who progress late are bound to be alive until then (immortal time bias). Post-progression survival, counted from "
    "that day, largely avoids it.",
)
LATER_LINE = Text(
    "只包括存活至接受该线治疗的患者，而治疗的选择可能与预后有关；组间差异不能归因于进展模式本身。总生存期从一线治疗开始计时，"
    "接受该线治疗之前必然存活，这段时间也计在内。",
    "Only patients who survived to receive this line of treatment are included, and the choice of treatment may depend on "
    "prognosis; a difference between the groups cannot be attributed to the pattern alone. Overall survival counts from the start "
    "of the first line and so includes the time until this line, which all of them were bound to survive.",
)
ONE_GROUP = Text(
    "该组按首次进展时及其后的情况选出，从治疗开始到进展必然存活，自治疗开始计的生存因此偏长；此处没有对照组。",
    "These patients were chosen by what happened at the first progression and since; they are bound to have been alive until "
    "then, which lengthens survival from the start of treatment. There is no group to compare them with.",
)
EXPLORATORY_P = Text("各 *P* 值未作多重比较校正。", "*P* values are not adjusted for multiple comparisons.")
FROM_TREATMENT = frozenset({Outcome.OS, Outcome.PFS})


def is_described_only(population: str, by: str, outcome: str) -> bool:
    """Whether the event of an outcome makes the groups, in patients who all have it: then times are not compared."""
    return by == "pattern" and outcome == Outcome.PFS and whole_of(population) in {"progressed", "matched"}


def is_described(population: str, comparison: str, outcome: str) -> bool:
    """Whether the groups of a comparison are made by the event of its outcome, so that it is only described."""
    is_by_pattern = bool(comparison) and set(parts_of(comparison)) == set(Pattern)
    return is_by_pattern and is_described_only(population, "pattern", outcome)


def cautions_for_one_group(population: str, outcome: str) -> tuple[Text, ...]:
    """The caution beside a curve without a comparison, where its patients are those of one pattern."""
    is_of_a_pattern = any(
        level.variable == "pattern" if isinstance(level, Level) else level in set(Pattern)
        for level in where_of(population)
    )
    return (ONE_GROUP,) if is_of_a_pattern and outcome in FROM_TREATMENT else ()


def cautions_for(population: str, by: str, outcome: str) -> tuple[Text, ...]:
    """The cautions that belong beside one survival comparison."""
    found = []
    if by == "pattern" and outcome in FROM_TREATMENT and not is_described_only(population, by, outcome):
        found.append(IMMORTAL_TIME)
    if by == "pattern" and outcome == Outcome.PPS:
        found.append(LEAD)
    if outcome == Outcome.PFS2:
        found.append(LATER_LINE)
    if by == "resistance" and outcome == Outcome.PFS:
        found.append(RESISTANCE_BY_TIME)
    elif whole_of(population) in {"progressed", "matched"} and outcome == Outcome.PFS:
        found.append(PROGRESSED_ONLY)
    if by == "resistance" and outcome == Outcome.OS:
        found.append(TYPE_KNOWN_LATER)
    if is_matched(population) and not are_partners(population, by):
        found.append(OTHER_GROUPS)
    return tuple(found)
