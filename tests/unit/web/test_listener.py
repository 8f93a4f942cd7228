"""Where the server listens: on the usual port, or on any that is free."""

from __future__ import annotations

import socket

import pytest

from oligoscope.errors import SystemRefusal
from oligoscope.web import serve

OWN_SOCKET = socket.socket


@pytest.fixture
def other(monkeypatch):
    """A socket of another program on the port that is usual here; it does not listen yet."""
    made = OWN_SOCKET(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((serve.LOOPBACK, 0))
    monkeypatch.setattr(serve, "USUAL_PORT", made.getsockname()[1])
    with made:
        yield made


def test_a_port_on_which_another_listens_is_left(other):
    other.listen()

    with serve._listener(None) as found:
        assert found.getsockname()[1] != serve.USUAL_PORT


@pytest.mark.parametrize("is_named", [True, False])
def test_so_is_one_on_which_another_begins_to_listen_between_binding_and_listening(
    other, monkeypatch, is_named
):
    class Slow(OWN_SOCKET):
        def bind(self, address):
            super().bind(address)
            if address[1] == serve.USUAL_PORT:
                other.listen()

    monkeypatch.setattr(serve.socket, "socket", Slow)
    if is_named:
        with pytest.raises(SystemRefusal, match="is used by another program"):
            serve._listener(serve.USUAL_PORT)
        return

    with serve._listener(None) as found:
        assert found.getsockname()[1] != serve.USUAL_PORT
