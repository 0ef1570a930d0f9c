"""The log of calls to linked systems: what was asked and answered, without what is secret.

Of payment providers only what failed is written down, and no body: theirs name customers and cards,
and what became of each call stands with its attempt anyway.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from typing_extensions import override
from yarl import URL

from faktura.flows.sandbox import TenantHttp
from faktura.flows.transactions import in_tx
from faktura.kernel.errors import FakturaError
from faktura.plugin import Adapter, Http, HttpAnswer, HttpRequest, PaymentAdapter
from faktura.store.database import Database
from faktura.store.link_calls import LinkCall, write_call

_ERROR = 400
_BODY_KEPT = 4096
_HIDDEN = "…"
# Shorter values are words of a protocol, such as the name of a grant.
_LIKE_A_SECRET = 16
_SECRET_WORDS = ("authorization", "cookie", "secret", "token", "api-key", "password")


@dataclass(frozen=True, slots=True)
class CallLog:
    """The way out of every instance, each call written down."""

    database: Database
    http: Http
    sandbox_hosts: frozenset[str] = frozenset()

    def http_of(self, tenant_id: int, instance: str, adapter: type[Adapter] = Adapter) -> Http:
        """The way out of a tenant's instance, for an adapter of this class."""
        way = TenantHttp(self.database, tenant_id, adapter, self.http, self.sandbox_hosts)
        log = replace(self, http=way)
        return LoggedHttp(log, tenant_id, instance, issubclass(adapter, PaymentAdapter))


@dataclass(frozen=True, slots=True)
class LoggedHttp(Http):
    """A way out that writes each call down after it, in a transaction of its own.

    With `failures_only` a call that was answered well is not written, and no body is.
    """

    log: CallLog
    tenant_id: int
    instance: str
    failures_only: bool = False

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send once, write it down; raises as Http says."""
        called_at = self.log.database.clock.now()
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer, problem = None, ""
        try:
            answer = await self.log.http.request(request)
        except FakturaError as error:
            problem = str(error)
            raise
        finally:
            if not self.failures_only or answer is None or answer.status >= _ERROR:
                call = LinkCall(
                    self.instance,
                    called_at,
                    request.method,
                    _address(request.url),
                    None if answer is None else answer.status,
                    round((loop.time() - began) * 1000),
                    _told(request, answer, problem, with_body=not self.failures_only),
                )
                await in_tx(self.log.database, self.tenant_id, write_call, call)
        return answer


def _address(text: str) -> str:
    try:
        return str(URL(text).with_user(None).with_fragment(None))
    except ValueError:
        return "no address"


def _told(
    request: HttpRequest, answer: HttpAnswer | None, problem: str, *, with_body: bool
) -> dict[str, object]:
    told: dict[str, object] = {"request": _shown(request.headers)}
    if problem:
        told["problem"] = _writable(problem)
    if answer is not None:
        told["answer"] = _shown(answer.headers)
        if answer.status >= _ERROR and with_body:
            # Cut afterwards: half of a secret is not found any more.
            body = answer.body.decode(errors="replace")
            told["body"] = _without(body, _secrets(request))[:_BODY_KEPT]
    return told


def _shown(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _HIDDEN if any(word in name.lower() for word in _SECRET_WORDS) else _writable(value)
        for name, value in headers.items()
    }


def _writable(text: str) -> str:
    """The text without what no database takes: zeros, and halves of characters."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _secrets(request: HttpRequest) -> Iterable[str]:
    """What an answer must not repeat into the log: credentials, codes, tokens."""
    given = [value for name, value in request.headers.items() if name.lower() == "authorization"]
    return [
        secret
        for value in (*given, *request.form.values())
        for secret in (value, value.partition(" ")[2])
        if len(secret) >= _LIKE_A_SECRET
    ]


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    return _writable(text)
