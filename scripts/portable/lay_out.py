"""Put the start files, the note and the list of checksums into the folder of a portable Oligoscope.

lay_out.py FOLDER windows|macos|linux 3.12
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
CHECKSUMS = "files.sha256"
START = {"windows": ("start.bat",), "macos": ("start.command",), "linux": ("start.sh",)}

NOTE = """\
Oligoscope

中文
1. 把整个文件夹解压到任意位置（例如桌面），不要只打开压缩包。
2. 双击 {start}。浏览器会自动打开；程序只在本机运行，数据不离开本机。
3. 研究保存在您个人文件夹中的 Oligoscope 文件夹。关闭黑色窗口即停止程序。
{python_zh}
如果启动时提示某个文件被拦截，请把该文件名交给信息科，或把整个文件夹加入安全软件的信任列表。

English
1. Unpack the whole folder anywhere (the desktop, say); do not open it inside the zip.
2. Double-click {start}. The browser opens by itself; the program runs on this computer only, and data never leave it.
3. Studies are kept in the folder Oligoscope of your own account. Close the black window to stop the program.
{python_en}
If the start says that a file was blocked, give its name to your IT department, or let your security software trust the folder.
"""
WITH = ("程序自带 Python。", "Python is inside.")
WITHOUT = (
    "本机须已有 Python {python}（个人账户安装即可，不需要管理员权限）。",
    "The computer must have Python {python} (installed for your own account is enough; no administrator's rights).",
)


def lay_out(folder: Path, platform: str, python: str) -> None:
    """Write the files beside `lib`; the list of checksums last."""
    inside = (folder / "python").is_dir()
    for name in (*START[platform], "start.py"):
        text = (HERE / name).read_text(encoding="utf-8").replace("@PYTHON@", python)
        if name.endswith(".bat"):
            text = text.replace("\n", "\r\n")
        path = folder / name
        path.write_bytes(text.encode())
        if platform != "windows":
            path.chmod(0o755)
    zh, en = WITH if inside else WITHOUT
    note = NOTE.format(
        start=START[platform][0],
        python_zh=f"4. {zh.format(python=python)}",
        python_en=f"4. {en.format(python=python)}",
    )
    # Notepad of Windows reads it as UTF-8 by its mark.
    (folder / "README.txt").write_bytes(("\ufeff" + note.replace("\n", "\r\n")).encode())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in listed(folder)
    ]
    (folder / CHECKSUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def listed(folder: Path) -> list[Path]:
    """Every file, by name."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUMS)


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
