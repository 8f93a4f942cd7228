#!/usr/bin/env bash
# Makes the portable zip of each platform; starts that of Linux without a network, in a folder whose name has a space and a
# Chinese word, and looks at the others as far as can be seen from here. Exit 1 where anything is wrong.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')

for one in "linux $python" "windows 3.12" "macos 3.12"; do
  set -- $one
  zip=$("$here/../portable.sh" "$1" --python "$2" --out "$scratch" | tail -n 1)
  python3 "$here/check_layout.py" "$zip" "$1" "$2"
done

mkdir "$scratch/我的 文件夹"
python3 - "$scratch"/oligoscope-*-linux-*.zip "$scratch/我的 文件夹" <<'PY'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as packed:
    for one in packed.infolist():
        os.chmod(packed.extract(one, sys.argv[2]), one.external_attr >> 16 & 0o777)
PY
cd "$scratch/我的 文件夹"/oligoscope-*
inside() { if unshare --map-root-user --net true 2>/dev/null; then unshare --map-root-user --net "$@"; else "$@"; fi; }
inside ./start.sh --check
inside ./start.sh --version
HOME=$scratch ./start.sh serve "$scratch/studies" --no-browser >"$scratch/said" &
server=$!
for _ in $(seq 100); do grep -q 'token=' "$scratch/said" && break; sleep 0.2; done
address=$(grep -o 'http://[^ ]*' "$scratch/said" | head -n 1)
python3 - "$address" <<'PY'
import sys, urllib.request, http.cookiejar
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))
page = opener.open(sys.argv[1]).read().decode()
assert "Oligoscope" in page and "<h1>" in page, page[:200]
print("the first page was served")
PY
kill "$server"; wait "$server" || true; server=

# A file that was changed or taken away is named, in both languages.
echo >>lib/oligoscope/cli.py
./start.sh --check >"$scratch/found" && { echo "a changed file was not found" >&2; exit 1; }
grep -q 'lib/oligoscope/cli.py：被改动' "$scratch/found" && grep -q 'lib/oligoscope/cli.py: was changed' "$scratch/found"
gone=$(find lib/numpy -name '*umath_linalg*.so' | head -n 1)
rm "$gone"
./start.sh --version >"$scratch/found" && { echo "a missing file was not found" >&2; exit 1; }
grep -qF "$gone" "$scratch/found"
echo "files that were blocked are named"
