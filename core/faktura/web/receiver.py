"""The receiver: providers deliver to /webhooks/{instance}/{tenant}; 200 means that it is kept (F119).

Proved over the raw bytes, stored, answered; what it says is understood later (decision 0022). No
session, no form token and no key: the signature alone lets in.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from faktura.bootstrap import App
from faktura.domain.inbox import Arrival, InboxChannel, kept_headers
from faktura.kernel.errors import BadInput, FakturaError
from faktura.kernel.outside_errors import DeliveryUnreadable
from faktura.kernel.request_errors import RateLimited
from faktura.plugin import Handshake, ProviderEvent, RawDelivery
from faktura.services.arrivals import arrival_of, keep
from faktura.web.deliveries import Intake
from faktura.web.errors import status_of
from faktura.web.group_commit import GroupCommit
from faktura.web.tenant import NUMBER
from faktura.web.webhook_sources import Addressee, WebhookSources

PREFIX = "/webhooks"
# With and without a slash at the end: who is redirected does not come again.
_ADDRESS = f"/{{instance:[A-Za-z0-9._-]{{1,64}}}}/{{tenant:{NUMBER}}}"
# Proving and reading so much takes a millisecond; more is done in a thread.
_QUICKLY_READ = 64 * 1024
_MOST_EVENTS = 100
_NO_TENANT = 0
_OUR_FAULT = 500

_log = logging.getLogger("faktura.receiver")


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one delivery brings to one tenant."""

    tenant_id: int
    arrivals: Sequence[Arrival]


def create_receiver(app: App, intake: Intake | None = None) -> web.Application:
    """The application to be put under /webhooks; the caller closes the App after it."""
    application = web.Application(middlewares=[_short_answers])
    receiver = Receiver(app, intake or Intake())
    application.cleanup_ctx.append(receiver.kept_open)
    for address in (_ADDRESS, f"{_ADDRESS}/"):
        application.router.add_post(address, receiver.answer)
        # Some providers try an address out by having it repeat something.
        application.router.add_get(address, receiver.answer, allow_head=False)
    return application


class Receiver:
    """Answers deliveries; `refused` counts those that nobody could be proved to have sent."""

    def __init__(self, app: App, intake: Intake) -> None:
        self._app = app
        self._intake = intake
        self._sources = WebhookSources(app)
        self._commits: GroupCommit[_Brought] = GroupCommit(self._write)
        self.refused = 0

    async def kept_open(self, _application: web.Application) -> AsyncIterator[None]:
        """Keep what still waits before the application ends."""
        yield
        await self._commits.close()

    async def answer(self, request: web.Request) -> web.Response:
        """200 for what is kept, what was kept before, and what no event stands in."""
        instance, tenant_key = request.match_info["instance"], request.match_info["tenant"]
        delivery = await self._intake.take(request)
        try:
            addressee = await self._sources.find(instance, tenant_key)
            try:
                read = await _read(addressee, delivery)
            except BadInput as error:
                self._note_refused(request, error)
                raise
            if isinstance(read, Handshake):
                return web.Response(text=read.text, content_type=read.media_type)
            await self._keep(_Brought(addressee.tenant_id, read))
        finally:
            self._intake.let_go(delivery)
        return _short(HTTPStatus.OK)

    def _note_refused(self, request: web.Request, error: BadInput) -> None:
        self.refused += 1
        # Neither bytes nor headers: what nobody signed may hold anything.
        _log.warning(
            "delivery_refused instance=%s tenant=%s error=%s refused=%d",
            request.match_info["instance"],
            request.match_info["tenant"],
            error.code,
            self.refused,
        )

    async def _keep(self, brought: _Brought) -> None:
        if not brought.arrivals:
            return
        try:
            await self._commits.commit(brought)
        except RateLimited:
            raise
        except FakturaError as error:
            _log.error("delivery_not_kept error=%s", error)
            raise web.HTTPServiceUnavailable from error

    def _write(self, group: Sequence[_Brought]) -> None:
        """One transaction for all that wait, whichever tenants they are for."""
        by_tenant: dict[int, list[Arrival]] = {}
        for one in group:
            by_tenant.setdefault(one.tenant_id, []).extend(one.arrivals)
        with self._app.database.write(_NO_TENANT) as tx:
            for tenant_id in sorted(by_tenant):
                keep(replace(tx, tenant_id=tenant_id), by_tenant[tenant_id])


async def _read(addressee: Addressee, delivery: RawDelivery) -> Handshake | list[Arrival]:
    """Prove a delivery and split it; raises SignatureWrong and DeliveryUnreadable."""
    if len(delivery.body) <= _QUICKLY_READ:
        return _understood(addressee, delivery)
    return await asyncio.to_thread(_understood, addressee, delivery)


def _understood(addressee: Addressee, delivery: RawDelivery) -> Handshake | list[Arrival]:
    try:
        read = addressee.source.read(delivery)
    except FakturaError:
        raise
    except Exception as exc:
        # Bytes of strangers come this far: a source that stumbles over them has not proved them.
        _log.exception("webhook_source_failed instance=%s", addressee.instance)
        raise DeliveryUnreadable("its source could not read it") from exc
    if isinstance(read, Handshake):
        return read
    _check(read, delivery)
    envelope = json.dumps(
        {
            "verdict": "VERIFIED",
            "method": delivery.method,
            "query": kept_headers(delivery.query),
            "headers": kept_headers(delivery.headers),
        }
    )
    return [
        arrival_of(addressee.instance, event, InboxChannel.WEBHOOK, envelope, delivery.body)
        for event in read
    ]


def _check(events: Sequence[ProviderEvent], delivery: RawDelivery) -> None:
    if delivery.method != hdrs.METH_POST:
        raise DeliveryUnreadable("only a handshake comes by GET")
    if len(events) > _MOST_EVENTS:
        raise DeliveryUnreadable(f"it holds more than {_MOST_EVENTS} events")


@web.middleware
async def _short_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors with their status alone: a provider reads no more, a stranger shall not."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        answer = _short(error.status)
        if hdrs.ALLOW in error.headers:
            answer.headers[hdrs.ALLOW] = error.headers[hdrs.ALLOW]
        return answer
    except FakturaError as error:
        status = status_of(error) if not isinstance(error, BadInput) else _of_input(error)
        if status >= _OUR_FAULT:
            _log.error("delivery_failed error=%s", error)
        answer = _short(status)
        if isinstance(error, RateLimited):
            answer.headers[hdrs.RETRY_AFTER] = str(error.retry_after)
        return answer
    except (web.RequestPayloadError, TimeoutError) as error:
        return _short(408 if isinstance(error, TimeoutError) else 400)
    except Exception:  # noqa: BLE001 - the last line: the provider comes again, the log has the rest
        _log.exception("delivery_failed")
        return _short(_OUR_FAULT)


def _of_input(error: BadInput) -> int:
    """400 for what is unproved or unreadable; too large and packed keep their own status."""
    status = status_of(error)
    return HTTPStatus.BAD_REQUEST if status == HTTPStatus.UNPROCESSABLE_ENTITY else status


def _short(status: int) -> web.Response:
    return web.Response(status=status, text=HTTPStatus(status).phrase)
