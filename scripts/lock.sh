#!/usr/bin/env bash
# Write the lock files from pyproject.toml: exact versions, with the hashes of every published file,
# for all platforms and every Python the project supports, and no host, so that pip asks whatever
# index it is set up with.
#
#   scripts/lock.sh             keep the locked versions, add or drop what pyproject.toml says
#   scripts/lock.sh --upgrade   take the newest versions within the bounds
#
# requirements.lock       what the program needs, and what builds it
# requirements-dev.lock   the same versions, and what tests and checks it
# requirements-spark.lock what the extra [spark] adds to the second
# requirements-sql.lock   what the extra [sql] adds to the second
# requirements-browser.lock  what the tests in a browser add to the second
# requirements-supply.lock  what audits, lists and resolves all of them
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install -q "uv>=0.9"

compile() {
  "$tools/bin/uv" pip compile --quiet --no-config \
    --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --custom-compile-command scripts/lock.sh --no-emit-index-url --no-emit-find-links "$@"
}

compile pyproject.toml --group dev --output-file requirements-dev.lock "$@"
# The smaller file is cut from the larger, so that both always name one version.
compile pyproject.toml --group build --constraint requirements-dev.lock --no-annotate --upgrade --output-file requirements.lock
extra() {
  python3 -c '
import sys, tomllib
for line in tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]]: print(line)' "$1"
}
extra spark | compile - --no-annotate --output-file requirements-spark.lock "$@"
# Versions that both need are those of the larger file.
extra sql | compile - --no-annotate --constraint requirements-dev.lock --output-file requirements-sql.lock "$@"
compile --group browser --no-annotate --constraint requirements-dev.lock --output-file requirements-browser.lock "$@"
compile --group supply --no-annotate --output-file requirements-supply.lock "$@"

if grep -nE '://|--(extra-)?index-url|--find-links' requirements*.lock; then
  echo "a lock file names a host or a path" >&2
  exit 1
fi
