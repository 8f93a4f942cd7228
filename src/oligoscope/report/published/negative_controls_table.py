"""What agreement with the paper says: cohorts drawn wrongly on purpose agree with most of its numbers, too."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.demo.negative_controls import AS_THE_DEMO, CONTROLS, SEEDS, AgreementCounts, counted
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Block, Paragraph, TableBlock
from oligoscope.printing.table import Header, Table, left, row_of, same
from oligoscope.published.paper import Published


def negative_controls(published: Published) -> tuple[Block, ...]:
    """The counts and what they mean; nothing for a paper without such controls."""
    counts = counted(published.id)
    return () if counts is None else (Paragraph(_meaning(counts)), TableBlock(_tabulate(counts)))


def _tabulate(counts: AgreementCounts) -> Table:
    rows = tuple(
        row_of(control.words, _span(counts, control.name), _percent(counts, control.name))
        for control in (AS_THE_DEMO, *CONTROLS)
    )
    columns = (
        *left(Text("合成队列", "Synthetic cohort")),
        Header(Text(f"容差内的数字/{counts.of}", f"Within tolerance, of {counts.of}")),
        Header(Text("百分比/%", "Percentage")),
    )
    seeds = ", ".join(str(seed) for seed in SEEDS)
    note = Text(
        f"每行为随机种子 {seeds} 各抽取一个队列所得的最小值与最大值；不含基线特征表（各队列的基线特征均与论文一致）。"
        "这些计数随软件提供，由脚本在上述种子下算出，不随本次运行改变。",
        f"Smallest and largest of the cohorts drawn with the seeds {seeds}; without the table of baseline characteristics, which "
        "every cohort shares with the paper. The counts come with the program, computed by a script at these seeds, and do "
        "not change with this run.",
    )
    return Table("negative_controls", _TITLE, columns, rows, (note,))


_TITLE = Text("阴性对照：有意错误抽取的队列", "Negative controls: cohorts drawn wrongly on purpose")


def _meaning(counts: AgreementCounts) -> Text:
    smallest = min(counts.span(control.name)[0] for control in CONTROLS)
    largest = max(counts.span(control.name)[1] for control in CONTROLS)
    least = counts.span(AS_THE_DEMO.name)[0]
    return Text(
        f"作为阴性对照，有意在某一方面错误抽取的队列也有 {smallest}~{largest} 个数字在容差内。多数数字由给定的例数和中位数决定，"
        f"因此只有高于该范围的部分（与演示队列相同方式抽取时至少 {least} 个）才能说明抽样的各项假定相互一致；计数本身不能说明假定正确。",
        f"As negative controls, cohorts drawn wrongly in one respect have {smallest} to {largest} numbers within tolerance as well. Most "
        f"numbers follow from the counts and medians that were put in, so only the excess over that range (at least {least} when drawn "
        "as the demo cohort) says that the assumptions fit together; no count shows that they are true.",
    )


def _span(counts: AgreementCounts, name: str) -> Text:
    return _range(*(str(n) for n in counts.span(name)))


def _percent(counts: AgreementCounts, name: str) -> Text:
    return _range(*(format_number(100 * n / counts.of, 1) for n in counts.span(name)))


def _range(low: str, high: str) -> Text:
    return same(low) if low == high else Text(f"{low}~{high}", f"{low} to {high}")
