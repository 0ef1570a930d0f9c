"""Setting how a tenant collects; what was set before stays on record."""

from dataclasses import replace

from faktura.domain.events import EventType
from faktura.domain.payment_policies import PaymentPolicies
from faktura.services.accounting_events import accounting_event
from faktura.services.imports.policy_fields import policy_record
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


def set_policies(tx: Tx, policies: PaymentPolicies, *, by: str) -> None:
    """Collect by these policies from now on; attempts that failed keep the retry they were given.

    `by` says who sets them. Raises FieldInvalid for policies that contradict themselves.
    """
    tenant = lock_tenant(tx)
    if policies == tenant.payments:
        return
    change_tenant(tx, replace(tenant, payments=policies))
    data: dict[str, object] = {
        "payments": policy_record(policies),
        "old": policy_record(tenant.payments),
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
