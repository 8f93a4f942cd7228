"""What is asked of Spark before there is one."""

from __future__ import annotations

import sys

import pytest

from oligoscope.engines.spark import DEFAULT_MASTER, derive_on_spark, spark_master
from oligoscope.errors import UsageError


def test_the_master_is_the_named_one_then_the_environments(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPARK_MASTER", raising=False)
    monkeypatch.delenv("MASTER", raising=False)
    assert spark_master(None) == DEFAULT_MASTER

    monkeypatch.setenv("SPARK_MASTER", "spark://one:7077")
    assert spark_master(None) == "spark://one:7077"
    assert spark_master("local[4]") == "local[4]"


def test_without_pyspark_the_message_names_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)

    with pytest.raises(UsageError, match=r"oligoscope\[spark\]"):
        list(derive_on_spark([], "local[1]"))
