"""Two tenants with the same numbers, their keys, and a caller who asks with one of them.

Nordwind sells in two projects: `main` (billed on 1 October 2026: RE-000001 71.40, RE-000002 35.70 of
which 10.00 are paid, RE-000003 10.59, paid) and `zweit` (V-6, a draft). Süd has SU-000001 over 297.50, of K-SUED.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from sqlalchemy import update
from tests.services.company import TENANT, Company, bill, opened, settle

from faktura.bootstrap import App, open_app
from faktura.domain.api_keys import Scope
from faktura.kernel.clock import Clock, FixedClock
from faktura.kernel.terms import ContractState
from faktura.services.api_keys import NewKey, create_key, switch_api
from faktura.store.catalogue import Project, write_projects
from faktura.store.contracts import write_contracts
from faktura.store.numbers import INVOICE
from faktura.store.tables import number_range

LOOKED_AT = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
EVERYTHING = frozenset(Scope)
RATE = 1_000_000


def build(url: str) -> None:
    """Both tenants in a new database."""
    database = opened(url)
    nord = _company(database, "nord", "Nordwind GmbH")
    nord.contract(nord.customer(), "A-1", quantity=Decimal(2))
    nord.contract(nord.customer(), "A-1")
    nord.contract(nord.customer(), "A-2")
    nord.contract(nord.customer(), "A-1", start=date(2026, 11, 5))  # not due yet
    nord.customer()
    _second_project(nord)
    sued = _company(database, "sued", "Süd OHG")
    _number_invoices(sued, "SU-")
    sued.contract(sued.customer(number="K-SUED"), "A-4")
    for company in (nord, sued):
        bill(database, company.tenant)
        with database.write(company.tenant.id) as tx:
            switch_api(tx, "main", on=True)
    with database.write(nord.tenant.id) as tx:
        switch_api(tx, "zweit", on=True)
    settle(database, nord.tenant, "RE-000002", 1_000)
    settle(database, nord.tenant, "RE-000003", 1_059)
    database.close()


def _company(database: Any, key: str, name: str) -> Company:
    seller = replace(TENANT.seller, legal_name=name)
    return Company(database, replace(TENANT, key=key, seller=seller))


def _number_invoices(company: Company, prefix: str) -> None:
    with company.database.write(company.tenant.id) as tx:
        tx.connection.execute(
            update(number_range)
            .where(number_range.c.tenant_id == tx.tenant_id, number_range.c.name == INVOICE)
            .values(prefix=prefix)
        )


def _second_project(nord: Company) -> None:
    other = Project(nord.database.new_id(), "zweit", "Zweites")
    with nord.database.write(nord.tenant.id) as tx:
        write_projects(tx, [other])
    contract = nord.contract(nord.customer(), "A-1")
    drafted = replace(
        contract,
        id=nord.database.new_id(),
        number="V-Z",
        project_id=other.id,
        state=ContractState.DRAFT,
    )
    with nord.database.write(nord.tenant.id) as tx:
        write_contracts(tx, [(drafted, None)])


def open_world(url: str, folder: Path, plugins: str = "", clock: Clock | None = None) -> App:
    """The application on a built database, on the last day of October 2026."""
    environment = {
        "FAKTURA_DATABASE_URL": url,
        "FAKTURA_BLOB_DIR": str(folder / "content"),
        "FAKTURA_PLUGINS": plugins,
        "FAKTURA_PUBLIC_URL": "https://billing.example",
        "FAKTURA_SECRET_KEYS": "d29ybGQtd29ybGQtd29ybGQtd29ybGQtd29ybGQtd28=",
    }
    return open_app(environment, clock=clock or FixedClock(LOOKED_AT))


def make_key(app: App, tenant: str, **changes: Any) -> str:
    """The text of a new key of that tenant: every scope, all projects, where nothing else is said."""
    new = replace(NewKey("test", None, EVERYTHING, requests_per_minute=RATE), **changes)
    with app.database.write(app.tenant_id(tenant)) as tx:
        _key, text = create_key(tx, new)
    return text


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    """Sends requests with one key."""

    client: TestClient[web.Request, web.Application]
    key: str | None

    async def get(self, path: str, **headers: str) -> Answered:
        """GET below /api/v1; underscores in the names of headers stand for hyphens."""
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, body: object = None, **headers: str) -> Answered:
        """POST JSON, or nothing."""
        return await self.send("POST", path, body, headers=headers)

    async def patch(self, path: str, body: object, **headers: str) -> Answered:
        """PATCH JSON."""
        return await self.send("PATCH", path, body, headers=headers)

    async def delete(self, path: str, **headers: str) -> Answered:
        """DELETE, without a body."""
        return await self.send("DELETE", path, headers=headers)

    async def send(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str]
    ) -> Answered:
        """Any method; bytes are sent as they are, everything else as JSON."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            given.setdefault("api-key", self.key)
        data = None
        if isinstance(body, bytes):
            data = BytesIO(body)
        elif body is not None:
            data = BytesIO(json.dumps(body).encode())
            given.setdefault("Content-Type", "application/json")
        async with self.client.request(
            method, f"/api/v1{path}", data=data, headers=given
        ) as response:
            return Answered(response.status, response.headers.copy(), await response.read())
