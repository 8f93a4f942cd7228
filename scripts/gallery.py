"""Make docs/gallery.md and its pictures from the figures of a demo: `python scripts/gallery.py DEMO_FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 760  # pixels: readable on a page, light in the repository
PICTURES = {
    "flow_chart": ("Patient flow", "患者筛选流程"),
    "predictors_progressed_pattern": ("Predictors of the pattern", "进展模式的影响因素"),
    "imputed_pd_l1": ("PD-L1 observed and imputed", "PD-L1：观察值与插补值"),
    "alluvial_progressed": ("From baseline organs to organs of progression", "基线受累器官到进展器官"),
    "site_bars_progressed_pattern": ("Sites of progression", "进展部位"),
    "month_bars_progressed_pattern": ("Pattern by month of progression", "各月进展模式"),
    "survival_progressed_pattern_pps": ("Post-progression survival", "进展后生存期"),
    "survival_matched_pattern_os": ("Overall survival after matching", "匹配后总生存期"),
    "love_plot": ("Balance before and after matching", "匹配前后的均衡性"),
    "incidence_treated": ("Which progression comes first", "首先发生哪种进展"),
    "landmark_treated": ("Survival from landmarks", "界标分析"),
    "response_bars_progressed_pattern": ("Objective response", "客观缓解率"),
    "waterfall_treated": ("Best change of the sum", "最佳缓解瀑布图"),
    "swimmer_treated": ("Courses of patients", "游泳图"),
    "upset_progressed_pattern": ("Combinations of organs", "进展器官组合"),
    "reclassification_progressed_pattern": ("The definitions side by side", "各定义的比较"),
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
