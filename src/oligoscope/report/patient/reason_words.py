"""The sentences of clinical rules in both languages; the rules themselves carry English only.

A rule text may be one sentence, several divided by "; ", or a definition's name, a colon and its
clauses divided by ", ". A sentence that is not listed here stands for itself.
"""

from __future__ import annotations

import re

from oligoscope.study.vocabulary import Text

SENTENCES: dict[str, str] = {
    # RECIST 1.1
    "a new lesion": "出现新病灶",
    "the target lesions progressed": "靶病灶进展",
    "a non-target lesion progressed unequivocally": "非靶病灶明确进展",
    "disease reappeared after a complete response": "完全缓解后疾病再现",
    "given": "数据中已有的评价",
    "read": "研究团队已判读的进展",
    "best response up to the first progression (RECIST 1.1, 4.4)": "首次进展前的最佳疗效（RECIST 1.1，4.4）",
    "best response, CR and PR confirmed (RECIST 1.1 table 3)": "最佳疗效，CR 与 PR 须确认（RECIST 1.1 表 3）",
    "clinical progression, without imaging": "临床进展，无影像学依据",
    "no imaging at progression": "进展时无影像学检查",
    # progression pattern
    "no progressing lesion could be named": "无法指明进展病灶",
    "diffuse disease is systemic at any count": "弥漫性病变一律计为广泛进展",
    "the primary or most other lesions progress too": "原发灶或多数其他病灶亦进展",
    "the primary (where known) and most other lesions do not progress": "原发灶（已知时）及多数其他病灶未进展",
    # resistance
    "progression after CR or PR": "CR 或 PR 后进展",
    "progression within 6 months of the start, without CR or PR": "治疗开始后 6 个月内进展，且未获 CR 或 PR",
    "progression after stable disease of 6 months or more": "SD 满 6 个月后进展",
    "late progression without a response that could be evaluated": "较晚进展，且无可评估的疗效",
    "progression within 6 months after at least 6 weeks of treatment (any if rapid), whatever the best response": (
        "治疗至少 6 周（快速进展者不限）且 6 个月内进展，不论最佳疗效"
    ),
    "treatment and time to progression both over 6 months": "治疗时间与至进展时间均超过 6 个月",
    "exposure too short for either type": "用药时间过短，两型均不成立",
    "at least 6 weeks of treatment, PD or SD under 6 months, progression confirmed after 4 weeks": (
        "治疗至少 6 周，PD 或 SD 不足 6 个月，且 4 周后确认进展"
    ),
    "as primary, without a confirming scan after 4 weeks": "同原发性耐药，但 4 周后无确认性扫描",
    "at least 6 months of treatment, CR, PR or SD for more than 6 months": "治疗至少 6 个月，且 CR、PR 或 SD 超过 6 个月",
    "meets neither definition": "两种定义均不符合",
    "CR or PR, then progression on treatment or within 6 months of the last dose": "获 CR 或 PR，后于治疗中或末次给药后 6 个月内进展",
    "best response not evaluable": "最佳疗效不可评估",
    "no CR or PR, or progression later than 6 months after the last dose": "未获 CR 或 PR，或末次给药 6 个月后才进展",
    # endpoints
    "no baseline assessment: censored at the start": "无基线评估：于起点删失",
    "new anticancer therapy first: censored at the last adequate assessment before it": "先开始新的抗肿瘤治疗：于此前末次可评估检查删失",
    "two or more missed assessments before the event: censored at the last adequate one": "事件前漏检两次或以上：于末次可评估检查删失",
    "first progression": "首次进展",
    "death without progression": "未进展而死亡",
    "no event: censored at the last adequate assessment": "无事件：于末次可评估检查删失",
}  # fmt: skip
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"more than (\d+) progressing lesions", "进展病灶超过 {0} 个"),
        (r"more than (\d+) organs of progression", "进展器官超过 {0} 个"),
        (r"at most (\d+) progressing lesions outside the brain", "脑外进展病灶不超过 {0} 个"),
        (r"at most (\d+) progressing lesions", "进展病灶不超过 {0} 个"),
        (r"at most (\d+) organs of progression", "进展器官不超过 {0} 个"),
    )
)
_NAMED = re.compile(r"([a-z][a-z0-9_]*): (.+)")


def rule_text(rule: str) -> Text:
    """A rule's sentence in both languages; in English as it stands where a part of it is not known."""
    named = _NAMED.fullmatch(rule)
    name, rest = named.groups() if named else ("", rule)
    chinese = _chinese(rest)
    if chinese is None:
        return Text(rule, rule)
    return Text(f"{name}：{chinese}" if name else chinese, rule)


def _chinese(text: str) -> str | None:
    whole = _sentence(text)
    if whole is not None:
        return whole
    for divider, joiner in (("; ", "；"), (", ", "，")):
        parts = [_sentence(part) for part in text.split(divider)]
        if len(parts) > 1 and all(part is not None for part in parts):
            return joiner.join(part or "" for part in parts)
    return None


def _sentence(text: str) -> str | None:
    if text in SENTENCES:
        return SENTENCES[text]
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return chinese.format(*found.groups())
    return None
