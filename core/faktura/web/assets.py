"""The stylesheet and the icon, read once; the hash in the address lets a browser keep them."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("static")
_KEPT = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of our own as browsers get it; another content has another address."""

    name: str
    media_type: str
    content: bytes

    @property
    def address(self) -> str:
        """Where it is served."""
        return f"/static/{sha256(self.content).hexdigest()[:12]}/{self.name}"

    async def answer(self, _request: web.Request) -> web.Response:
        """Hand it out, to be kept as long as the browser likes."""
        return web.Response(
            body=self.content, content_type=self.media_type, headers={"Cache-Control": _KEPT}
        )


def _read(name: str, media_type: str) -> Asset:
    return Asset(name, media_type, (_FOLDER / name).read_bytes())


STYLESHEET = _read("faktura.css", "text/css")
ICON = _read("icon.svg", "image/svg+xml")
