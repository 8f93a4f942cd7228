"""Start a portable Oligoscope: check that everything is here and may be used, then open the browser.

This file runs on any Python 3, so that a wrong one is named in words and not by a traceback.

start.py [--check]   only check, every file by its checksum
start.py COMMAND …   a command in place of the browser, as `oligoscope COMMAND …`
"""

import hashlib
import importlib
import os
import pathlib
import sys

WANTED = "@PYTHON@"
HERE = os.path.dirname(os.path.abspath(__file__))
LIB = os.path.join(HERE, "lib")
CHECKSUMS = os.path.join(HERE, "files.sha256")
# Each loads files of machine code, which security software may block.
LIBRARIES = (
    "ctypes", "ssl", "numpy", "scipy.special", "polars", "pydantic_core", "matplotlib.ft2font", "PIL._imaging",
    "lxml.etree", "survival", "pyreadstat", "openpyxl", "docx", "uvicorn", "starlette.applications", "jinja2", "zlib_ng.zlib_ng",
    "oligoscope.cli",
)  # fmt: skip


def say(zh, en):
    """Print a sentence in both languages, on a terminal of any encoding."""
    for text in (zh, en):
        sys.stdout.write(
            text.encode(sys.stdout.encoding or "ascii", "replace").decode(sys.stdout.encoding or "ascii")
            + "\n"
        )


def right_python():
    """Whether this Python is of the version for which the libraries were built."""
    found = "%d.%d" % sys.version_info[:2]
    if found == WANTED:
        return True
    say(
        "需要 Python %s，现在是 Python %s（%s）。" % (WANTED, found, sys.executable),
        "Python %s is needed, this is Python %s (%s)." % (WANTED, found, sys.executable),
    )
    return False


def blocked_files(whole):
    """Files that are missing, cannot be read or were changed: name, and why in both languages.

    Args:
        whole: Read each file and compare its checksum; else only whether it is there.
    """
    found = []
    with pathlib.Path(CHECKSUMS).open(encoding="utf-8") as lines:
        for line in lines:
            digest, name = line.rstrip("\n").split("  ", 1)
            path = os.path.join(HERE, *name.split("/"))
            if not pathlib.Path(path).is_file():
                found.append((name, "缺失", "is missing"))
            elif whole:
                try:
                    with pathlib.Path(path).open("rb") as file:
                        content = file.read()
                except OSError as error:
                    found.append(
                        (name, "无法读取：%s" % error.strerror, "cannot be read: %s" % error.strerror)
                    )
                    continue
                if hashlib.sha256(content).hexdigest() != digest:
                    found.append((name, "被改动", "was changed"))
    return found


def blocked_libraries():
    """Libraries that cannot be loaded, with the file where the system names it."""
    found = []
    for name in LIBRARIES:
        try:
            importlib.import_module(name)
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, str(error).splitlines()[0] if str(error) else "")
            path = getattr(error, "path", None) or getattr(error, "filename", None) or name
            found.append((str(path), "无法加载（%s）" % why, "cannot be loaded (%s)" % why))
    return found


def sound(whole):
    """Check, and name every file that was blocked."""
    found = blocked_files(whole) or blocked_libraries()
    if not found:
        return True
    say("以下 %d 个文件被拦截或损坏：" % len(found), "%d files were blocked or damaged:" % len(found))
    for name, zh, en in found[:20]:
        say("  %s：%s" % (name, zh), "  %s: %s" % (name, en))
    say(
        "请重新解压整个压缩包；若仍如此，请让信息科将本文件夹加入安全软件的信任列表：%s" % HERE,
        "Unpack the whole zip again; if it stays so, ask your IT department to let the security software trust this folder: %s"
        % HERE,
    )
    return False


def main():
    """Check, then run."""
    if not right_python():
        return 2
    # Nothing of another installation of Python may be loaded in place of what was checked.
    sys.path[:] = [LIB] + [path for path in sys.path if "site-packages" not in path and path != HERE]
    os.environ["PYTHONPATH"] = LIB
    os.environ["PYTHONNOUSERSITE"] = "1"
    arguments = sys.argv[1:]
    if arguments[:1] == ["--check"]:
        if not sound(True):
            return 2
        say("所有文件完好，可以使用。", "All files are sound and may be used.")
        return 0
    say("正在检查并启动 Oligoscope …", "Checking and starting Oligoscope ...")
    if not sound(False):
        return 2
    from oligoscope.cli import main as run

    sys.argv = ["oligoscope"] + (arguments or ["serve"])
    return run()


if __name__ == "__main__":
    sys.exit(main())
