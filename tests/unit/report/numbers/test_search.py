"""The page of numbers is closed until it is asked: groups that open, and a search by the page's own script."""

from __future__ import annotations

import base64
import re
from hashlib import sha256

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.report.numbers.numbers_html import write_numbers_html
from oligoscope.report.numbers.numbers_page import build_numbers_page
from unit.eight_patients import files, protocol, results


@pytest.fixture(scope="module")
def html() -> dict[str, str]:
    page = build_numbers_page(protocol(), results(), files())
    return {language: write_numbers_html(page, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_script_of_the_page_may_run(html, language):
    scripts = re.findall(r"<script>(.*?)</script>", html[language], re.DOTALL)
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', html[language])[0]
    digest = base64.b64encode(sha256(scripts[0].encode()).digest()).decode()

    assert len(scripts) == html[language].count("<script") == 1
    assert policy.startswith("default-src 'none'")
    assert policy.endswith(f"script-src 'sha256-{digest}'")
    assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_and_list_is_in_a_group_that_is_closed(html, language):
    page = html[language]
    outside = re.sub(r'<details class="group">.*?</table></div>\n</details>', "", page, flags=re.DOTALL)

    assert "<tr id=" not in outside
    assert page.count('<details class="group">') > 2
    assert "<details open" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_script_there_is_no_search_box(html, language):
    assert re.search(r'<div class="search" role="search" hidden>', html[language])
