"""What a document says of a part that failed holds no path from the root."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import Text
from oligoscope.printing.left_out import LeftOut


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("[Errno 2] No such file or directory: '/data/zhang/study/out/series/a.csv'", "'a.csv'"),
        (r"cannot open D:\data\zhang\study\a.csv", "cannot open a.csv"),
        ("3/4 of them, and 1 / 2", "3/4 of them, and 1 / 2"),
    ],
)
def test_a_reason_names_the_file_and_not_its_place(message: str, said: str) -> None:
    def fails() -> None:
        raise ValueError(message)

    left_out = LeftOut()
    left_out.made(Text("图", "a figure"), fails)

    assert said in left_out.parts[0].reason
    assert "zhang" not in left_out.parts[0].reason
