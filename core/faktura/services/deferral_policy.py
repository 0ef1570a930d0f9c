"""Setting how a tenant defers revenue; what was set before stays on record (GoBD)."""

from dataclasses import replace

from faktura.domain.deferral import DeferralPolicy
from faktura.domain.events import EventType
from faktura.services.accounting_events import accounting_event
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


def set_deferral(tx: Tx, policy: DeferralPolicy, *, by: str) -> None:
    """Defer by this policy from now on; documents issued before keep their schedules.

    Raises FieldInvalid for a negative threshold, TooPrecise for one with parts of a cent.
    """
    tenant = lock_tenant(tx)
    if policy == tenant.deferral:
        return
    change_tenant(tx, replace(tenant, deferral=policy))
    data: dict[str, object] = {
        "deferral": policy_data(policy),
        "old": policy_data(tenant.deferral),
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))


def policy_data(policy: DeferralPolicy) -> dict[str, object]:
    """A policy in plain data."""
    return {
        "method": policy.method.value,
        "since": None if policy.since is None else policy.since.isoformat(),
        "threshold": f"{policy.threshold:f}",
    }
