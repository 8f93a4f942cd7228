"""Links can be hit and landmarks told apart: WCAG 2.2 AA target size, and names that differ."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.document import build_document
from oligoscope.report.html.html import write_html

LEAST_PX, PX_OF_REM = 24, 16


def style(name: str) -> str:
    return resources.files("oligoscope.report").joinpath(name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("style.css", r"\ntr { height: ([\d.]+)rem"),
        ("style.css", r"details\.rows li { line-height: ([\d.]+)rem"),
        ("numbers.css", r"td\.patients { [^}]*line-height: ([\d.]+)rem"),
        ("numbers.css", r"td\.patients a { display: inline-block; min-width: ([\d.]+)rem"),
    ],
)
def test_lines_of_links_are_24_pixels_apart(name, rule):
    found = re.search(rule, style(name))

    assert found is not None, rule
    assert float(found[1]) * PX_OF_REM >= LEAST_PX


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_landmarks_have_one_name(made_protocol, compared_results, language):
    page = write_html(build_document(made_protocol, compared_results), language)
    navs = re.findall(r'<nav[^>]*aria-label="([^"]*)"', page)
    sections = re.findall(r'<section id="[^"]*" aria-labelledby="([^"]*)"', page)
    headings = dict(re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', page)) | dict(
        re.findall(r'<p class="part" id="([^"]*)">(.*?)</p>', page)
    )
    names = [" ".join(headings[one] for one in each.split()) for each in sections]

    assert len(navs) == len(set(navs)) > 1
    assert len(names) == len(set(names)) > 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_within_a_landmark(made_protocol, compared_results, language):
    document = build_document(made_protocol, compared_results)
    page = write_html(document, language)
    body = page.split("<body", 1)[1]
    outside = re.sub(r"<(header|nav|main|aside)\b.*?</\1>", "", body, flags=re.DOTALL)

    assert re.findall(r"<(?!/?body\b|a class=\"skip\"|/a>)(\w+)", outside) == []
