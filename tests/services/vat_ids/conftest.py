"""A tenant whose customers live abroad, and a register of our own that is asked about them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import delete, select
from tests.services.company import TENANT
from tests.services.master_data.requests import asked
from typing_extensions import override

from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.domain.vat_policies import VatPolicy
from faktura.flows.job_context import JobContext
from faktura.flows.vat_checks import check_vat_id
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FakturaError
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import VatIdAnswer, VatIdChecker, VatIdQuestion
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.store import tables
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.customers import read_customer
from faktura.store.database import Database, open_database
from faktura.store.secrets import KeyRing
from faktura.store.tenants import create_tenant
from faktura.store.transaction import Tx
from faktura.store.vat_checks import VatCheck, list_checks

P = ParamSpec("P")
T = TypeVar("T")

ALPINA = {
    "customerNumber": "A-1",
    "name": "Alpina Verlag GmbH",
    "isBusiness": True,
    "email": "kontor@alpina.example",
    "billingAddress": {"street": "Ring 1", "zipCode": "1010", "city": "Wien", "country": "AT"},
    "euTaxId": "ATU12345675",
}


@dataclass
class Register:
    """What it knows by VAT id; it counts who asked, and can be made to fail."""

    holders: dict[str, str] = field(default_factory=dict)
    failing: FakturaError | None = None
    silent: bool = False
    asked: list[VatIdQuestion] = field(default_factory=list)

    def answer(self, question: VatIdQuestion) -> VatIdAnswer:
        """What it says; the city always matches."""
        self.asked.append(question)
        if self.failing is not None:
            raise self.failing
        if self.silent:
            return VatIdAnswer(result=VatCheckResult.UNAVAILABLE, problem="MS_UNAVAILABLE")
        holder = self.holders.get(question.vat_id)
        if holder is None:
            return VatIdAnswer(result=VatCheckResult.INVALID, raw=b'{"valid": false}')
        same = VatTraderMatch.MATCH if holder == question.name else VatTraderMatch.DIFFERS
        return VatIdAnswer(
            result=VatCheckResult.VALID,
            reference=f"R-{len(self.asked)}",
            name=holder,
            name_match=same if question.name else VatTraderMatch.NOT_TOLD,
            street_match=VatTraderMatch.NOT_TOLD,
            zip_code_match=VatTraderMatch.NOT_TOLD,
            city_match=VatTraderMatch.MATCH if question.city else VatTraderMatch.NOT_TOLD,
            raw=b'{"valid": true}',
        )


@dataclass
class VatHouse:
    """The tenant, its register, and what happens there."""

    database: Database
    tenant: Tenant
    register: Register
    context: JobContext

    @property
    def clock(self) -> FixedClock:
        """The clock of everything here."""
        clock = self.database.clock
        assert isinstance(clock, FixedClock)
        return clock

    def write(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """In a transaction of the tenant."""
        with self.database.write(self.tenant.id) as tx:
            return act(tx, *args, **kwargs)

    def read(self, act: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """In a transaction that reads."""
        with self.database.read(self.tenant.id) as tx:
            return act(tx, *args, **kwargs)

    def add(self, **changes: object) -> Customer:
        """Alpina, or who is like it but for `changes`."""
        return self.write(create_customer, self.tenant, asked(CustomerFields, ALPINA | changes))

    def change(self, **patch: object) -> Customer:
        """Alpina changed."""

        def act(tx: Tx) -> Customer:
            return changed_customer(tx, self.tenant, locked_customer(tx, "A-1"), patch)

        return self.write(act)

    def check(self, number: str = "A-1") -> VatCheck:
        """Checked now, as the command and the REST door do it."""
        return run(check_vat_id(self.database, self.context.adapters, self.tenant.id, number))

    def checks(self) -> list[VatCheck]:
        """All, the newest first."""
        return self.read(list_checks)

    def customer(self, number: str = "A-1") -> Customer:
        """As it is now."""
        return self.read(read_customer, number)

    def rows(self, table: str) -> list[Any]:
        """All rows of a table."""
        with self.database.read(self.tenant.id) as tx:
            found = getattr(tables, table)
            return list(
                tx.connection.execute(select(found).where(found.c.tenant_id == tx.tenant_id))
            )

    def jobs(self) -> list[str]:
        """Whose check waits to be made."""
        return [row.args for row in self.rows("job") if row.name == "CHECK_VAT_ID"]


def run(what: Awaitable[T]) -> T:
    """A flow, from a test without a loop."""

    async def main() -> T:
        return await what

    return asyncio.run(main())


def house_of(database: Database, policy: VatPolicy, root: Any) -> VatHouse:
    """A house whose register is called `double`."""
    register = Register({"ATU12345675": "Alpina Verlag GmbH"})

    class Double(VatIdChecker):
        checker = "double"

        @override
        async def check(self, question: VatIdQuestion) -> VatIdAnswer:
            return register.answer(question)

    with database.write(0) as tx:
        tenant = create_tenant(tx, replace(TENANT, vat_checks=policy))
    registry = Registry(checkers={"double": Offer("double", "double", Double)})
    keys = KeyRing([])
    adapters = Adapters(registry, AdapterStore(database, keys), database.clock, Installation())
    context = JobContext(database, registry, adapters, DirectoryStore(root), keys)
    return VatHouse(database, tenant, register, context)


def nothing_waits(house: VatHouse) -> None:
    """What was put in so far is out of the queue."""
    with house.database.write(house.tenant.id) as tx:
        tx.connection.execute(delete(tables.job))


@pytest.fixture
def vat_house(database_url: str, tmp_path: Any) -> Iterator[VatHouse]:
    """On 22 November 2026, noon; ids are checked by the double, every 90 days, qualified."""
    clock = FixedClock(datetime(2026, 11, 22, 11, 0, tzinfo=UTC))
    database = open_database(database_url, clock, Uuid7Source(clock))
    yield house_of(database, VatPolicy("double"), tmp_path / "content")
    database.close()
