"""What the computer refuses, as a sentence: a full disk, a permission, a limit, too little memory, a broken library."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from oligoscope.bilingual import Text
from oligoscope.errors import SystemRefusal
from oligoscope.system.claims import shown

_LONGEST = 300  # characters of a path in a sentence
_NUMBER = re.compile(r"\[(?:Errno|WinError) (\d+)\]|\(os error (\d+)\)")
_NO_MEMORY = re.compile(
    r"cannot allocate|memory allocation|failed to map|out of memory|unable to allocate", re.IGNORECASE
)
_NO_THREAD = re.compile(r"can't start new thread|spawn (?:worker )?thread|WouldBlock", re.IGNORECASE)

_PERMISSION = Text(
    "没有权限，或文件被锁定、正被其他程序打开。请关闭该程序，或更改权限",
    "no permission, or the file is locked or open in another program. Close that program, or change the permission",
)
_REASONS = {
    errno.ENOSPC: Text("磁盘已满", "the disk is full"),
    errno.EDQUOT: Text("超出磁盘配额", "the quota of this disk is used up"),
    errno.EFBIG: Text("文件大小超出允许的上限（ulimit -f）", "the file is larger than is allowed (ulimit -f)"),
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EROFS: Text("该磁盘只读", "the disk can only be read"),
    errno.EMFILE: Text("同时打开的文件过多（ulimit -n）", "too many files are open at once (ulimit -n)"),
    errno.ENFILE: Text("系统打开的文件过多", "the system has too many files open"),
    errno.ENAMETOOLONG: Text("名称或路径过长", "the name or the path is too long"),
    errno.ELOOP: Text("链接指向其自身", "the link leads back to itself"),
    errno.ENOENT: Text("不存在，或已被移走", "it does not exist, or was moved away"),
    errno.EEXIST: Text("已存在，未改动", "it exists already and was not changed"),
    errno.ENOTDIR: Text("路径中有一处不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Text("它是文件夹，不是文件", "it is a folder, not a file"),
    errno.EBUSY: Text("正在使用中", "it is in use"),
    errno.EIO: Text("磁盘读写出错", "the disk reports an error"),
    errno.EPIPE: Text("读取输出的程序已关闭", "the program that reads it has closed"),
}  # fmt: skip
_MEMORY = Text(
    "内存不足，无法完成。请关闭其他程序、提高限制（ulimit -v），或换用内存更大的计算机；derive 可用 --partition-patients 减少用量。",
    "There is too little memory for this. Close other programs, raise the limit (ulimit -v), or take a computer with more; for "
    "derive, --partition-patients makes it need less.",
)
_THREADS = Text(
    "系统不允许再启动线程（ulimit -u）。请提高该限制后重试。",
    "The system lets no further thread start (ulimit -u). Raise that limit and try again.",
)


def as_refusal(error: BaseException) -> SystemRefusal | None:
    """The sentence for an error that is not of the program or the data; None for any other."""
    text = str(error)
    if isinstance(error, MemoryError) or _NO_MEMORY.search(text) or _number(error) == errno.ENOMEM:
        return _refusal(_MEMORY)
    if _NO_THREAD.search(text):
        return _refusal(_THREADS)
    if number := _number(error):
        return _refusal(_of_path(error, number))
    if library := _not_loaded(error):
        return _refusal(
            Text(
                f"无法加载程序库 {library}：安装不完整，或内存、打开的文件数受限（ulimit -v、ulimit -n），或某个环境变量有误。",
                f"The library {library} cannot be loaded: the installation is incomplete, memory or open files are limited "
                "(ulimit -v, ulimit -n), or an environment variable has a wrong value.",
            )
        )
    context = error.__cause__ or error.__context__
    return _refusal(_MEMORY) if isinstance(context, MemoryError) else None


def _refusal(text: Text) -> SystemRefusal:
    return SystemRefusal(text.en, zh=text.zh)


def reason(error: OSError) -> Text:
    """Why the system refused, as the end of a sentence without its full stop."""
    return _reason(_number(error) or 0)


def _reason(number: int) -> Text:
    known = _REASONS.get(number)
    if known is not None:
        return known
    name = errno.errorcode.get(number, str(number))
    return Text(f"系统拒绝（{name}）", f"the system refuses ({name})")


def _number(error: BaseException) -> int | None:
    """The number of the system's refusal; libraries written in Rust put it into their words."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    found = _NUMBER.search(str(error))
    return int(found[1] or found[2]) if found else None


def _of_path(error: BaseException, number: int) -> Text:
    path, why = _path(error), _reason(number)
    if path is None:
        return Text(f"无法读写文件：{why.zh}。", f"A file cannot be read or written: {why.en}.")
    return Text(f"无法读写 {path}：{why.zh}。", f"{path} cannot be read or written: {why.en}.")


def remedy(error: OSError) -> Text:
    """What to do where an output cannot be written: a sentence after a blank, or nothing."""
    if _number(error) in {errno.ENOSPC, errno.EDQUOT}:
        return Text(
            "请腾出空间，或用 --out 另选磁盘。", " Free some space, or choose another disk with --out."
        )
    return Text("请用 --out 另选位置。", " Choose another place with --out.")


def _path(error: BaseException) -> str | None:
    name = getattr(error, "filename", None)
    if not isinstance(name, str | bytes) or not name:
        return None
    path = shown(os.fsdecode(name))
    return path if len(path) <= _LONGEST else f"{path[:_LONGEST]}…"


def _not_loaded(error: BaseException) -> str | None:
    """The library in whose import the error arose."""
    codes = [found.tb_frame.f_code for found in _frames(error.__traceback__)]
    loaded = [Path(code.co_filename).parts for code in codes if code.co_name == "<module>"]
    installed = [parts for parts in loaded if "site-packages" in parts and "oligoscope" not in parts]
    if installed:
        parts = installed[-1]
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    if isinstance(error, ImportError):
        return str(error.name or "?")
    return None


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next
