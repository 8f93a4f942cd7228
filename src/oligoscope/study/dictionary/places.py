"""Organs in the words of our tables and as they are printed, and what a place in the body is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from oligoscope.study.dictionary.variable import named_levels

NODE = "lymph_node"
ORGANS = named_levels(
    ("lung", "肺", "Lung"),
    (NODE, "淋巴结", "Lymph nodes"),
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
    ("chest_wall", "胸壁", "Chest wall"),
    ("diaphragm", "膈", "Diaphragm"),
    ("trachea", "气管", "Trachea"),
    ("heart", "心脏", "Heart"),
    ("thymus", "胸腺", "Thymus"),
    ("thyroid", "甲状腺", "Thyroid"),
    ("breast", "乳腺", "Breast"),
    ("oesophagus", "食管", "Oesophagus"),
    ("stomach", "胃", "Stomach"),
    ("bowel", "肠", "Bowel"),
    ("pancreas", "胰腺", "Pancreas"),
    ("gallbladder", "胆囊与胆管", "Gallbladder and bile ducts"),
    ("bladder", "膀胱与输尿管", "Bladder and ureter"),
    ("prostate", "前列腺", "Prostate"),
    ("testis", "睾丸", "Testis"),
    ("ovary", "卵巢", "Ovary"),
    ("uterus", "子宫", "Uterus"),
    ("spinal_cord", "脊髓", "Spinal cord"),
    ("eye", "眼", "Eye"),
    ("head_neck", "头颈部器官", "Head and neck organs"),
)

Side = Literal["left", "right", "both"]
Lobe = Literal["RUL", "RML", "RLL", "LUL", "LLL", "lingula"]

# The zones of the IASLC map (Rusch 2009): nodes of one zone are counted as one where the study asks for it.
ZONES: dict[str, str] = {
    "1": "supraclavicular", "2": "upper", "3": "upper", "4": "upper", "5": "aortopulmonary", "6": "aortopulmonary",
    "7": "subcarinal", "8": "lower", "9": "lower", "10": "hilar", "11": "hilar", "12": "peripheral", "13": "peripheral",
    "14": "peripheral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesion is, as far as its words say.

    Attributes:
        organ: One of ORGANS, or `other`.
        side: None where the words do not say it.
        lobe: Of the lung.
        station: Of a node: `4R`, `7`, `axillary`; several as `2R/4R`.
        diffuse_kind: A level of that column of the lesions.
        is_primary: True where it is called the primary tumour; else not known.
        many: The words name more than one lesion (`multiple`).
        certain: Every word is explained. A node with words that are not is a node all the same, and not certain.
    """

    organ: str
    side: Side | None = None
    lobe: Lobe | None = None
    station: str | None = None
    diffuse_kind: str | None = None
    is_primary: bool | None = None
    many: bool = False
    certain: bool = True

    @property
    def is_node(self) -> bool:
        """Whether it is a lymph node."""
        return self.organ == NODE

    @property
    def region(self) -> str | None:
        """Of a node, the zone of its station, or the region that is given in its place."""
        if self.station is None:
            return None
        return ZONES.get(self.station.split("/")[0].rstrip("RLaps"), self.station)

    @property
    def stated(self) -> str:
        """As `data.places` of study.yaml holds it: the organ, and the station of a node."""
        return f"{self.organ} {self.station}" if self.station else self.organ
