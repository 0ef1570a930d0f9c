"""The tenant of an address: who asks is a member of it, and everything is read inside it alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from aiohttp import web

from faktura.domain.tenants import Tenant
from faktura.flows.transactions import in_read_tx
from faktura.kernel.clock import Clock, local_date, zone
from faktura.kernel.errors import NotFound
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx
from faktura.store.users import find_members_tenant
from faktura.web.keys import APP, SIGNED_IN

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

    Raises NotFound when there is no such tenant or who asks is no member of it, which look alike
    from outside, and as `look` does.
    """
    app = request.app[APP]
    asking = request[SIGNED_IN].user.id
    return await in_read_tx(
        app.database,
        _NO_TENANT,
        partial(_look_inside, request.match_info["tenant"], asking, look),
    )


def _look_inside(
    key: str, asking: UUID, look: Callable[[Tx, InTenant], T], tx: Tx
) -> tuple[InTenant, T]:
    tenant_id = find_members_tenant(tx, asking, key)
    if tenant_id is None:
        raise NotFound("there is no such tenant")
    own = replace(tx, tenant_id=tenant_id)
    here = InTenant(read_tenant(own), tx.clock)
    return here, look(own, here)
