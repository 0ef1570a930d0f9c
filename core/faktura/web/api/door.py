"""A request from its key to its answer: authenticated, limited, read, done and kept in one transaction."""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, cast

from aiohttp import web
from pydantic import BaseModel

from faktura.bootstrap import App
from faktura.domain.api_keys import PresentedKey, presented_key
from faktura.kernel.request_errors import Unauthenticated
from faktura.services.api_answers import StoredAnswer, claim_answer, keep_answer
from faktura.services.api_keys import Access, authenticate, first_of_line, require
from faktura.services.imports.entries import Form
from faktura.store.transaction import Tx
from faktura.web.api.bodies import JSON_TYPE, check_length, json_of, read_body
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.entity_tags import encoded, entity_tag, matches
from faktura.web.api.limits import Limits
from faktura.web.api.operation import FlowHandler, Handler, Operation, Reply
from faktura.web.api.paths import check_path
from faktura.web.api.problems import BODY_FIELDS
from faktura.web.api.replies import Accepted, Created, File
from faktura.web.api.uses import Uses
from faktura.web.api.validation import parsed, query_values
from faktura.web.peer import Address, peer_address
from faktura.web.uploads import Upload, received

BASE = "/api/v1"
_KEY_HEADER, _REPEAT_HEADER = "api-key", "Idempotency-Key"
_PATCH = "PATCH"
# Nobody holds a connection and a file of ours for longer than an honest upload takes.
_PATIENCE_SECONDS = 900
# Acts wait in threads for each other's locks. There are five threads at least, and what only reads
# is to find a free one.
ACTS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A request taken apart, before anything in it is believed."""

    presented: PresentedKey
    address: Address
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: bytes
    repeat_key: str | None
    repeat_hash: bytes
    if_match: str | None


@dataclass(frozen=True, slots=True)
class Door:
    """Answers one operation; all doors share the application's limits, uses and room for acts."""

    operation: Operation
    app: App
    limits: Limits
    uses: Uses
    acts: asyncio.Semaphore

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The operation's answer; raises a named error for everything else."""
        operation = self.operation
        if operation.body is not None:
            request[BODY_FIELDS] = frozenset(
                info.alias or name for name, info in operation.body.model_fields.items()
            )
        asked = await self._asked(request)
        try:
            if operation.is_flow:
                stored = await self._flow(asked, request)
            else:
                async with self._room():
                    stored = await asyncio.to_thread(self._act, asked)
        except Unauthenticated:
            self.limits.note_failure(asked.address)
            raise
        return _response(request, operation, stored)

    async def _asked(self, request: web.Request) -> Asked:
        address = peer_address(request)
        self.limits.check_address(address)
        presented = self._presented(request.headers.get(_KEY_HEADER), address)
        operation = self.operation
        if operation.uploads:
            check_length(request, operation.uploads)
            body = b""
        else:
            body = await read_body(request, expected=operation.body is not None)
        query: dict[str, list[str]] = {}
        for name, value in request.query.items():
            query.setdefault(name, []).append(value)
        return Asked(
            presented,
            address,
            request.match_info,
            query,
            body,
            request.headers.get(_REPEAT_HEADER) if request.method == "POST" else None,
            sha256(f"{request.method} {request.raw_path}\n".encode() + body).digest(),
            request.headers.get("If-Match") if request.method == _PATCH else None,
        )

    def _presented(self, text: str | None, address: Address) -> PresentedKey:
        try:
            return presented_key(text or "")
        except Unauthenticated:
            # Who sends none does not guess.
            if text is not None:
                self.limits.note_failure(address)
            raise

    def _act(self, asked: Asked) -> StoredAnswer:
        """A read is one transaction; an act is done and its answer kept in one that writes."""
        handler = cast("Handler", self.operation.handler)
        with self.app.database.read(asked.presented.tenant_id) as tx:
            access = self._admitted(tx, asked)
            fields = self._fields(asked)
            if self.operation.method == "GET":
                return _stored(handler(self._call(tx, access, asked, fields)))
        # Who has no key, or sends no sense, never came to the lock that writers wait for.
        with self.app.database.write(asked.presented.tenant_id) as tx:
            access = self._known(tx, asked)
            key = asked.repeat_key
            if key is None:
                return _stored(handler(self._call(tx, access, asked, fields)))
            line = first_of_line(tx, access.key)
            kept = claim_answer(tx, line, key, asked.repeat_hash)
            if kept is not None:
                return kept
            reply = handler(self._call(tx, access, asked, fields))
            to_keep = _stored(_without_secret(reply))
            standing = keep_answer(tx, line, key, asked.repeat_hash, to_keep)
            return _stored(reply) if standing == to_keep else standing

    def _call(
        self, tx: Tx, access: Access, asked: Asked, fields: tuple[BaseModel, BaseModel]
    ) -> Call[Any, Any]:
        return Call(self.app, tx, access, asked.path, *fields, asked.if_match)

    async def _flow(self, asked: Asked, request: web.Request) -> StoredAnswer:
        """The act opens its own transactions; repeated, it comes to the same end."""
        most = self.operation.uploads
        if not most:
            return await self._done(asked, None)
        # Nobody we do not know fills our disk, and nobody more often than they may ask.
        await asyncio.to_thread(self._check_admitted, asked)
        async with AsyncExitStack() as spooling:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                upload = await spooling.enter_async_context(received(request, most=most))
            digest = await asyncio.to_thread(upload.digest)
            named = sha256(asked.repeat_hash + digest).digest()
            return await self._done(replace(asked, repeat_hash=named), upload)

    async def _done(self, asked: Asked, upload: Upload | None) -> StoredAnswer:
        prepared = await asyncio.to_thread(self._prepared, asked, upload)
        if isinstance(prepared, StoredAnswer):
            return prepared
        handler = cast("FlowHandler", self.operation.handler)
        async with self._room():
            answer = _stored(await handler(prepared))
            if asked.repeat_key is None:
                return answer
            return await asyncio.to_thread(self._kept, asked, prepared.access, answer)

    def _room(self) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self.operation.method == "GET" else self.acts

    def _check_admitted(self, asked: Asked) -> None:
        with self.app.database.read(asked.presented.tenant_id) as tx:
            self._admitted(tx, asked)

    def _prepared(self, asked: Asked, upload: Upload | None) -> Flow[Any, Any] | StoredAnswer:
        with self.app.database.read(asked.presented.tenant_id) as tx:
            # An upload was counted before it was received.
            access = self._admitted(tx, asked) if upload is None else self._known(tx, asked)
            if asked.repeat_key is not None:
                line = first_of_line(tx, access.key)
                kept = claim_answer(tx, line, asked.repeat_key, asked.repeat_hash)
                if kept is not None:
                    return kept
            query, body = self._fields(asked)
            return Flow(self.app, access, asked.path, query, body, upload)

    def _kept(self, asked: Asked, access: Access, answer: StoredAnswer) -> StoredAnswer:
        with self.app.database.write(asked.presented.tenant_id) as tx:
            key = asked.repeat_key or ""
            return keep_answer(tx, first_of_line(tx, access.key), key, asked.repeat_hash, answer)

    def _admitted(self, tx: Tx, asked: Asked) -> Access:
        """What the key gives access to, counted as one of its requests."""
        access = authenticate(tx, asked.presented, asked.address)
        self.limits.requests.take(access.key.id, access.key.requests_per_minute)
        self.uses.note(tx.tenant_id, access.key.id, tx.now())
        require(access, self.operation.scope)
        return access

    def _known(self, tx: Tx, asked: Asked) -> Access:
        access = authenticate(tx, asked.presented, asked.address)
        require(access, self.operation.scope)
        return access

    def _fields(self, asked: Asked) -> tuple[BaseModel, BaseModel]:
        check_path(asked.path)
        operation = self.operation
        query = parsed(operation.query, query_values(asked.query, operation.query), Form.TEXT)
        if operation.body is None or operation.uploads:
            return query, Nothing()
        return query, parsed(operation.body, json_of(asked.body), Form.REST)


def _without_secret(reply: Reply) -> Reply:
    if isinstance(reply, Created) and reply.kept is not None:
        return replace(reply, answer=reply.kept)
    return reply


def _stored(reply: Reply) -> StoredAnswer:
    match reply:
        case Created() | Accepted():
            return StoredAnswer(
                reply.status,
                {"Content-Type": JSON_TYPE, "Location": BASE + reply.location},
                encoded(reply.answer),
            )
        case File():
            name = reply.name.replace('"', "")
            return StoredAnswer(
                200,
                {
                    "Content-Type": reply.media_type,
                    "Content-Disposition": f'attachment; filename="{name}"',
                },
                reply.content,
            )
        case _:
            return StoredAnswer(200, {"Content-Type": JSON_TYPE}, encoded(reply))


def _response(
    request: web.Request, operation: Operation, stored: StoredAnswer
) -> web.StreamResponse:
    headers = dict(stored.headers)
    if operation.tagged:
        headers["ETag"] = entity_tag(stored.body)
        if request.method == "GET" and matches(
            request.headers.get("If-None-Match", ""), headers["ETag"]
        ):
            return web.Response(status=304, headers={"ETag": headers["ETag"]})
    return web.Response(body=stored.body, status=stored.status, headers=headers)
