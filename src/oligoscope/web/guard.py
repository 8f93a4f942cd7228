"""What every request passes first: host, origin, method, cookie; and what every answer carries."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oligoscope.bilingual import Text
from oligoscope.web.session import Session

# Nothing is fetched from elsewhere, no inline script or style, in no frame of another page.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # no-referrer would make the origin of a form null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
STATIC: Final = "/static/"  # style and script of our own: nothing private in them
RENEW: Final = "/renew"
_READS: Final = frozenset({"GET", "HEAD"})
_STORED: Final = "private, no-store"  # patients' data are not kept by the browser

NO_KEY = Text(
    "此地址需要密钥。请使用启动 oligoscope 的窗口中显示的完整地址；该地址只能打开一次，再次打开请重新运行 oligoscope serve。",
    "This address needs its key. Open the whole address printed where oligoscope was started; it opens once. Run oligoscope serve again for a new one.",
)
NOT_HERE = Text("不接受来自其他网站的请求。", "Requests from other sites are not accepted.")


class Guard:
    """Refuses what does not come from our own pages in the one browser that has the key."""

    def __init__(self, app: ASGIApp, session: Session) -> None:
        self.app = app
        self.session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websockets here: the connection is closed
        request = Request(scope)
        refused = self._refused(request)
        answer: ASGIApp = self.app
        if (
            scope["path"] == RENEW
            and request.method == "POST"
            and request.headers.get("host") in self.session.hosts
        ):
            answer = self._new_address(request)
        elif refused is not None:
            status, text = refused
            answer = PlainTextResponse(f"{text.zh}\n{text.en}\n", status)
        elif scope["path"] == "/" and "token" in request.query_params:
            answer = self._entry(request)
        elif not scope["path"].startswith(STATIC) and not self.session.admits(
            _cookie(request.headers, self.session.cookie)
        ):
            answer = PlainTextResponse(f"{NO_KEY.zh}\n{NO_KEY.en}\n", 403)
        await answer(scope, receive, _with_headers(send, stored=scope["path"].startswith(STATIC)))

    def _refused(self, request: Request) -> tuple[int, Text] | None:
        if request.headers.get("host") not in self.session.hosts:
            return 421, NOT_HERE
        if request.method in _READS:
            return (403, NOT_HERE) if _is_embedded(request.headers) else None
        if request.method != "POST":
            return 405, Text("不支持该请求方法。", "This method is not used here.")
        origin = request.headers.get("origin")
        own = {f"http://{host}" for host in self.session.hosts}
        # A browser names the origin of every POST; without one it is no page of ours.
        if origin not in own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, NOT_HERE
        return None

    def _new_address(self, request: Request) -> ASGIApp:
        """A new address for the user's own second start; a page has no way to the secret."""
        if "origin" in request.headers or not self.session.renewed(request.headers.get("authorization", "")):
            return PlainTextResponse(f"{NOT_HERE.zh}\n{NOT_HERE.en}\n", 403)
        return PlainTextResponse(self.session.address())

    def _entry(self, request: Request) -> ASGIApp:
        """The token for a cookie, and the address without it."""
        if self.session.admits(_cookie(request.headers, self.session.cookie)):
            return RedirectResponse("/", 303)
        if not self.session.exchange(request.query_params["token"]):
            return PlainTextResponse(f"{NO_KEY.zh}\n{NO_KEY.en}\n", 403)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.session.cookie, self.session.key, httponly=True, samesite="strict", path="/")
        return answer


def _is_embedded(headers: Headers) -> bool:
    """Whether another site loads something of ours into a page of its own; it may lead here by a link only."""
    foreign = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    return foreign and headers.get("sec-fetch-dest") != "document"


def _cookie(headers: Headers, name: str) -> str | None:
    """The value of a cookie; None where there is none, or the header cannot be read."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return None if found is None else found.value


def _with_headers(send: Send, *, stored: bool) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", POLICY)
            headers.setdefault("cache-control", "no-cache" if stored else _STORED)
        await send(message)

    return answer
