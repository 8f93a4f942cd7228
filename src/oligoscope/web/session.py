"""Who may talk to the server: the browser that came with the address that was printed, and no other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest

COOKIE_PREFIX = "oligoscope-"
_BYTES = 32  # of a token; cannot be guessed


def _new() -> str:
    return secrets.token_urlsafe(_BYTES)


@dataclass
class Session:
    """The key of one running server.

    Attributes:
        port: Where it listens, on 127.0.0.1.
        token: Opens the door once; None once it was used.
        key: The value of the cookie that the token was exchanged for.
        secret: Asks for a new token; in a file that only the user can read.
    """

    port: int
    token: str | None = field(default_factory=_new, repr=False)
    key: str = field(default_factory=_new, repr=False)
    secret: str = field(default_factory=_new, repr=False)

    @property
    def cookie(self) -> str:
        # Cookies of one host are shared by all its ports, so each server has a name of its own.
        return f"{COOKIE_PREFIX}{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def address(self) -> str:
        """The address to open first."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    def exchange(self, token: str) -> bool:
        """Whether the token opens the door; it opens it once."""
        if self.token is None or not compare_digest(self.token.encode(), token.encode()):
            return False
        self.token = None
        return True

    def renewed(self, secret: str) -> bool:
        """Whether a new token was made, for the user who started the program once more."""
        if not compare_digest(self.secret.encode(), secret.encode()):
            return False
        self.token = _new()
        return True

    def admits(self, value: str | None) -> bool:
        """Whether a cookie has the key."""
        return value is not None and compare_digest(self.key.encode(), value.encode())
