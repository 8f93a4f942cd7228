#!/usr/bin/env bash
# A folder of Oligoscope in one zip: unpack it anywhere and double-click its start file. No installer, no network and no
# administrator's rights are needed.
#
#   scripts/portable.sh windows|macos|linux [--python 3.12] [--with-python FOLDER_OR_ARCHIVE] [--out FOLDER]
#
# Python: without --with-python the zip uses the Python of that version (any 3.12.x) which is on the computer already, in the
# user's own account is enough. With it, a Python is put inside: the embeddable package of python.org for Windows (a .zip), or
# any relocatable build for macOS and Linux (a .tar.gz whose top folder is python/). No Python is fetched by this script.
# Needs python3 and an index for pip; UV names a uv that is here already.
set -euo pipefail
cd "$(dirname "$0")/.."

platform=${1:-}
shift || true
python=3.12 embedded="" out=dist
while [ $# -gt 0 ]; do
  case $1 in
    --python) python=$2 ;;
    --with-python) embedded=$(realpath "$2") ;;
    --out) out=$2 ;;
    *) platform="" && break ;;
  esac
  shift 2
done
case $platform in
  windows) target=x86_64-pc-windows-msvc ;;
  macos) target=aarch64-apple-darwin ;;
  linux) target=x86_64-manylinux_2_28 ;;
  *)
    sed -n '2,11p' "$0" >&2
    exit 2
    ;;
esac

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/tools"
if [ -z "${UV:-}" ]; then
  "$scratch/tools/bin/pip" install -q "uv>=0.9"
  UV=$scratch/tools/bin/uv
fi
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
name=oligoscope-$version-$platform-python$python
folder=$scratch/$name
mkdir -p "$folder" "$out"

# The locked wheels of that platform, each checked by its hash, then our own.
"$UV" pip install --quiet --no-config --target "$folder/lib" --python-platform "$target" --python-version "$python" \
  --only-binary :all: --require-hashes -r requirements.lock
"$UV" build --quiet --no-config --wheel --out-dir "$scratch/wheel" .
"$UV" pip install --quiet --no-config --target "$folder/lib" --python-platform "$target" --python-version "$python" \
  --no-deps "$scratch"/wheel/*.whl
rm -rf "$folder/lib/bin" "$folder/lib/Scripts" "$folder/lib/.lock"
find "$folder/lib" -name __pycache__ -type d -prune -exec rm -rf {} +

if [ -n "$embedded" ]; then
  case $embedded in
    *.zip) mkdir "$folder/python" && python3 -m zipfile -e "$embedded" "$folder/python" ;;
    *.tar.gz | *.tgz) tar -xzf "$embedded" -C "$folder" ;;
    *) cp -R "$embedded" "$folder/python" ;;
  esac
  # The embeddable package reads no folders but those that its ._pth names.
  for paths in "$folder"/python/python*._pth; do
    [ -e "$paths" ] && printf '../lib\r\n' >>"$paths"
  done
fi

python3 scripts/portable/lay_out.py "$folder" "$platform" "$python"
(cd "$scratch" && python3 "$OLDPWD/scripts/portable/pack.py" "$name" "$name.zip")
mv "$scratch/$name.zip" "$out/"
echo "$out/$name.zip"
