"""Trying out changes of a contract: written, looked at, rolled back (O11)."""

from collections.abc import Sequence

from faktura.domain.tenants import Tenant
from faktura.services.change_steps import StepsTaken, take_steps
from faktura.services.imports.change_fields import WhatIfStep
from faktura.services.issuing import Desk, Formats
from faktura.services.upgrades import Asked
from faktura.store.database import Database


def what_if(
    database: Database, tenant: Tenant, formats: Formats, asked: Asked, steps: Sequence[WhatIfStep]
) -> StepsTaken:
    """What the steps would write if they were carried out on that day; nothing is.

    Raises what a step would raise.
    """
    with database.rehearse(tenant.id) as tx:
        return take_steps(tx, Desk(tenant, formats), asked, steps)
