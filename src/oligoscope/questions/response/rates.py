"""The rates of response, and the changes of the lesions that are counted, with their names."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.vocabulary import Response

RATES: dict[str, tuple[Response, ...]] = {
    "orr": (Response.CR, Response.PR),
    "dcr": (Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD),
}
RATE_NAMES: dict[str, Text] = {
    "orr": Text("客观缓解率", "Objective response rate"),
    "dcr": Text("疾病控制率", "Disease control rate"),
}
CHANGES: dict[str, Text] = {
    "<=-30": Text("缩小 30% 及以上", "Shrunk by 30% or more"),
    ">=20": Text("增大 20% 及以上", "Grown by 20% or more"),
    "pd_by_new_lesion": Text("因新病灶进展", "Progression by a new lesion"),
    "pd_by_non_target": Text("因非靶病灶进展", "Progression by a non-target lesion"),
}
