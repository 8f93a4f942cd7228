"""Make docs/images/report.png from the report of a demo: `python scripts/readme_picture.py DEMO_FOLDER`. Needs Chromium."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "report.png"
WIDTH, HEIGHT, BESIDE = 1100, 1400, 800  # pixels of the page, and of the figures beside it
FIGURES = ("alluvial_progressed.zh.png", "survival_pattern.zh.png")  # in the other language
COLOURS = 256


def first_page(report: Path) -> Image.Image:
    """The first screens of the report, as a browser shows them."""
    with tempfile.TemporaryDirectory() as scratch:
        shot = Path(scratch) / "page.png"
        subprocess.run(
            [
                "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={scratch}/profile",
                f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={shot}", report.resolve().as_uri(),
            ],
            check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return Image.open(shot).convert("RGB")


def main(demo: Path) -> None:
    """The page, and the figures beside it one below the other."""
    picture = Image.new("RGB", (WIDTH + BESIDE, HEIGHT), "white")
    picture.paste(first_page(demo / "report.en.html"), (0, 0))
    top = 0
    for name in FIGURES:
        figure = Image.open(demo / "figures" / name).convert("RGB")
        figure = figure.resize(
            (BESIDE, round(figure.height * BESIDE / figure.width)), Image.Resampling.LANCZOS
        )
        picture.paste(figure, (WIDTH, top))
        top += figure.height
    width = 1600
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
