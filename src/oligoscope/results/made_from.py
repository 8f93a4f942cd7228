"""Which patients a number is made from: the selections, or the reason why they cannot be named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from oligoscope.bilingual import Text
from oligoscope.results.selection import Selection, Term


class Reason(Enum):
    """Why the patients found differ from the number, or are not named: a short and a full text each."""

    MEAN = (
        Text("各插补的均值", "mean of the imputations"),
        Text(
            "匹配后的数是各插补的均值，n 为各插补人数的均值（四舍五入）；每位患者名后注明其所在的插补。",
            "After matching, the number is the mean over the imputations; n is the mean of their sizes, rounded. "
            "The list says in which imputations each patient is.",
        ),
    )
    SOME = (
        Text("部分插补的均值", "mean of some imputations"),
        Text(
            "该行只在部分插补中存在（例如某水平未出现，或精确检验没有统计量），n 为这些插补人数的均值；名单包括所有插补。",
            "The row exists in some of the imputations only (a level does not occur in the others, or an exact test has no "
            "statistic), and n is the mean of their sizes; the list holds every imputation.",
        ),
    )
    FEWEST = (
        Text("各插补中最少的风险人数", "fewest at risk in any imputation"),
        Text(
            "数字由该组全部患者得出；n 只计该时点仍在随访者，取各插补中最少的一个。",
            "The number is made from all patients of the group; n counts those still followed at that time, the fewest "
            "in any imputation.",
        ),
    )
    AT_RISK = (
        Text("n 为风险人数", "n is the number at risk"),
        Text(
            "数字由该组全部患者得出；n 只计该时点仍在随访者。",
            "The number is made from all patients of the group; n counts only those still followed at that time.",
        ),
    )
    IMPUTED = (
        Text("含插补值", "holds imputed values"),
        Text(
            "该变量的缺失值由插补得出，每个插补各不相同，不写入 patients.csv，故不能逐一列出计入该水平的患者；n 所指的患者可以列出。",
            "Missing values of this variable were drawn, other ones in each imputation, and are not in patients.csv, so "
            "the patients counted at this level cannot be listed; those of n can.",
        ),
    )
    NO_N = (
        Text("results.csv 未给 n", "no n in results.csv"),
        Text(
            "results.csv 的这一行没有 n，所列为该分析所用的全部患者。",
            "This row of results.csv has no n; the patients named are all those the analysis used.",
        ),
    )
    MATCHING_WEIGHTS = (
        Text("按匹配权重计", "counted by the weights of the matching"),
        Text(
            "该数为匹配权重之和，而非人数：匹配不是一一配对时，每个匹配组的对照权重合计为 1，用于多个匹配组者权重相加。所列为其权重计入者；"
            "权重可由 matched_pairs.csv 得出。",
            "The number is a sum of weights of the matching, not of patients: where matching is not one to one, the controls of a "
            "set count 1 together, and a control of several sets the sum. Named are those whose weights are in it; the weights "
            "follow from matched_pairs.csv.",
        ),
    )
    WEIGHTED = (
        Text("有效样本量", "effective sample size"),
        Text(
            "有效样本量不是人数；所列为参与加权的患者，权重由各插补的倾向评分得出，不写入文件。",
            "An effective sample size is no count of patients; named are those who were weighted. The weights come from "
            "the propensity score of each imputation and are not written.",
        ),
    )
    QUARANTINED = (
        Text("含因数据有误剔除者", "includes patients left out for faulty data"),
        Text(
            "n 还包括因数据有误而剔除的患者：这些患者列于 issues.csv，不在 patients.csv 中。",
            "n includes patients who were left out because of faulty data: they are in issues.csv and not in patients.csv.",
        ),
    )
    NOT_JUDGED = (
        Text("规则无法判定者", "rule could not be judged"),
        Text(
            "某条规则所用的值缺失而无法判定的患者予以保留并计数；这些患者由 study.yaml 中该规则的条件决定，patients.csv 不另作标记。",
            "Patients whom a rule could not judge, because a value was missing, stay and are counted; the rule's condition "
            "in study.yaml says who they are, and patients.csv has no mark for them.",
        ),
    )
    OTHER_MATCHING = (
        Text("另一种匹配方案", "another matching"),
        Text(
            "该数字来自为改善均衡而试算的另一种匹配方案，其配对不写入文件。",
            "The number is of another choice of matching that was tried for its balance; its pairs are not written.",
        ),
    )
    VISITS = (
        Text("计数单位为评估次数", "counts visits"),
        Text(
            "计数单位是评估次数而非患者：见 responses.csv 中 given_response 与 overall_response 均有值的行。",
            "Visits are counted, not patients: the rows of responses.csv with both given_response and overall_response.",
        ),
    )
    READERS = (
        Text("计数单位为两位阅片者的评估次数", "counts visits of two readers"),
        Text(
            "计数单位是评估次数而非患者：所比较的两种疗效均有者；responses.csv 只含研究所采用的阅片者的疗效。",
            "Visits are counted, not patients: those that have both of the compared responses; responses.csv holds those of the "
            "reader whom the study follows.",
        ),
    )
    NOT_WRITTEN = (
        Text("所需的列未写入文件", "a column is not written"),
        Text(
            "分析用到了研究自有的列，该列未写入 patients.csv；请在研究的患者表中查找。",
            "The analysis reads a column of the study's own tables that patients.csv does not hold; look it up in the "
            "study's table of patients.",
        ),
    )
    NOT_EQUAL = (
        Text("人数与 n 不符，不予列出", "count differs from n, not listed"),
        Text(
            "按条件在文件中找到的人数与 results.csv 的 n 不符，原因不明，故不列出患者。",
            "The condition finds another number of patients than the row's n, for no known reason; so no patient is named.",
        ),
    )
    NOT_COUNTED = (
        Text("计入者不予列出", "those counted are not listed"),
        Text(
            "按条件在文件中找到的计入人数与该数值不符，原因不明，故只列出 n 所指的患者。",
            "The condition finds another number of patients than the row counts, for no known reason; so only those of n "
            "are named.",
        ),
    )
    NO_RULE = (
        Text("未写明患者", "patients not named"),
        Text(
            "本页没有说明该分析所用患者的规则，请见 docs/methods.md。",
            "This page has no rule that names the patients of this analysis; see docs/methods.md.",
        ),
    )
    NOT_SAVED = (
        Text("患者未随结果保存", "patients not saved with the results"),
        Text(
            "该次运行没有保存各数字所用的患者，或此后 results.csv 被改动；请重新运行该研究。",
            "The run did not save which patients its numbers are made from, or results.csv was changed since; run the "
            "study once more.",
        ),
    )

    def __init__(self, short: Text, full: Text) -> None:
        self.short, self.full = short, full

    @property
    def id(self) -> str:
        """The anchor of links."""
        return f"reason-{self.name.lower().replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """The patients that one number is made from.

    Attributes:
        patients: Those it is made from; None where they cannot be named (then `reasons` says why).
        counted: Those it counts, where it is a count of patients or the share of one.
        at_risk: Those the column n counts, where it counts fewer than `patients`.
        reasons: Why n, or the value, is not the number of patients found.
    """

    patients: Selection | None = None
    counted: Selection | None = None
    at_risk: Selection | None = None
    reasons: tuple[Reason, ...] = ()

    def selections(self) -> tuple[Selection, ...]:
        """Those that are named, each once."""
        found = [s for s in (self.patients, self.counted, self.at_risk) if s is not None]
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)

    def terms(self) -> tuple[Term, ...]:
        """Every condition."""
        return tuple(dict.fromkeys(t for s in self.selections() for t in s.terms()))
