"""Organs, in the words of our tables and as they are printed."""

from __future__ import annotations

from oligoscope.study.dictionary.variable import named_levels

ORGANS = named_levels(
    ("lung", "肺", "Lung"),
    ("lymph_node", "淋巴结", "Lymph nodes"),
    ("bone", "骨", "Bone"),
    ("liver", "肝", "Liver"),
    ("adrenal", "肾上腺", "Adrenal gland"),
    ("brain", "脑", "Brain"),
    ("pleura", "胸膜", "Pleura"),
    ("pericardium", "心包", "Pericardium"),
    ("peritoneum", "腹膜", "Peritoneum"),
    ("kidney", "肾", "Kidney"),
    ("spleen", "脾", "Spleen"),
    ("skin", "皮肤", "Skin"),
    ("soft_tissue", "软组织", "Soft tissue"),
    ("mediastinum", "纵隔", "Mediastinum"),
)
