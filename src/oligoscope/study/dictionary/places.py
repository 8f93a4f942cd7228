"""Organs, in the words of our tables and as they are printed."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.variable import LevelName

ORGANS = (
    LevelName("lung", Text("肺", "Lung")),
    LevelName("lymph_node", Text("淋巴结", "Lymph nodes")),
    LevelName("bone", Text("骨", "Bone")),
    LevelName("liver", Text("肝", "Liver")),
    LevelName("adrenal", Text("肾上腺", "Adrenal gland")),
    LevelName("brain", Text("脑", "Brain")),
    LevelName("pleura", Text("胸膜", "Pleura")),
    LevelName("pericardium", Text("心包", "Pericardium")),
    LevelName("peritoneum", Text("腹膜", "Peritoneum")),
    LevelName("kidney", Text("肾", "Kidney")),
    LevelName("spleen", Text("脾", "Spleen")),
    LevelName("skin", Text("皮肤", "Skin")),
    LevelName("soft_tissue", Text("软组织", "Soft tissue")),
    LevelName("mediastinum", Text("纵隔", "Mediastinum")),
)
