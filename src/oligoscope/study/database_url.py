"""The address of a database in study.yaml: what it may hold, and the file that it may be."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from oligoscope.bilingual import Text

PASSWORD_VARIABLE = "OLIGOSCOPE_DATABASE_PASSWORD"
_FILE = "sqlite:///"
_SCHEME = re.compile(r"[a-z][a-z0-9]*(\+[a-z][a-z0-9_]*)?://", re.ASCII)
_SECRET = re.compile("pass|pwd|secret|token", re.IGNORECASE)


def fault_of_address(address: str) -> Text | None:
    """Why an address cannot be used; never the address itself, which may hold a password."""
    if not _SCHEME.match(address):
        return Text(
            "应为数据库地址，如 sqlite:///clinic.db 或 postgresql+psycopg://user@host/db",
            "must be the address of a database, as sqlite:///clinic.db or postgresql+psycopg://user@host/db",
        )
    try:
        parts = urlsplit(address)
        has_password = bool(parts.password) or any(_SECRET.search(k) for k, _ in parse_qsl(parts.query))
    except ValueError:
        has_password = True
    if not has_password:
        return None
    return Text(
        f"地址中不能有密码：study.yaml 会写入输出。请删去，并把密码放在环境变量 {PASSWORD_VARIABLE}（或 PGPASSWORD）中。",
        "must not hold a password, because study.yaml is part of the outputs; remove it there and give the password in the "
        f"environment variable {PASSWORD_VARIABLE} (or PGPASSWORD)",
    )


def file_of_address(address: str) -> str | None:
    """The file of an SQLite database, seen from the data folder; None of a server."""
    return address.removeprefix(_FILE) if address.startswith(_FILE) else None


def address_of_file(file: str | Path) -> str:
    """The reverse of `file_of_address`."""
    return f"{_FILE}{file}"
