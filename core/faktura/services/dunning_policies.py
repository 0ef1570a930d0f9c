"""Setting how a tenant's overdue documents are dunned; what was set before stays on record (F083, F084)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from faktura.domain.dunning_levels import check_dunning_policy
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.domain.events import EventType
from faktura.kernel.errors import NotFound, OutOfRange
from faktura.kernel.money import Money
from faktura.services.accounting_events import accounting_event
from faktura.services.imports.dunning_fields import DunningPolicyFields
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.level_texts import check_level_text
from faktura.services.merge_patch import merged
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

Record = dict[str, object]


def change_dunning_policy(tx: Tx, patch: Mapping[str, object], *, by: str) -> DunningPolicy:
    """Dun as the policy says after a merge patch over its record; gives that policy.

    Notices that were written stay as they are; `by` says who sets it. Raises FieldsRefused with all
    that cannot be read, as `check_dunning_policy`, and TemplateRefused for a text of a level.
    """
    tenant = lock_tenant(tx)
    known = dunning_policy_record(tenant.dunning, tenant.currency)
    fields = fields_of(DunningPolicyFields, merged(known, patch), Form.REST)
    policy = fields.policy(tenant.currency)
    if policy == tenant.dunning:
        return policy
    check_dunning_policy(policy)
    _check_new_texts(tenant.dunning, policy)
    change_tenant(tx, replace(tenant, dunning=policy))
    data: Record = {
        "dunning": dunning_policy_record(policy, tenant.currency),
        "old": known,
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
    return policy


def change_dunning_level(tx: Tx, no: int, patch: Mapping[str, object], *, by: str) -> DunningPolicy:
    """Change level `no`, or add it behind the last one; levels count from 1.

    Raises OutOfRange for one below that, and where one would be skipped.
    """
    tenant = lock_tenant(tx)
    levels = level_records(tenant.dunning, tenant.currency)
    if no < 1:
        raise OutOfRange(
            f"there is no level {no}: levels count from 1",
            place="level",
            mend=f"Name one of 1 to {len(levels) + 1}",
        )
    if no > len(levels) + 1:
        raise OutOfRange(
            f"there is no level {no - 1} before level {no}",
            place="level",
            mend=f"The next one is {len(levels) + 1}",
        )
    known = levels[no - 1] if no <= len(levels) else {}
    levels[no - 1 : no] = [merged(known, patch)]
    return change_dunning_policy(tx, {"levels": levels}, by=by)


def remove_dunning_level(tx: Tx, no: int, *, by: str) -> DunningPolicy:
    """Take level `no` out; those behind it move up. Raises NotFound."""
    tenant = lock_tenant(tx)
    levels = level_records(tenant.dunning, tenant.currency)
    if not 1 <= no <= len(levels):
        raise NotFound(f"there is no level {no}", place="level")
    del levels[no - 1]
    return change_dunning_policy(tx, {"levels": levels}, by=by)


def dunning_policy_record(policy: DunningPolicy, currency: str) -> Record:
    """Every field of a policy as JSON has it; amounts are decimal text of the tenant's currency."""
    return {
        "levels": level_records(policy, currency),
        "graceDays": policy.grace_days,
        "least": _amount(policy.least, currency),
        "byItself": policy.by_itself,
        "letters": policy.letters,
        "consumerNotice": dict(policy.consumer_notice),
    }


def level_records(policy: DunningPolicy, currency: str) -> list[Record]:
    """Each level as JSON has it, in order."""
    return [_level_record(level, currency) for level in policy.levels]


def _level_record(level: DunningLevel, currency: str) -> Record:
    return {
        "days": level.days,
        "fee": _amount(level.fee, currency),
        "interest": level.interest.value,
        "rate": None if level.rate is None else str(level.rate),
        "flat": level.flat,
        "payDays": level.pay_days,
        "texts": dict(level.texts),
    }


def _check_new_texts(known: DunningPolicy, changed: DunningPolicy) -> None:
    """What stands already was checked when it was set: it never keeps a number from being changed."""
    present = _texts(known.levels).values()
    for place, text in _texts(changed.levels).items():
        if text not in present:
            check_level_text(text, field=place)


def _texts(levels: Sequence[DunningLevel]) -> dict[str, str]:
    return {
        f"levels.{no}.texts.{language}": text
        for no, level in enumerate(levels, 1)
        for language, text in level.texts.items()
    }


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
