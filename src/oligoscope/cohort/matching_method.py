"""How a matching is named in results.csv: of which parts its method is made."""

from __future__ import annotations

from collections.abc import Mapping

from oligoscope.results.methods import Method, MethodPart
from oligoscope.stats.matching.matching_options import CaliperScale, MatchingOptions, Order

_ORDERS: Mapping[Order, MethodPart] = {
    "descending": MethodPart.HIGHEST_FIRST,
    "ascending": MethodPart.LOWEST_FIRST,
    "given": MethodPart.AS_GIVEN,
    "random": MethodPart.AT_RANDOM,
}
_SCALES: Mapping[CaliperScale, MethodPart] = {
    "logit": MethodPart.CALIPER_ON_LOGIT,
    "probability": MethodPart.CALIPER_ON_PROBABILITY,
    "sd_logit": MethodPart.CALIPER_IN_SDS,
}


def matching_method(options: MatchingOptions) -> Method:
    """The matching as results.csv names it, with what sets it apart."""
    found = Method(MethodPart.OPTIMAL) if options.method == "optimal" else Method(MethodPart.NEAREST)
    if options.method == "nearest" and not options.replace:
        found = found.plus(_ORDERS[options.order])
    again = MethodPart.WITH_REPLACEMENT if options.replace else MethodPart.WITHOUT_REPLACEMENT
    found = found.plus(MethodPart.CONTROLS_TO_ONE(ratio=options.ratio), again)
    if options.caliper is None:
        return found.plus(MethodPart.NO_CALIPER)
    return found.plus(_SCALES[options.caliper_scale](width=f"{options.caliper:g}"))
