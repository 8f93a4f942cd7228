#!/usr/bin/env bash
# Makes docs/images/report.png from the demo's own report. Needs Chromium and ImageMagick; run from the repository.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
oligoscope demo --out "$work/demo" >/dev/null 2>&1
browser=(chromium --headless --no-sandbox --disable-gpu --disable-background-networking --no-first-run
  --hide-scrollbars --user-data-dir="$work/profile" --window-size=1100,4600)
for language in en zh; do
  "${browser[@]}" --screenshot="$work/$language.png" "$work/demo/report.$language.html" 2>/dev/null
done
convert "$work/en.png" -crop 1100x1500+0+960 +repage "$work/left.png"
convert "$work/zh.png" -crop 1100x1500+0+2640 +repage "$work/right.png"
mkdir -p docs/images
convert "$work/left.png" "$work/right.png" +append -resize 1600x -strip -colors 128 docs/images/report.png
