"""The formats of the report are declared once: one that is added is written, named and counted."""

from __future__ import annotations

import pytest

from oligoscope.report.report_files import count_parts, write_reports
from oligoscope.report.report_formats import REPORT_FORMATS, Format


@pytest.mark.slow
def test_a_format_that_is_added_is_written_in_each_language_and_counted(
    made_results, made_protocol, tmp_path, monkeypatch
):
    monkeypatch.setitem(
        REPORT_FORMATS, "md", Format(lambda document, language, _links: document.title[language].encode())
    )
    begun: list[int] = []

    write_reports(tmp_path, made_protocol, made_results, (), {}, begins=lambda: begun.append(1))

    for language in ("zh", "en"):
        written = (tmp_path / f"report.{language}.md").read_text(encoding="utf-8")
        assert written == made_protocol.study.title.model_dump()[language]
    assert len(begun) == count_parts(("zh", "en")) == 9
