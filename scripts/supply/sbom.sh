#!/usr/bin/env bash
# Writes docs/supply/sbom.cdx.json: the bill of materials of the locked environment (CycloneDX 1.6), by cyclonedx-bom, the
# tool of the CycloneDX project itself. It reads an environment that holds requirements.lock and nothing else, since
# only installed packages say their licences and what they depend on.
#
#   sbom.sh BIN [FILE]   BIN: where uv and cyclonedx-py of requirements-supply.lock are
set -euo pipefail
bin=$(realpath "$1")
cd "$(dirname "$0")/../.."
target=${2:-docs/supply/sbom.cdx.json}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$bin/uv" venv --quiet --no-config --python "${PYTHON:-3.11}" "$scratch/locked"
"$bin/uv" pip install --quiet --no-config --python "$scratch/locked/bin/python" --require-hashes -r requirements.lock
# Addresses of the packages' pages and their advertisements are left out: they say nothing of what is installed, and change.
"$bin/cyclonedx-py" environment "$scratch/locked/bin/python" --pyproject pyproject.toml --output-reproducible --output-format JSON |
  "$bin/python" -c '
import json, sys
bom = json.load(sys.stdin)
for one in (*bom["components"], *bom["metadata"]["tools"]["components"]):
    for what in ("externalReferences", "description"): one.pop(what, None)
json.dump(bom, sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)
print()' >"$scratch/sbom"
cp "$scratch/sbom" "$target"
echo "$target"
