"""Criteria of response that `response.criteria` may name: names, sentences of the Methods and what differs, a row each.

A row added here is offered, checked, computed and printed; settings, derivation, Methods and reasons read it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from oligoscope.bilingual import Text


@dataclass(frozen=True, slots=True)
class Criteria:
    """Rules by which measurements of lesions become responses.

    Attributes:
        name: Of response.criteria in study.yaml.
        printed: In sentences.
        methods: Sentence of the Methods.
        growth_percent: Of the sum of targets over its nadir that is progression (and at least 5 mm).
        confirms_progression: A first progression is confirmed or taken back by later scans, as iRECIST has it;
            responses are printed in its codes.
    """

    name: str
    printed: Text
    methods: Text
    growth_percent: int = 20
    confirms_progression: bool = False


RECIST_1_1 = "recist_1_1"
CRITERIA: dict[str, Criteria] = {
    criteria.name: criteria
    for criteria in (
        Criteria(
            RECIST_1_1,
            Text("RECIST 1.1", "RECIST 1.1"),
            Text(
                "疗效由逐病灶测量按 RECIST 1.1 推导。",
                "Responses were derived from lesion measurements by RECIST 1.1.",
            ),
        ),
        Criteria(
            "irecist",
            Text("iRECIST", "iRECIST"),
            Text(
                "疗效由逐病灶测量按 iRECIST 推导（Seymour 2017）：首次进展先记为未确认（iUPD），至少 4 周后的检查可予以确认（iCPD）；"
                "进展日期为已确认者、或此后未见缓解或稳定而未能确认者的首个 iUPD 之日；此后达到 iCR、iPR 或 iSD 者不计为进展。",
                "Responses were derived from lesion measurements by iRECIST (Seymour 2017): a first progression was unconfirmed "
                "(iUPD), and a scan at least 4 weeks later could confirm it (iCPD). Progression was dated to the first iUPD that was "
                "confirmed, or that was never followed by iCR, iPR or iSD; one that was followed by them did not count.",
            ),
            confirms_progression=True,
        ),
    )
}
