"""Rules for how long patients were followed, for progressions that were read, and for a cohort that a team has classified."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.intake.rule import CORRECT, Rule

OF_FOLLOW_UP = (
    Rule("follow_up_missing", "warning", "patients, cohort",
        Text("{source} 没有任何患者的死亡日期或末次存活日期。", "{source} has no date of death and no day last known alive of any patient."),
        Text("不知道患者随访到何时，无法给出总生存期与进展后生存期；未进展者只能随访到末次评估。",
             "It is not known how long patients were followed: overall and post-progression survival are not given, and patients without a progression are followed to their last assessment only."),
        Text("请补充 died_on 与 last_known_alive_on（或在 cohort 表中给出 OS）；仅需其他分析时可不处理。",
             "Add died_on and last_known_alive_on (or OS in the table cohort); nothing to do where only other analyses are wanted.")),
    Rule("followed_to_contact", "warning", "progressions, cohort",
        Text("{source} 没有各次评估的日期，而有患者未进展。", "{source} dates no assessment, and some patients have no progression."),
        Text("未进展者的无进展生存期只能随访到末次联系（没有末次联系者为未知，不计为第 0 天删失），可能偏长。",
             "Their progression-free survival is followed to the last contact (without one it is not known, and is not censored on day 0), and may be too long."),
        Text("如有各次检查的日期与疗效，请用 assessments 表给出。", "Give dates and responses of the scans in the table assessments, where they are known.")),
    Rule("read_and_derived_differ", "warning", "progressions",
        Text("{source} 有 {n} 名患者所判读的进展与由病灶推导的不同。", "{source} has {n} patient(s) whose progression was read otherwise than it is derived from the lesions."),
        Text("日期、病灶数或进展模式不同；有病灶数据的患者按推导的结果计。", "Date, lesions or pattern differ; of patients with lesions the derived one is used."),
        Text("请核对该患者的病灶行与判读的行。", "Compare the rows of the lesions with the one that was read.")),
)  # fmt: skip

OF_COHORTS = (
    Rule("progression_after_survival", "quarantine", "cohort",
        Text("{source} 有 {n} 名患者的 PFS 长于 OS。", "{source} has {n} patient(s) whose PFS is longer than their OS."),
        Text("进展不能晚于生存的终点；两者之一有误。", "No patient progresses after the end of survival; one of the two is wrong."),
        CORRECT),
    Rule("censored_before_progression", "quarantine", "cohort",
        Text("{source} 有 {n} 名患者写明已进展，而 PFS 为删失。", "{source} has {n} patient(s) who progressed, and whose PFS is censored."),
        Text("进展即 PFS 的事件；按删失计会高估 PFS。", "A progression is an event of PFS; counted as censored it would make PFS too long."),
        Text("请更正；若 0 与 1 的含义相反，请在 study.yaml 用 levels 写明，如 {pfs_event: {\"1\": [\"0\"], \"0\": [\"1\"]}}。",
             "Correct it; where 0 and 1 mean the reverse, state it under `levels` in study.yaml: {pfs_event: {\"1\": [\"0\"], \"0\": [\"1\"]}}.")),
    Rule("death_and_event_differ", "quarantine", "cohort",
        Text("{source} 有 {n} 名患者有死亡日期，而 OS 为删失。", "{source} has {n} patient(s) with a date of death, and whose OS is censored."),
        Text("两者之一有误；也可能 0 与 1 的含义相反。", "One of the two is wrong, or 0 and 1 mean the reverse."),
        Text("请更正；若 0 与 1 的含义相反，请在 study.yaml 用 levels 写明。", "Correct it; where 0 and 1 mean the reverse, state it under `levels` in study.yaml.")),
    Rule("times_do_not_add_up", "warning", "cohort",
        Text("{source} 有 {n} 名患者的 PPS 与 OS − PFS 不符。", "{source} has {n} patient(s) whose PPS is not OS − PFS."),
        Text("差异超过舍入误差；各按所给的值采用。", "They differ by more than rounding; each is used as given."),
        CORRECT),
    Rule("death_not_counted", "warning", "cohort",
        Text("{source} 有 {n} 名患者在 PFS 终点死亡，而 PFS 为删失。", "{source} has {n} patient(s) who died at the end of their PFS, which is censored."),
        Text("未进展而死亡也是 PFS 的事件；按所给的值采用。", "A death without progression is an event of PFS, too; it is used as given."),
        CORRECT),
    Rule("times_and_dates_differ", "warning", "cohort",
        Text("{source} 有 {n} 名患者所给的时间与日期不符。", "{source} has {n} patient(s) whose times do not agree with the dates."),
        Text("差异超过舍入误差；采用所给的时间。", "They differ by more than rounding; the time given is used."),
        CORRECT),
    Rule("time_without_event", "warning", "cohort",
        Text("{source} 有 {n} 处有时间而没有结局。", "{source} has {n} time(s) without the event."),
        Text("不知是否发生事件的时间无法分析，按未知计。", "A time of which it is not known how it ended cannot be analysed; it is not known."),
        Text("请补充结局列（1 为事件，0 为删失）。", "Add the column of the event (1 event, 0 censored).")),
    Rule("date_unused", "warning", "cohort",
        Text("{source} 有 {n} 个日期因没有治疗开始日期而未采用。", "{source} has {n} unused date(s) without a date of treatment start."),
        Text("没有起点的日期算不出时间；所给的时间照用。", "No time can be counted from a date without a start; the times given are used."),
        Text("如有治疗开始日期，请补充。", "Add the date of treatment start where it is known.")),
)  # fmt: skip
