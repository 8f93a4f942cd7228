"""The choices of a matching as sentences name them, in both languages."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.results.methods import Method, MethodPart

_IN_SENTENCES: dict[MethodPart, Text] = {
    MethodPart.OPTIMAL: Text("最优匹配（先求对数最多，再求总距离最小）", MethodPart.OPTIMAL),
    MethodPart.HIGHEST_FIRST: Text("评分高者先配", MethodPart.HIGHEST_FIRST),
    MethodPart.LOWEST_FIRST: Text("评分低者先配", MethodPart.LOWEST_FIRST),
    MethodPart.AS_GIVEN: Text("按给定顺序", MethodPart.AS_GIVEN),
    MethodPart.AT_RANDOM: Text("随机顺序", MethodPart.AT_RANDOM),
    MethodPart.WITH_REPLACEMENT: Text("有放回", MethodPart.WITH_REPLACEMENT),
    MethodPart.WITHOUT_REPLACEMENT: Text("无放回", MethodPart.WITHOUT_REPLACEMENT),
    MethodPart.CALIPER_ON_LOGIT: Text("卡钳值 {width}（logit）", MethodPart.CALIPER_ON_LOGIT),
    MethodPart.CALIPER_ON_PROBABILITY: Text("卡钳值 {width}（概率）", MethodPart.CALIPER_ON_PROBABILITY),
    MethodPart.CALIPER_IN_SDS: Text("卡钳值 {width}（logit 的标准差倍数）", MethodPart.CALIPER_IN_SDS),
}


def matching_words(method: Method) -> Text:
    """The method of a matching inside a sentence."""
    return method.printed_as(_IN_SENTENCES)
