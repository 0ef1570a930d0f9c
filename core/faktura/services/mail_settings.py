"""Setting how a tenant's mails are sent; what was set before stays on record (F127)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypedDict

from faktura.domain.events import EventType
from faktura.domain.mail_addresses import checked_address, checked_name
from faktura.domain.mail_policies import MailPolicy
from faktura.kernel.errors import FieldInvalid, UnknownTerm, shortened
from faktura.kernel.outbox_terms import MailUse
from faktura.services.accounting_events import accounting_event
from faktura.services.outbox import announce
from faktura.services.tenants import change_tenant
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

_MOST_DAYS = 180


class MailChange(TypedDict):
    """What of a policy is set, as people write it; None leaves it, an empty text clears it.

    `off` and `on` are uses whose mails are not written any more, or again.
    """

    sender: str | None
    sender_name: str | None
    reply_to: str | None
    bounces_to: str | None
    card_days: int | None
    off: tuple[str, ...]
    on: tuple[str, ...]


def change_mail_policy(tx: Tx, change: MailChange, *, by: str) -> MailPolicy:
    """Send mails as the changed policy says from now on; gives that policy.

    Mails that are written already stay as they are. `by` says who sets it. Raises FieldInvalid with
    the column of an address that is none, UnknownTerm for a use that there is not.
    """
    tenant = lock_tenant(tx)
    policy = _changed(tenant.mail, change)
    if policy == tenant.mail:
        return policy
    change_tenant(tx, replace(tenant, mail=policy))
    data: dict[str, object] = {
        # Books keep this for ever: that an address was changed, not whose it is.
        "mail": _told(policy),
        "old": _told(tenant.mail),
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
    return policy


def mail_policy_record(policy: MailPolicy) -> dict[str, object]:
    """Every field of a policy as JSON has it; an empty address is null."""
    return {
        "sender": policy.sender_email or None,
        "senderName": policy.sender_name or None,
        "replyTo": policy.reply_to or None,
        "bouncesTo": policy.bounces_to or None,
        "off": sorted(use.value for use in policy.off),
        "cardDays": policy.card_days,
    }


def mail_use(text: str, *, field: str) -> MailUse:
    """The use of that name in either case; raises UnknownTerm."""
    name = text.strip().upper().replace("-", "_")
    if name not in tuple(MailUse):
        raise UnknownTerm(
            f"there are no mails for “{shortened(text)}”",
            place=field,
            mend=f"Uses: {', '.join(MailUse)}",
        )
    return MailUse(name)


def _changed(known: MailPolicy, change: MailChange) -> MailPolicy:
    days = known.card_days if change["card_days"] is None else change["card_days"]
    if not 1 <= days <= _MOST_DAYS:
        raise FieldInvalid(f"{days} is not 1 to {_MOST_DAYS}", place="cardDays")
    name = change["sender_name"]
    off, on = _uses(change["off"], "off"), _uses(change["on"], "on")
    if both := off & on:
        raise FieldInvalid(f"{', '.join(sorted(both))} cannot be both on and off", place="off")
    return MailPolicy(
        _address(change["sender"], known.sender_email, "sender"),
        known.sender_name if name is None else checked_name(name, field="senderName"),
        _address(change["reply_to"], known.reply_to, "replyTo"),
        _address(change["bounces_to"], known.bounces_to, "bouncesTo"),
        (known.off | off) - on,
        days,
    )


def _address(given: str | None, known: str, field: str) -> str:
    if given is None:
        return known
    return checked_address(given.strip(), field=field) if given.strip() else ""


def _uses(texts: Iterable[str], field: str) -> frozenset[MailUse]:
    return frozenset(mail_use(text, field=field) for text in texts)


def _told(policy: MailPolicy) -> dict[str, object]:
    record = mail_policy_record(policy)
    own = ("sender", "senderName", "replyTo", "bouncesTo")
    return {**record, **{name: record[name] is not None for name in own}}
