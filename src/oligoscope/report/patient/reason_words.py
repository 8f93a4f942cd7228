"""The sentences of clinical rules in both languages; the rules themselves carry English only.

A rule text may be one sentence, several divided by "; ", or a definition's name, a colon and its
clauses divided by ", ". A sentence that is not listed here is printed as it is.
"""

from __future__ import annotations

import re

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.dictionary.definitions import RESISTANCE_DEFINITIONS, definition_name

SENTENCES: dict[str, str] = {
    # RECIST 1.1
    "a new lesion": "出现新病灶",
    "the target lesions progressed": "靶病灶进展",
    "a non-target lesion progressed unequivocally": "非靶病灶明确进展",
    "disease reappeared after a complete response": "完全缓解后疾病再现",
    "best response up to the first progression (RECIST 1.1, 4.4)": "首次进展前的最佳疗效（RECIST 1.1，4.4）",
    "best response, CR and PR confirmed (RECIST 1.1 table 3)": "最佳疗效，CR 与 PR 须确认（RECIST 1.1 表 3）",
    "best iRECIST response before a confirmed progression (Seymour 2017)": "确认进展前的 iRECIST 最佳疗效（Seymour 2017）",
    "no assessment after the start": "治疗开始后无评估",
    "no assessment that counts could be evaluated": "计入的评估均不可评估",
    "as the team has read it": "按研究团队已判读的结果",
    "as given by the team": "按研究团队所给",
    "overall survival minus progression-free survival, both as given by the team": "研究团队所给的总生存期减去无进展生存期",
    "no event and no dated assessment in the study: censored at the last contact": "无事件，研究中没有带日期的评估：于末次联系时删失",
    "a progression that was read, and no response before it that counts": "已判读的进展，此前无计入的疗效",
    **{f"dated by {c.printed.en}": f"按 {c.printed.zh} 定日期" for c in CRITERIA.values()},
    "no imaging at progression": "进展时无影像学检查",
    # progression pattern
    "no progressing lesion could be named": "无法指明进展病灶",
    "diffuse disease is systemic at any count": "弥漫性病变一律计为广泛进展",
    "the primary or most other lesions progress too": "原发灶或多数其他病灶亦进展",
    "the primary (where known) and most other lesions do not progress": "原发灶（已知时）及多数其他病灶未进展",
    **{
        rule.sentence.en: rule.sentence.zh
        for definition in RESISTANCE_DEFINITIONS.values()
        for rule in definition.rules
    },
    # endpoints
    "no baseline assessment: censored at the start": "无基线评估：于起点删失",
    "new anticancer therapy first: censored at the last adequate assessment before it": "先开始新的抗肿瘤治疗：于此前末次充分评估删失",
    "two or more missed assessments before the event: censored at the last adequate one": "事件前漏检两次或以上：于末次充分评估删失",
    "first progression": "首次进展",
    "death without progression": "未进展而死亡",
    "no event: censored at the last adequate assessment": "无事件：于末次充分评估删失",
    "no event and no adequate assessment after the start: censored at the start": "无事件，且治疗开始后无可评估检查：于起点删失",
    "new anticancer therapy first and no adequate assessment before it: censored at the start": (
        "先开始新的抗肿瘤治疗，此前无可评估检查：于起点删失"
    ),
    "two or more missed assessments and no adequate one before the event: censored at the start": (
        "漏检两次或以上，事件前无可评估检查：于起点删失"
    ),
    "first progression as iRECIST dates it": "iRECIST 所定日期的首次进展",
    "clinical progression": "临床进展",
    "progression that was read on images": "影像上已判读的进展",
    "death": "死亡",
    "alive when last seen: censored": "末次随访时存活：删失",
    "alive at the data cut-off: censored": "数据截止时存活：删失",
    "no contact after the start: censored at the start": "治疗开始后无联系：于起点删失",
    "from the first CR or PR to the end of progression-free survival": "自首次 CR 或 PR 至无进展生存期终点",
    "from the first progression to the end of overall survival": "自首次进展至总生存期终点",
    "last dose not recorded": "末次给药未记录",
    "progression seen again after 4 weeks": "4 周后再次见进展",
    "progression not seen again after 4 weeks": "4 周后未再次见进展",
}  # fmt: skip
_PATTERNS: dict[re.Pattern[str], str] = {
    re.compile(pattern): chinese
    for pattern, chinese in {
        r"more than (\d+) progressing lesions?": "进展病灶超过 {0} 个",
        r"more than (\d+) organs? of progression": "进展器官超过 {0} 个",
        r"at most (\d+) progressing lesions? outside the brain": "脑外进展病灶不超过 {0} 个",
        r"at most (\d+) progressing lesions?": "进展病灶不超过 {0} 个",
        r"at most (\d+) organs? of progression": "进展器官不超过 {0} 个",
        r"first (\w+) on (\S+)": "{1} 首次 {0}",
        r"first (\w+) on (\S+) and again on (\S+)": "{1} 首次 {0}，{2} 再次",
        r"(\w+) on (\S+), day (\d+), at least day (\d+)": "{1} 为 {0}，第 {2} 天，不早于第 {3} 天",
        r"(\w+) on (\S+), day (\d+), before day (\d+), and nothing later that counts": "{1} 为 {0}，第 {2} 天，早于第 {3} 天，其后无计入的评估",
        r"(\w+) on (\S+), and no response before it that counts": "{1} 为 {0}，此前无计入的疗效",
        r"(\w+) on (\S+) after a CR, which is progression \(footnote a\)": "{1} 在 CR 之后为 {0}，即进展（脚注 a）",
        r"no assessment up to (\S+), when the first progression ended the count": "至 {0} 首次进展、不再计入时，尚无评估",
        r"no assessment up to (\S+), when a new therapy ended the count": "至 {0} 开始新治疗、不再计入时，尚无评估",
        r"sum (\S+) mm, baseline (\S+) mm(?: \((\S+) %\))": "总和 {0} mm，基线 {1} mm（{2}%）",
        r"sum (\S+) mm, baseline (\S+) mm": "总和 {0} mm，基线 {1} mm",
        r"a new lesion: (\d+) seen first on (\S+)": "出现新病灶：{0} 个，{1} 首见",
        r"a new lesion: (\d+) seen first on (\S+), equivocal until (\S+)": "出现新病灶：{0} 个，{1} 首见，至 {2} 方才确定",
        r"the target lesions progressed: sum (\S+) mm on (\S+), nadir (\S+) mm, \+(\S+) mm(?: \(\+(\S+) %\))": "靶病灶进展：{1} 总和 {0} mm，最低值 {2} mm，增加 {3} mm（{4}%）",
        r"the target lesions progressed: sum (\S+) mm on (\S+), nadir (\S+) mm, \+(\S+) mm": "靶病灶进展：{1} 总和 {0} mm，最低值 {2} mm，增加 {3} mm",
        r"the target lesions progressed: sum of the lesions evaluated (\S+) mm on (\S+), nadir (\S+) mm, \+(\S+) mm(?: \(\+(\S+) %\))": "靶病灶进展：{1} 已评估病灶总和 {0} mm，最低值 {2} mm，增加 {3} mm（{4}%）",
        r"the target lesions progressed: sum of the lesions evaluated (\S+) mm on (\S+), nadir (\S+) mm, \+(\S+) mm": "靶病灶进展：{1} 已评估病灶总和 {0} mm，最低值 {2} mm，增加 {3} mm",
        r"a non-target lesion progressed unequivocally: on (\S+)": "非靶病灶明确进展：{0}",
        r"disease reappeared after a complete response: on (\S+)": "完全缓解后疾病再现：{0}",
        r"clinical progression, without imaging: on (\S+)": "临床进展，无影像学依据：{0}",
        r"read by the team: progression on (\S+)": "研究团队已判读：{0} 进展",
        r"given as PD: on (\S+)": "数据中已评为 PD：{0}",
        r"first iUPD of the block, on (\S+), confirmed \(iCPD\) on (\S+)": "该段首次 iUPD 于 {0}，{1} 确认（iCPD）",
        r"first iUPD of the block, on (\S+), neither confirmed nor taken back by a later scan": "该段首次 iUPD 于 {0}，其后检查既未确认也未否定",
        r"no lesion scan within (\d+) days? of the progression": "进展前后 {0} 天内无病灶检查",
        r"progressing lesions counted: (\d+), outside the brain (\d+), organs (\d+)": "计得进展病灶 {0} 个，脑外 {1} 个，器官 {2} 个",
        r"other lesions that do not progress: (\d+) of (\d+)": "其他病灶 {1} 个中 {0} 个未进展",
        r"best response (\S+), treatment from (\S+), progression on (\S+), six months end on (\S+)": "最佳疗效 {0}，{1} 开始治疗，{2} 进展，{3} 满 6 个月",
        r"last dose on (\S+)": "末次给药 {0}",
        r"new therapy on (\S+)": "{0} 开始新治疗",
        r"event on (\S+), (\d+) days? later, more than (\d+)": "{0} 发生事件，相隔 {1} 天，超过 {2} 天",
        r"(\S+), (-?\d+) days? after (\S+)": "{0}，为 {2} 之后 {1} 天",
        r"progression on (\S+), end on (\S+), (\d+) days?": "{0} 进展，终点 {1}，共 {2} 天",
        r"(\w+) on (\S+), end on (\S+), (\d+) days?": "{1} 为 {0}，终点 {2}，共 {3} 天",
    }.items()
}
_NAMED = re.compile(r"([a-z][a-z0-9_]*): (.+)")


def rule_text(rule: str) -> Text:
    """A rule's sentence in both languages, its definition by its printed name; in English only where a part of it is not known."""
    named = _NAMED.fullmatch(rule)
    name, rest = named.groups() if named else ("", rule)
    printed = definition_name(name)
    english = f"{printed.en}: {rest}" if name else rest
    chinese = _chinese(rest)
    if chinese is None:
        return Text(english, english)
    return Text(f"{printed.zh}：{chinese}" if name else chinese, english)


def _chinese(text: str) -> str | None:
    """The whole, else its clauses by "; ", else those of each by ", "; None where one is not known."""
    whole = _sentence(text)
    if whole is not None:
        return whole
    for divider, joiner in (("; ", "；"), (", ", "，")):
        if divider in text:
            parts = [_chinese(part) for part in text.split(divider)]
            return None if None in parts else joiner.join(part or "" for part in parts)
    return None


def _sentence(text: str) -> str | None:
    if text in SENTENCES:
        return SENTENCES[text]
    for pattern, chinese in _PATTERNS.items():
        found = pattern.fullmatch(text)
        if found:
            return chinese.format(*found.groups())
    return None
