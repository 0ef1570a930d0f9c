"""A sandbox of a tenant in this or another database: all of it in one transaction, or nothing (F137)."""

from collections.abc import Callable
from dataclasses import dataclass

from faktura.services.sandbox_copies import begin_sandbox
from faktura.store.database import Database
from faktura.store.migrations import check_current
from faktura.store.two_databases import naming_target, set_up_new

# The tables of all tenants are asked for the next id.
_NO_TENANT = 0


@dataclass(frozen=True, slots=True)
class SandboxCopied:
    """What a sandbox holds: its key and id, and how much was copied."""

    key: str
    tenant_id: int
    customers: int
    contracts: int
    periods: int
    openings: int


def copy_to_sandbox(
    source: Database,
    tenant_id: int,
    target: Database,
    key: str,
    *,
    done: Callable[[int], object] = lambda _customers: None,
) -> SandboxCopied:
    """Copy a tenant as it is at one moment, without personal data; `done` hears of customers copied.

    A database that was never set up is set up. The copy is one transaction: who is cut off begins anew
    and finds nothing of it. Raises NumberTaken where the key exists, Misconfigured for a database of
    another version, of something else, or that does not answer.
    """
    set_up_new(target)
    with naming_target():
        check_current(target)
    with source.read(tenant_id) as seen, target.write(_NO_TENANT) as tx:
        copy = begin_sandbox(seen, tx, key)
        for customers in copy.copy_customers():
            done(customers)
        copy.finish()
    return SandboxCopied(
        key, copy.tenant.id, copy.customers, copy.contracts, copy.periods, copy.openings
    )
