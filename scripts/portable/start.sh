#!/bin/sh
# Starts Oligoscope on this computer; nothing is installed.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
for python in "$here/python/bin/python3" "python@PYTHON@" "$HOME/.pyenv/versions/@PYTHON@"*/bin/python python3; do
  if command -v "$python" >/dev/null 2>&1 && "$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then
    exec "$python" -s "$here/start.py" "$@"
  fi
done
echo "需要 Python @PYTHON@，未找到。请在个人账户中安装，或索取自带 Python 的压缩包。" >&2
echo "Python @PYTHON@ was not found. Install it for your own account, or ask for the zip with Python inside." >&2
exit 2
