"""Request bodies: bounded, of the right type, read as JSON without losing a digit or a field."""

import asyncio

from aiohttp import web

from faktura.kernel.errors import BadInput, FieldInvalid, FileUnreadable
from faktura.kernel.request_errors import MediaTypeWrong, RequestInvalid, TooLarge
from faktura.services.imports.json_entries import json_object

JSON_TYPE = "application/json"
LARGEST_JSON = 1024 * 1024
# So much comes at once, also over a bad line; nobody has to prove a key before.
_PATIENCE_SECONDS = 30


async def read_body(request: web.Request, *, expected: bool) -> bytes:
    """The whole body of a request for JSON; empty where none is `expected`.

    Raises MediaTypeWrong, TooLarge, FieldInvalid for a body that nobody reads, and TimeoutError for
    one that does not come.
    """
    async with asyncio.timeout(_PATIENCE_SECONDS):
        return await (_whole(request) if expected else _nothing(request))


async def _nothing(request: web.Request) -> bytes:
    if await request.content.read(1):
        raise FieldInvalid("this request has no body", place="body", mend="Send it without a body")
    return b""


async def _whole(request: web.Request) -> bytes:
    if request.content_type != JSON_TYPE or (request.charset or "utf-8").lower() != "utf-8":
        raise MediaTypeWrong(
            "the body is not declared as JSON",
            place="Content-Type",
            mend=f"Send {JSON_TYPE}, in UTF-8",
        )
    check_length(request, LARGEST_JSON)
    chunks = bytearray()
    async for chunk in request.content.iter_any():
        chunks += chunk
        if len(chunks) > LARGEST_JSON:
            raise _too_large(LARGEST_JSON)
    return bytes(chunks)


def check_length(request: web.Request, most: int) -> None:
    """Raise TooLarge for a body that says beforehand that it is larger than `most` bytes."""
    if (request.content_length or 0) > most:
        raise _too_large(most)


def json_of(body: bytes) -> dict[str, object]:
    """The object in a body, with its nulls; raises RequestInvalid with the reason as its part."""
    try:
        return json_object(_decoded(body), keep_nulls=True)
    except BadInput as error:
        refusal = RequestInvalid("the body is not a JSON object")
        refusal.parts = (error,)
        raise refusal from None


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            f"byte {error.start} of the body is not UTF-8", place="body", mend="Send UTF-8"
        ) from None


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"the body is larger than {most:,} bytes", place="body", mend="Send less")
