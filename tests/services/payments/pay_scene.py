"""A billed company whose customers pay on pages: at the double, or in our page with its fields.

RE-000001 is over 71.40 (2 × 30.00 + 19 %) of K-1, who pays by transfer; RE-000002 over 10.59 of K-2.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

from tests.services.company import TENANT, Company, bill, opened
from typing_extensions import override

from faktura.bootstrap import App, open_app
from faktura.domain.attempts import Attempt
from faktura.domain.customers import Customer
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.tenants import Tenant
from faktura.flows.pay_desk import PayDesk, start_page
from faktura.flows.providers import Provider
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Declined, Embedded, EmbeddedPage, OpenedPage, PageRequest, PageResult
from faktura.services.page_requests import Wish
from faktura.services.pay_links import PayView, link_for, view_payment
from faktura.store.adapters import AdapterStore
from faktura.store.attempts import AttemptFilter, list_attempts
from faktura.store.customers import read_customer
from faktura.store.documents import document_id
from faktura.store.payment_accounts import write_account
from faktura.testing.double_store import DoubleStore
from faktura.testing.payment_double import DoubleProvider

MORNING = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
CARD, PAYPAL = PaymentMethod.CARD, PaymentMethod.PAYPAL
BACK = "https://billing.example/pay/x/return"
SOURCES = {
    "script-src": ("https://js.double.example",),
    "frame-src": ("https://assets.double.example", "https://*.double.example"),
}


class FieldsProvider(DoubleProvider, EmbeddedPage):
    """The double with fields for a page of ours instead of pages of its own."""

    provider = "fields"
    embedded = Embedded(
        scripts=("https://js.double.example/fields.js",),
        own_script="document.getElementById('payment');",
        values={"token": "<tok>&"},
        sources=SOURCES,
    )

    @override
    async def open_page(self, request: PageRequest) -> OpenedPage:
        """A page of ours."""
        opened = await super().open_page(request)
        return opened.model_copy(update={"url": "", "embedded": self.embedded})

    @override
    async def finish_page(self, request: PageRequest, result: str) -> PageResult:
        """Charge once; `decline` does not."""
        opened = await super().open_page(request)
        if result == "decline":
            return PageResult(outcome=Declined(hard=False, code="51", message="internal"))
        if not self._is_paid(request):
            self.store.pay_page(opened.reference, self.now(), saved="tok_f" if request.save else "")
        return await self.read_page(request, opened.reference)

    def _is_paid(self, request: PageRequest) -> bool:
        with self.store.changing() as books:
            (state,) = books.execute(
                "SELECT state FROM page WHERE key = ?", [request.key]
            ).fetchone()
        return bool(state == "PAID")


@dataclass
class Scene:
    """The company, its application, and the double's books."""

    app: App
    tenant: Tenant
    clock: FixedClock
    store: DoubleStore

    @property
    def desk(self) -> PayDesk:
        return PayDesk(self.app.database, self.app.adapters, self.tenant)

    def document(self, number: str = "RE-000001") -> UUID:
        """The id of a document."""
        with self.app.database.read(self.tenant.id) as tx:
            return document_id(tx, number)

    def token(self, number: str = "RE-000001") -> str:
        """The token of its link."""
        with self.app.database.write(self.tenant.id) as tx:
            return link_for(tx, document_id(tx, number))

    def view(self, number: str = "RE-000001") -> PayView:
        """What its page shows."""
        with self.app.database.read(self.tenant.id) as tx:
            return view_payment(tx, document_id(tx, number))

    def attempts(self, number: str = "RE-000001") -> list[Attempt]:
        """Its attempts, oldest first."""
        wanted = AttemptFilter(document_id=self.document(number))
        with self.app.database.read(self.tenant.id) as tx:
            return [one for one, _ in reversed(list_attempts(tx, wanted))]

    def states(self, number: str = "RE-000001") -> list[str]:
        """How they stand."""
        return [one.state.value for one in self.attempts(number)]

    def customer(self, number: str = "K-1") -> Customer:
        """A customer as they are now."""
        with self.app.database.read(self.tenant.id) as tx:
            return read_customer(tx, number)

    def provider(self, instance: str = "double") -> Provider:
        """Who talks to an account."""
        account = PaymentAccount(instance, instance, frozenset({CARD}))
        adapter = self.app.adapters.payment(self.tenant.id, instance, instance)
        return Provider(self.app.database, self.tenant, account, adapter)


def wish(method: PaymentMethod = CARD, cents: int = 7_140, *, save: bool = False) -> Wish:
    """What a customer asks for."""
    return Wish(method, save, Money(cents, "EUR"), BACK)


def copied(file: Path, folder: Path) -> str:
    """The address of a copy of the billed company, made of a migrated SQLite file."""
    copy = folder / "faktura.db"
    shutil.copy(_billed(file), copy)
    return f"sqlite:///{copy}"


@cache
def _billed(file: Path) -> Path:
    """The company in a file of its own, once a worker."""
    billed = file.with_name("pay_scene.sqlite3")
    shutil.copy(file, billed)
    build(f"sqlite:///{billed}")
    return billed


def build(url: str) -> None:
    """The billed company."""
    database = opened(url)
    company = Company(database, TENANT)
    company.contract(company.customer(), "A-1", quantity=Decimal(2))
    company.contract(company.customer(), "A-2")
    bill(database, company.tenant)
    database.close()


async def started(
    scene: Scene, method: PaymentMethod = CARD, cents: int = 7_140, *, save: bool = False
) -> Attempt:
    """A page that was opened."""
    begun = await start_page(scene.desk, scene.document(), wish(method, cents, save=save))
    assert isinstance(begun, Attempt), begun
    return begun


def pay_scene(
    url: str, folder: Path, methods: Mapping[str, frozenset[PaymentMethod]], **settings: str
) -> Scene:
    """The billed company with these accounts; `settings` are the installation's."""
    clock = FixedClock(MORNING)
    environment = {
        "FAKTURA_DATABASE_URL": url,
        "FAKTURA_BLOB_DIR": str(folder / "content"),
        **settings,
    }
    app = open_app(environment, clock=clock)
    tenant = app.tenant("werk")
    books = {"file": str(folder / "books.sqlite3")}
    registry = Registry(
        payments={
            "double": Offer("double", "double", DoubleProvider),
            "fields": Offer("fields", "fields", FieldsProvider),
        }
    )
    adapters = Adapters(
        registry,
        AdapterStore(app.database, app.keys),
        clock,
        Installation(file=dict.fromkeys(("double", "fields"), books)),
    )
    with app.database.write(tenant.id) as tx:
        for instance, served in methods.items():
            write_account(tx, PaymentAccount(instance, instance, served))
    opened_app = replace(app, registry=registry, adapters=adapters)
    return Scene(opened_app, tenant, clock, DoubleStore(folder / "books.sqlite3"))
