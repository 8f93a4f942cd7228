"""The weights by name: whom the weighted groups represent, and how the weights were made."""

from __future__ import annotations

from oligoscope.bilingual import Text

# In tables, where each is a heading.
TARGETS: dict[str, Text] = {
    "overlap": Text("重叠加权（重叠人群）", "Overlap weights (overlap population)"),
    "ate": Text("逆概率加权（全部患者，ATE）", "Inverse probability (all patients, ATE)"),
    "att": Text("按第一组加权（ATT）", "Weighted to the first group (ATT)"),
    "entropy_ate": Text("熵均衡（全部患者，ATE）", "Entropy balancing (all patients, ATE)"),
    "entropy_att": Text("熵均衡（第一组，ATT）", "Entropy balancing (the first group, ATT)"),
}
DOUBLY_ROBUST = Text("双重稳健（AIPW，全部患者）", "Doubly robust (AIPW, all patients)")
# In rows of the answer, and where several stand side by side.
SHORT: dict[str, Text] = {
    "overlap": Text("重叠加权", "Overlap weighted"),
    "ate": Text("逆概率加权（ATE）", "Inverse probability weighted (ATE)"),
    "att": Text("按第一组加权（ATT）", "Weighted to the first group (ATT)"),
    "entropy_ate": Text("熵均衡（ATE）", "Entropy balanced (ATE)"),
    "entropy_att": Text("熵均衡（ATT）", "Entropy balanced (ATT)"),
}
# In sentences, with the name of the first group compared.
IN_WORDS: dict[str, Text] = {
    "overlap": Text("重叠权重", "overlap weights"),
    "ate": Text("逆概率权重", "inverse probability weights"),
    "att": Text("以{first}组为目标人群的权重（ATT）", "weights to the group with {first} (ATT)"),
    "entropy_ate": Text("熵均衡权重（ATE）", "entropy balancing weights (ATE)"),
    "entropy_att": Text("熵均衡权重（ATT）", "entropy balancing weights (ATT)"),
}
