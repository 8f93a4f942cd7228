"""Footnotes of a table: letters given in order of first use, one letter a text."""

from __future__ import annotations

from string import ascii_lowercase

from oligoscope.bilingual import Text
from oligoscope.results.methods import MEDIAN_P
from oligoscope.results.results import Estimate
from oligoscope.results.warnings import reason

METHODS: dict[str, Text] = {
    "chi-square": Text(
        "Pearson χ² 检验（不作连续性校正）", "Pearson chi-square test, no continuity correction"
    ),
    "Fisher exact": Text("Fisher 精确检验", "Fisher's exact test"),
    "t": Text("独立样本 *t* 检验", "independent-samples *t* test"),
    "Student t": Text("独立样本 *t* 检验（方差齐）", "independent-samples *t* test, equal variances"),
    "Welch t": Text("Welch *t* 检验（方差不齐）", "Welch's *t* test, unequal variances"),
    "Mann-Whitney U": Text("Mann-Whitney *U* 检验", "Mann-Whitney *U* test"),
    "one-way ANOVA": Text("单因素方差分析", "one-way analysis of variance"),
    "Welch ANOVA": Text("Welch 方差分析", "Welch's analysis of variance"),
    "Kruskal-Wallis": Text("Kruskal-Wallis 检验", "Kruskal-Wallis test"),
    "Cochran-Armitage trend": Text("Cochran-Armitage 趋势检验", "Cochran-Armitage test for trend"),
    "log-rank": Text("Log-rank 检验", "log-rank test"),
    "weighted log-rank, robust": Text(
        "加权 Log-rank 检验（按匹配组稳健估计方差）",
        "weighted log-rank test, variance robust to the matched sets",
    ),
    "weighted Wald, set-robust": Text(
        "加权 Wald 检验（按匹配组稳健估计方差）", "weighted Wald test, variance robust to the matched sets"
    ),
    "Gray's test": Text("Gray 检验", "Gray's test"),
    "Wald": Text("Wald 检验", "Wald test"),
    "Grambsch-Therneau score test, Kaplan-Meier time": Text(
        "Grambsch-Therneau 检验（Kaplan-Meier 时间尺度）", "Grambsch-Therneau score test, Kaplan-Meier time"
    ),
    "Grambsch-Therneau score test, Kaplan-Meier time, all states": Text(
        "Grambsch-Therneau 检验（Kaplan-Meier 时间尺度，全部状态）",
        "Grambsch-Therneau score test, Kaplan-Meier time, all states",
    ),
    "penalised likelihood ratio": Text(
        "惩罚似然比检验（Firth 法）", "penalised likelihood-ratio test (Firth)"
    ),
    "Fine-Gray": Text("Fine-Gray 模型（Wald 检验）", "Fine-Gray model, Wald test"),
    "cause-specific Cox": Text("原因别 Cox 模型（Wald 检验）", "cause-specific Cox model, Wald test"),
    "likelihood ratio of the product term": Text(
        "乘积项的似然比检验", "likelihood-ratio test of the product term"
    ),
}
OR = " or "  # between tests, where imputations were tested differently
# How a test of several imputations became one; written after the test's own name.
POOLED: dict[str, Text] = {
    ", pooled by D2": Text(
        "，各插补数据集的 χ² 以 D2 法合并", ", chi-squares of the imputations pooled by D2"
    ),
    MEDIAN_P: Text("，取各插补数据集 *P* 值的中位数", ", median *P* over the imputations"),
    ", D1": Text("，各插补数据集的估计以 D1 法合并", ", estimates of the imputations pooled by D1"),
}


def method_name(method: str) -> Text:
    """A test, or tests, by printed name, with how they were pooled; an unknown one stands for itself."""
    own, ending = next(((method.removesuffix(e), e) for e in POOLED if method.endswith(e)), (method, ""))
    tests = own.split(OR) if METHODS.keys() >= set(own.split(OR)) else [own]
    names = [METHODS.get(test, Text(test, test)) for test in tests]
    pooled = POOLED.get(ending, Text("", ""))
    return Text("或 ".join(n.zh for n in names) + pooled.zh, OR.join(n.en for n in names) + pooled.en)


class Footnotes:
    """Collects the notes of one table while it is being made."""

    def __init__(self) -> None:
        self._texts: list[Text] = []

    def mark(self, text: Text) -> str:
        """The letter of this note; a new note takes the next letter."""
        if text not in self._texts:
            self._texts.append(text)
        return ascii_lowercase[self._texts.index(text)]

    def method(self, estimate: Estimate) -> str:
        """Letter of the test that made this P, or of the reason why there is none."""
        if estimate.value is None:
            return self.withheld(estimate)
        return self.mark(method_name(estimate.method))

    def withheld(self, estimate: Estimate) -> str:
        """Letter of the reason why a number is not given; none where no reason was stored."""
        if estimate.value is not None or not estimate.warning:
            return ""
        why = reason(estimate.warning)
        return self.mark(Text(f"未给出：{why.zh}", f"not given: {why.en}"))

    def care(self, estimate: Estimate) -> str:
        """Letter of the reason why a number that is given should be read with care."""
        if estimate.value is None or not estimate.warning:
            return self.withheld(estimate)
        why = reason(estimate.warning)
        return self.mark(Text(f"解读时注意：{why.zh}", f"read with care: {why.en}"))

    def notes(self) -> tuple[Text, ...]:
        return tuple(
            Text(f"{letter}：{text.zh}。", f"{letter}: {text.en}.")
            for letter, text in zip(ascii_lowercase, self._texts, strict=False)
        )
