"""Published against reproduced: where the study is a paper's own, its printed numbers beside ours."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Block, Paragraph, TableBlock
from oligoscope.published.comparison import Compared, agreement, compare_published
from oligoscope.published.paper import Published, published_papers, read_published
from oligoscope.report.published.published_table import tabulate_published
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol


def published_section(protocol: Protocol, results: Results) -> Iterator[Block]:
    """Only for a synthetic cohort, which was drawn after the paper; other data are not expected to agree."""
    paper = protocol.study.preset
    if not protocol.study.synthetic or paper is None or paper not in published_papers():
        return
    published = read_published(paper)
    rows = compare_published(results, published)
    if all(row.ours is None for row in rows):
        return
    yield Paragraph(DRAWN_AFTER_IT)  # before the share, which means nothing without it
    yield Paragraph(agreement_text(rows, published))
    rest = tuple(row for row in rows if not row.in_table_1)
    yield TableBlock(tabulate_published(rest, published, only_missed=True, table_id="published_missed"))
    yield TableBlock(tabulate_published(rows, published), is_folded=True)


def agreement_text(rows: tuple[Compared, ...], published: Published) -> Text:
    """How many numbers lie within their tolerance, the baseline table apart."""
    table, rest = agreement(rows, table_1=True), agreement(rows, table_1=False)
    percent = format_number(rest.percent, 1)
    return Text(
        f"论文（doi:{published.doi}）在基线特征表以外共印出 {rest.n} 个数字（置信限单独计），其中 {rest.n_within} 个（{percent}%）在容差内；"
        f"基线特征表（匹配前后）共 {table.n} 个，{table.n_within} 个在容差内。",
        f"Outside its table of baseline characteristics the paper (doi:{published.doi}) prints {rest.n} numbers, limits counted one "
        f"by one; {rest.n_within} of them ({percent}%) are within tolerance. Of the {table.n} numbers of that table, "
        f"before and after matching, {table.n_within} are.",
    )


DRAWN_AFTER_IT = Text(
    "合成队列按这些数字抽取，数字相近只说明流程可靠，不构成对论文结论的验证。",
    "The synthetic cohort was drawn after these numbers: agreement shows that the pipeline works and confirms nothing the "
    "paper concludes.",
)
