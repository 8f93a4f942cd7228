#!/usr/bin/env bash
# `oligoscope demo` from an installed package with the network off, in a namespace that has no way out, and with every attempt
# to reach it recorded.
#
#   offline_demo.sh PYTHON   PYTHON of an environment in which the wheel is installed
#
# Exit 0: the report is written and nothing was attempted; 1 otherwise; skipped, and said, where no namespace can be made.
set -euo pipefail
python=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if ! unshare --map-root-user --net true 2>"$scratch/unshare.log"; then
  echo "skipped: no network namespace can be made here ($(tail -n 1 "$scratch/unshare.log"))"
  exit 0
fi

# Attempts that fail quietly would not be seen in an empty namespace alone: Python itself reports each.
cat >"$scratch/sitecustomize.py" <<'PY'
import os, sys
def _seen(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request", "http.client.connect"):
        with open(os.environ["ATTEMPTS"], "a", encoding="utf-8") as file:
            file.write(f"{event} {arguments[1:]}\n")
sys.addaudithook(_seen)
PY
export ATTEMPTS=$scratch/attempts PYTHONPATH=$scratch
touch "$ATTEMPTS"
inside() { (cd "$scratch" && unshare --map-root-user --net "$@"); }

# The trap must catch: one attempt of our own, which must fail and be recorded.
if inside "$python" -c 'import socket; socket.create_connection(("192.0.2.1", 80), 3)' 2>/dev/null || ! [ -s "$ATTEMPTS" ]; then
  echo "the namespace has a network, or attempts are not recorded" >&2
  exit 1
fi
: >"$ATTEMPTS"

inside "$python" -m oligoscope demo --out "$scratch/demo" --patients "${OLIGOSCOPE_DEMO_PATIENTS:-60}" 2>"$scratch/progress" || {
  tail -n 5 "$scratch/progress" >&2
  exit 1
}
for name in report.zh.html report.en.html report.zh.docx report.en.docx results.csv tables.xlsx; do
  [ -s "$scratch/demo/$name" ] || { echo "$name was not written" >&2; exit 1; }
done
inside "$python" -m oligoscope doctor 2>/dev/null
if [ -s "$ATTEMPTS" ]; then
  echo "the program tried to reach a network:" >&2
  sort -u "$ATTEMPTS" | head -n 20 >&2
  exit 1
fi
echo "demo and doctor ran without a network, and tried none"
