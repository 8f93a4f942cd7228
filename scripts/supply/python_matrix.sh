#!/usr/bin/env bash
# Installs the locked package on every Python that the project supports and checks it with `oligoscope doctor`.
#
#   python_matrix.sh WHEEL [3.11 3.12 ...]
#
# An interpreter is one on the path, of pyenv, or one that uv has or can fetch; where none is to be had, that version is
# skipped and said. Exit 1 where an interpreter that is there cannot install or run the program.
set -uo pipefail
wheel=$(realpath "$1")
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
uv=${UV:-uv}
failed=()

interpreter() {
  local found
  for found in "$(command -v "python$1")" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "$("$uv" python find "$1" 2>/dev/null)"; do
    [ -x "$found" ] && "$found" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$1')" 2>/dev/null && { echo "$found"; return; }
  done
  timeout 60 "$uv" python install --no-progress "$1" 2>"$scratch/why" && "$uv" python find "$1" 2>/dev/null
}

# What uv said of the fetch, or that it gave no answer in a minute.
reason() {
  local said
  said=$(grep -v '^$' "$scratch/why" | tr -s ' \n' ' ' | cut -c1-200)
  echo "${said:-the fetch by uv gave no answer}"
}

for version in "${@:-3.11 3.12 3.13 3.14}"; do for one in $version; do
  python=$(interpreter "$one")
  if [ -z "$python" ]; then
    printf 'Python %s: skipped, no interpreter here (%s)\n' "$one" "$(reason)"
    continue
  fi
  begun=$SECONDS
  if "$python" -m venv "$scratch/$one" &&
    "$scratch/$one/bin/python" -m pip install -q --require-hashes -r "$root/requirements.lock" >"$scratch/log" 2>&1 &&
    "$scratch/$one/bin/python" -m pip install -q --no-deps "$wheel" >>"$scratch/log" 2>&1 &&
    "$scratch/$one/bin/python" -m pip check >>"$scratch/log" 2>&1 &&
    (cd "$scratch" && "$one/bin/oligoscope" doctor 2>/dev/null) >>"$scratch/log"; then
    printf '%s: installed and checked in %s s\n' "$("$python" --version)" $((SECONDS - begun))
  else
    printf '%s: FAILED\n' "$("$python" --version)"
    tail -n 15 "$scratch/log"
    failed+=("$one")
  fi
  rm -rf "${scratch:?}/$one"
done; done
[ ${#failed[@]} -eq 0 ]
