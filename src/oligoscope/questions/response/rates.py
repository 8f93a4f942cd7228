"""The rates of response, and the changes of the lesions that are counted, with their names."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.study.dictionary.reported import BEST_CHANGE, DISEASE_CONTROL, OBJECTIVE_RESPONSE
from oligoscope.study.dictionary.terms import Response

RATES: dict[str, tuple[Response, ...]] = {
    OBJECTIVE_RESPONSE.name: (Response.CR, Response.PR),
    DISEASE_CONTROL.name: (Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD),
}
RATE_NAMES: dict[str, Text] = {rate.name: rate.label for rate in (OBJECTIVE_RESPONSE, DISEASE_CONTROL)}
CHANGES: dict[str, Text] = {level.word: level.name for level in BEST_CHANGE.levels}
