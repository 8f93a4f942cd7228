"""The command `serve`, and what `oligoscope` alone does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PORT_HELP = "On 127.0.0.1; else 8765, or any that is free."


def serve(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Holds the studies, each a folder; made if it is not there."),
    ] = Path("~/Oligoscope"),
    port: Annotated[int | None, typer.Option("--port", min=1, max=65535, help=_PORT_HELP)] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    memory: Annotated[
        int | None, typer.Option("--memory", min=256, metavar="MB", help="Most that one step may use.")
    ] = None,
) -> None:
    """The same in a browser, on this computer only; data never leave it."""
    from oligoscope.web.serve import serve as serve_studies  # noqa: PLC0415  --help answers without the server

    serve_studies(folder, port, not no_browser, None if memory is None else memory << 20)
