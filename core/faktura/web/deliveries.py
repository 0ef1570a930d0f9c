"""Deliveries on their way in: the raw bytes before anything else, bounded in size, time and number."""

import asyncio

from aiohttp import StreamReader, hdrs, web

from faktura.kernel.request_errors import MediaTypeWrong, RateLimited, TooLarge
from faktura.plugin import RawDelivery

LARGEST_BODY = 1024 * 1024
# Of all deliveries that are under way together.
_LARGEST_SUM = 64 * LARGEST_BODY
# A provider sends at once; who sends a byte a minute holds a connection of everybody's.
_PATIENCE_SECONDS = 10
_COME_AGAIN_SECONDS = 30


class Intake:
    """Reads deliveries; each counts until it is let go."""

    def __init__(
        self, patience: float = _PATIENCE_SECONDS, largest_sum: int = _LARGEST_SUM
    ) -> None:
        self._patience = patience
        self._largest_sum = largest_sum
        self._held = 0

    async def take(self, request: web.Request) -> RawDelivery:
        """The request as it came in; the caller lets it go.

        Raises TooLarge, MediaTypeWrong for a packed body, RateLimited while too much is under way,
        and TimeoutError for a body that does not come.
        """
        _check(request)
        return RawDelivery(
            method=request.method,
            headers=_lowered(request),
            query=dict(request.query),
            body=await self._body(request.content),
        )

    def let_go(self, delivery: RawDelivery) -> None:
        """The delivery is over."""
        self._held -= len(delivery.body)

    async def _body(self, content: StreamReader) -> bytes:
        body = bytearray()
        try:
            if content.is_eof():
                # It came with its headers, as most do: there is nothing to wait for.
                self._add(body, content.read_nowait())
            else:
                async with asyncio.timeout(self._patience):
                    async for piece in content.iter_any():
                        self._add(body, piece)
        except BaseException:
            self._held -= len(body)
            raise
        return bytes(body)

    def _add(self, body: bytearray, piece: bytes) -> None:
        body += piece
        self._held += len(piece)
        if len(body) > LARGEST_BODY:
            raise _too_large()
        if self._held > self._largest_sum:
            raise RateLimited("too much is under way", retry_after=_COME_AGAIN_SECONDS)


def _check(request: web.Request) -> None:
    if (request.content_length or 0) > LARGEST_BODY:
        raise _too_large()
    if hdrs.CONTENT_ENCODING in request.headers:
        # It is unpacked before we see it, and the signature is over other bytes.
        raise MediaTypeWrong("the body is packed", mend="Send it as it is")


def _lowered(request: web.Request) -> dict[str, str]:
    """Headers by their names in lower case; one that stands there twice is joined, as HTTP reads it."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def _too_large() -> TooLarge:
    return TooLarge(f"the body is larger than {LARGEST_BODY:,} bytes")
