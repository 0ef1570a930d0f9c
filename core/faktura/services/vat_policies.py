"""Setting how a tenant's customers' VAT ids are checked; what was set before stays on record."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypedDict

from faktura.domain.events import EventType
from faktura.domain.vat_policies import VatPolicy, check_vat_policy
from faktura.kernel.errors import PluginMissing, shortened
from faktura.services.accounting_events import accounting_event
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

NONE = "none"


class VatPolicyChange(TypedDict):
    """What of a policy is set; None leaves it as it is, the checker `none` is none."""

    checker: str | None
    every_days: int | None
    qualified: bool | None


def change_vat_policy(
    tx: Tx, change: VatPolicyChange, *, offered: Collection[str], by: str
) -> VatPolicy:
    """Check as the changed policy says from now on; gives that policy. `by` says who sets it.

    `offered` are the checkers of the enabled plugins. Raises PluginMissing for another one, FieldInvalid
    for a policy that cannot be meant.
    """
    tenant = lock_tenant(tx)
    policy = _changed(tenant.vat_checks, change)
    check_vat_policy(policy)
    if policy.checker and policy.checker not in offered:
        raise PluginMissing(
            f"no enabled plugin offers the VAT-id checker “{shortened(policy.checker)}”",
            place="checker",
            mend=f"Offered: {', '.join(sorted(offered)) or 'nothing; enable vies in FAKTURA_PLUGINS'}",
        )
    if policy == tenant.vat_checks:
        return policy
    change_tenant(tx, replace(tenant, vat_checks=policy))
    data: dict[str, object] = {
        "vatChecks": vat_policy_record(policy),
        "old": vat_policy_record(tenant.vat_checks),
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
    return policy


def vat_policy_record(policy: VatPolicy) -> dict[str, object]:
    """Every field of a policy as JSON has it."""
    return {
        "checker": policy.checker or None,
        "everyDays": policy.every_days,
        "qualified": policy.qualified,
    }


def _changed(known: VatPolicy, change: VatPolicyChange) -> VatPolicy:
    checker, days, qualified = change["checker"], change["every_days"], change["qualified"]
    return VatPolicy(
        known.checker if checker is None else ("" if checker == NONE else checker),
        known.every_days if days is None else days,
        known.qualified if qualified is None else qualified,
    )
