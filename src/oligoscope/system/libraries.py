"""Libraries say nothing by themselves, and variables of the system that would stop them are set aside."""

from __future__ import annotations

import logging
import os
import warnings

# Sums of many numbers end in other last digits when they are split over threads: results would depend on the cores.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# What a user may say to polars: how many cores it uses, where it keeps what does not fit into memory, that its look at the processor
# is left out. The rest is for those who develop it: a line for each query, another engine, another order of rows, an end at an error.
_POLARS = ("POLARS_MAX_THREADS", "POLARS_TEMP_DIR", "POLARS_SKIP_CPU_CHECK")


def quiet_libraries() -> None:
    """Before the first of them is loaded; their warnings are for programmers, and name paths of the installation."""
    warnings.simplefilter("ignore")
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)  # where it may not write in the user's home
    os.environ["MPLBACKEND"] = "agg"  # no window is ever opened
    os.environ["RUST_BACKTRACE"] = "0"
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    for name in [name for name in os.environ if name.startswith("POLARS_") and name not in _POLARS]:
        del os.environ[name]
    if not _is_count(os.environ.get("POLARS_MAX_THREADS", "1")):
        del os.environ["POLARS_MAX_THREADS"]
    if not os.environ.get("SOURCE_DATE_EPOCH", "0").isdecimal():
        del os.environ["SOURCE_DATE_EPOCH"]


def _is_count(text: str) -> bool:
    return text.isdecimal() and text.isascii() and int(text) > 0
