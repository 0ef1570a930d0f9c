"""Two tenants with an account each at a provider that signs what it delivers, and their receiver."""

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from sqlalchemy import func, select
from tests.services.company import TENANT
from typing_extensions import override

from faktura.bootstrap import App, open_app
from faktura.domain.inbox import InboxRow
from faktura.domain.payment_accounts import PaymentAccount
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.outside_errors import DeliveryUnreadable, SignatureWrong
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AdapterSettings,
    Handshake,
    PaymentAdapter,
    ProviderEvent,
    RawDelivery,
    WebhookSource,
)
from faktura.store.adapters import AdapterStore, write_settings
from faktura.store.inbox import InboxFilter, list_rows
from faktura.store.payment_accounts import write_account
from faktura.store.tables import inbox, job
from faktura.store.tenants import create_tenant
from faktura.testing.payment_double import DoubleProvider

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
NORD, SUED = "nord", "sued"


class SealSettings(AdapterSettings):
    """What its deliveries are signed with."""

    word: str


class SealSource(WebhookSource):
    """Reads a list of events as JSON, signed in `x-seal`; repeats a challenge that comes by GET."""

    provider = "seal"
    Settings: ClassVar[type[AdapterSettings]] = SealSettings

    @override
    def read(self, delivery: RawDelivery) -> Handshake | tuple[ProviderEvent, ...]:
        """Verify and split; `stumble` shows what an adapter of others may do."""
        if delivery.method == "GET" and "challenge" in delivery.query:
            return Handshake(text=delivery.query["challenge"])
        word = cast("SealSettings", self.settings).word
        if not hmac.compare_digest(seal(word, delivery.body), delivery.headers.get("x-seal", "")):
            raise SignatureWrong("the seal is broken")
        try:
            said = json.loads(delivery.body or b"[]")
        except ValueError as error:
            raise DeliveryUnreadable("no JSON") from error
        if said == "stumble":
            raise RuntimeError("an adapter's own error")
        return tuple(ProviderEvent.model_validate(one) for one in said)


class Silent(DoubleProvider):
    """A provider that delivers nothing."""

    provider = "silent"


def seal(word: str, body: bytes) -> str:
    """The signature of a body."""
    return hmac.new(word.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Receiving:
    """The application and its provider."""

    app: App
    clock: FixedClock
    tenants: dict[str, int]

    def set_word(self, tenant: str, word: str) -> None:
        """Change what the provider signs with."""
        with self.app.database.write(self.tenants[tenant]) as tx:
            write_settings(tx, "seal", {"word": word})

    def rows(self, tenant: str = NORD) -> list[InboxRow]:
        """What lies in a tenant's inbox."""
        with self.app.database.read(self.tenants[tenant]) as tx:
            return list_rows(tx, InboxFilter())

    def stored(self) -> int:
        """How many events are kept in all."""
        with self.app.database.read(0) as tx:
            return tx.connection.execute(select(func.count()).select_from(inbox)).scalar_one()

    def jobs(self) -> list[tuple[int, str]]:
        """Which jobs wait, each with its tenant."""
        with self.app.database.read(0) as tx:
            rows = tx.connection.execute(select(job.c.tenant_id, job.c.name).order_by(job.c.place))
            return [(row.tenant_id, row.name) for row in rows]


def receiving(url: str, folder: Path) -> Receiving:
    """Tenants nord and sued; `seal` delivers to both, each with a word of its own."""
    clock = FixedClock(NOW)
    opened = open_app(
        {"FAKTURA_DATABASE_URL": url, "FAKTURA_BLOB_DIR": str(folder / "content")}, clock=clock
    )
    payments = {"seal": Offer("seal", "seal", DoubleProvider), "silent": _silent()}
    registry = Registry(payments=payments, webhooks={"seal": Offer("seal", "seal", SealSource)})
    kept = AdapterStore(opened.database, opened.keys)
    app = replace(
        opened, registry=registry, adapters=Adapters(registry, kept, clock, Installation())
    )
    tenants = {}
    for key in (NORD, SUED):
        with app.database.write(0) as tx:
            tenants[key] = create_tenant(tx, replace(TENANT, key=key)).id
        with app.database.write(tenants[key]) as tx:
            for name in ("seal", "silent", "gone"):
                write_account(tx, PaymentAccount(name, name, frozenset({PaymentMethod.CARD})))
            write_settings(tx, "seal", {"word": f"word of {key}"})
    return Receiving(app, clock, tenants)


def _silent() -> Offer[PaymentAdapter]:
    return Offer("silent", "silent", Silent)


Client = TestClient[web.Request, web.Application]


def events(*ids: str, kind: str = "payment.paid") -> bytes:
    """A delivery of events with these ids."""
    return json.dumps(
        [{"id": one, "type": kind, "payload": {"about": one}} for one in ids]
    ).encode()


async def deliver(
    client: Client, body: bytes, *, to: str = "/webhooks/seal/nord", word: str = "word of nord",
    **headers: str,
) -> ClientResponse:  # fmt: skip
    """Deliver as the provider does."""
    signed: dict[str, Any] = {"X-Seal": seal(word, body), "Content-Type": "application/json"}
    return await client.post(to, data=body, headers=signed | headers)
