#!/usr/bin/env bash
# Makes docs/images/report.png from the demo's own report. Needs Chromium and ImageMagick; run from the repository.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
oligoscope demo --out "$work/demo" >/dev/null 2>&1
chromium --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run --hide-scrollbars \
  --user-data-dir="$work/profile" --window-size=1100,1400 --screenshot="$work/page.png" "$work/demo/report.en.html" 2>/dev/null
# Beside the first page of the report two of its figures in the other language.
figures=$work/demo/figures
convert "$figures/alluvial_progressed.zh.png" -resize 800x "$work/above.png"
convert "$figures/survival_pattern.zh.png" -resize 800x "$work/below.png"
convert "$work/above.png" "$work/below.png" -background white -append -gravity north -crop 800x1400+0+0 +repage "$work/right.png"
mkdir -p docs/images
convert "$work/page.png" "$work/right.png" +append -resize 1600x -strip -colors 128 docs/images/report.png
