"""The words of a matching choice, as stored in Results, in both languages."""

from __future__ import annotations

import re

from oligoscope.bilingual import Text

_OPTIMAL = "optimal (most pairs, then least total distance)"
WORDS: dict[str, Text] = {
    _OPTIMAL: Text("最优匹配（先求对数最多，再求总距离最小）", _OPTIMAL),
    "nearest neighbour": Text("最近邻匹配", "nearest neighbour"),
    "highest score first": Text("评分高者先配", "highest score first"),
    "lowest score first": Text("评分低者先配", "lowest score first"),
    "in the order given": Text("按给定顺序", "in the order given"),
    "in random order": Text("随机顺序", "in random order"),
    "with replacement": Text("有放回", "with replacement"),
    "without replacement": Text("无放回", "without replacement"),
    "no caliper": Text("不设卡钳值", "no caliper"),
}
_SCALES: dict[str, Text] = {
    "on the logit": Text("logit", "on the logit"),
    "on the probability": Text("概率", "on the probability"),
    "SD of the logit": Text("logit 的标准差倍数", "SD of the logit"),
}
_CALIPER = re.compile(r"caliper ([\d.e-]+) (.+)")
_PARTS = re.compile(r", (?![^(]*\))")  # a comma inside brackets divides nothing


def matching_words(words: str) -> Text:
    """`nearest neighbour, highest score first, 1:1, …` in both languages; unknown parts stand for themselves."""
    parts = [_part(part) for part in _PARTS.split(words)]
    return Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))


def _part(words: str) -> Text:
    found = _CALIPER.fullmatch(words)
    if found and found[2] in _SCALES:
        return Text(f"卡钳值 {found[1]}（{_SCALES[found[2]].zh}）", words)
    return WORDS.get(words, Text(words, words))
