"""Keeping which addresses did not take a mail, and telling of it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.events import Event, EventType
from faktura.domain.mail_outcomes import Refusal
from faktura.kernel.contract_terms import TaskKind
from faktura.services.outbox import announce
from faktura.store.events import next_sequences
from faktura.store.facts import Facts, write_facts
from faktura.store.mail_bounces import keep_refusals
from faktura.store.mail_sending import MailOwner, owners
from faktura.store.tasks import ask_each
from faktura.store.transaction import Tx

MAIL = "mail"


def note_bounces(tx: Tx, refused: Mapping[UUID, Sequence[Refusal]]) -> int:
    """Keep refused addresses of mails, with a MAIL_BOUNCED each and one open task a customer.

    The caller has the mails locked. What was known stays, and nobody is told of it again. The event
    names the mail, not the address: events are kept for ever. Gives how many are new.
    """
    new = keep_refusals(tx, {one: refusals for one, refusals in refused.items() if refusals})
    if not new:
        return 0
    known = owners(tx, {mail_id for mail_id, _ in new})
    numbers = next_sequences(tx, sorted(known))
    events = []
    for mail_id, refusal in new:
        events.append(_event(known[mail_id], refusal, numbers[mail_id]))
        numbers[mail_id] += 1
    ask_each(tx, TaskKind.MAIL_BOUNCED, dict(_task(known[one], no) for one, no in reversed(new)))
    announce(tx, write_facts(tx, Facts(events=events)))
    return len(new)


def _event(owner: MailOwner, refusal: Refusal, sequence: int) -> Event:
    data: dict[str, object] = {
        "mail": str(owner.mail_id),
        "use": owner.use.value,
        "kind": refusal.kind.value,
        "status": refusal.status,
    }
    if owner.number:
        data["customerNumber"] = owner.number
    return Event(EventType.MAIL_BOUNCED, MAIL, owner.mail_id, sequence, data)


def _task(owner: MailOwner, refusal: Refusal) -> tuple[str, str]:
    subject = f"customer {owner.number}" if owner.number else "mails to the tenant"
    return subject, (
        f"An address did not take a mail ({owner.use}, {refusal.kind}, {refusal.status}):"
        f" look with faktura mails bounces list --mail {owner.mail_id}, and correct the address"
    )
