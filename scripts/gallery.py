"""Make docs/gallery.md and its pictures from the figures of a demo: `python scripts/gallery.py DEMO_FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 760  # pixels: readable on a page, light in the repository
PICTURES = {
    "flow_chart": ("Patient flow", "患者筛选流程"),
    "predictors_progressed_pattern": (
        "Predictors of the pattern, and PD-L1 observed and imputed",
        "进展模式的影响因素，PD-L1 的观察值与插补值",
    ),
    "alluvial_progressed": ("From baseline organs to organs of progression", "基线受累器官到进展器官"),
    "sites_and_months_progressed_pattern": ("Organs and months of progression", "进展部位与时间"),
    "survival_pattern": ("Survival before and after matching", "匹配前后的生存"),
    "survival_line_regimen_pattern": ("Both second-line regimens", "两种二线方案"),
    "survival_oligoprogression_resistance": ("Resistance types in oligoprogression", "寡进展患者的耐药类型"),
    "survival_systemic_resistance": ("Resistance types in systemic progression", "广泛进展患者的耐药类型"),
    "survival_progressed-oligoprogression-no_pattern_os": ("Without local treatment", "未接受局部治疗"),
    "response_bars_progressed_pattern": ("Objective response", "客观缓解率"),
    "survival_pps_pattern": ("Post-progression survival", "进展后生存期"),
    "landmark_treated": ("Survival from landmarks", "界标分析"),
    "incidence_treated": ("Which progression comes first", "首先发生哪种进展"),
    "subgroups_progressed_pps": ("Subgroups", "亚组分析"),
    "upset_progressed_pattern": ("Combinations of organs", "进展器官组合"),
    "waterfall_treated": ("Best change of the sum", "最佳缓解瀑布图"),
    "spider_treated": ("Change of the sum over time", "病灶变化蜘蛛图"),
    "swimmer_treated": ("Courses of patients", "泳道图"),
    "reclassification_progressed_pattern": ("The definitions side by side", "各定义的比较"),
    "love_plot": ("Balance before and after matching", "匹配前后的均衡性"),
    "score_overlap": ("Overlap of the propensity scores", "倾向评分的重叠"),
}


def main(demo: Path) -> None:
    pictures, lines = ROOT / "docs" / "images" / "gallery", []
    pictures.mkdir(parents=True, exist_ok=True)
    for name, (english, chinese) in PICTURES.items():
        for language, title in (("en", english), ("zh", chinese)):
            source = demo / "figures" / f"{name}.{language}.png"
            if source.is_file():
                _shrink(source, pictures / source.name)
                lines.append(f"![{title}](images/gallery/{source.name})")
        if lines and lines[-1].endswith(f"{name}.zh.png)"):
            lines.insert(-2, f"\n## {english} / {chinese}\n")
    intro = (
        "# Gallery\n\nFigures of `oligoscope demo`, in English and in Chinese, as the program draws them. The patients are "
        "synthetic.\n`python scripts/gallery.py DEMO_FOLDER` makes this page anew.\n"
    )
    (ROOT / "docs" / "gallery.md").write_text(intro + "\n".join(lines) + "\n", encoding="utf-8")


def _shrink(source: Path, target: Path) -> None:
    picture = Image.open(source).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    picture.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(48).save(target, optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/gallery.py DEMO_FOLDER")
    main(Path(sys.argv[1]))
