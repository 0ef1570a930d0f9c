"""The tenant of an address: found by its key, and everything is read inside it alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from aiohttp import web

from faktura.domain.tenants import Tenant
from faktura.flows.transactions import in_read_tx
from faktura.kernel.clock import Clock, local_date, zone
from faktura.kernel.errors import NotFound
from faktura.store.tenants import find_tenant_id, read_tenant
from faktura.store.transaction import Tx
from faktura.web.keys import APP

T = TypeVar("T")

# Numbers of documents and keys of tenants are of the same signs (domain/numbering.py).
NUMBER = "[A-Za-z0-9._-]{1,36}"
_NO_TENANT = 0


@dataclass(frozen=True, slots=True)
class InTenant:
    """A tenant whose page is being made, and the clock that says what day it is there."""

    tenant: Tenant
    clock: Clock

    @property
    def today(self) -> date:
        """The local day of the tenant."""
        return local_date(self.clock, self.tenant.time_zone)

    def local(self, moment: datetime) -> datetime:
        """The moment on the tenant's own clock."""
        return moment.astimezone(zone(self.tenant.time_zone))


async def read_in_tenant(
    request: web.Request, look: Callable[[Tx, InTenant], T]
) -> tuple[InTenant, T]:
    """Find the tenant of the address and `look` inside it, both in one transaction that reads.

    Raises NotFound when there is no such tenant, and as `look` does.
    """
    app = request.app[APP]
    return await in_read_tx(
        app.database, _NO_TENANT, partial(_look_inside, request.match_info["tenant"], look)
    )


def _look_inside(key: str, look: Callable[[Tx, InTenant], T], tx: Tx) -> tuple[InTenant, T]:
    tenant_id = find_tenant_id(tx, key)
    if tenant_id is None:
        raise NotFound("there is no such tenant")
    own = replace(tx, tenant_id=tenant_id)
    here = InTenant(read_tenant(own), tx.clock)
    return here, look(own, here)
