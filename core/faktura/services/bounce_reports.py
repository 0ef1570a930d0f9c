"""Bringing in mails that came back: found by their envelope or message id, kept, told of."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from faktura.domain.mail_bounces import BounceReport
from faktura.domain.mail_outcomes import Refusal
from faktura.kernel.errors import NotFound
from faktura.services.mail_bounces import note_bounces
from faktura.store.mail_bounces import mails_of
from faktura.store.mails import lock_mail
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """The mail that a report is about, and how many of its addresses were not known as refused."""

    mail_id: UUID
    addresses: int
    new: int


def bring_in(tx: Tx, report: BounceReport) -> BroughtIn:
    """Keep what a report says of a mail of ours; a second time it adds nothing.

    The envelope counts before message ids. An address that the mail did not go to, as behind a
    forwarding, stands for the only one it went to. Raises NotFound for a report about no mail of ours.
    """
    found = sorted(mails_of(tx, report.mail_ids, ())) or sorted(
        mails_of(tx, (), report.message_ids)
    )
    if not found:
        raise NotFound(
            "no mail of this tenant came back there",
            place="bounce",
            mend="Look for its Message-ID with: faktura mails list --json",
        )
    mail = lock_mail(tx, found[0])
    sent_to = () if mail.message is None else mail.message.recipients
    refusals = _of_mail(report.refusals, sent_to)
    return BroughtIn(mail.id, len(refusals), note_bounces(tx, {mail.id: refusals}))


def _of_mail(refusals: Iterable[Refusal], sent_to: tuple[str, ...]) -> list[Refusal]:
    known = {one.casefold(): one for one in sent_to}
    only = sent_to[0] if len(sent_to) == 1 else None
    return [
        replace(one, recipient=known.get(one.recipient.casefold(), only or one.recipient))
        for one in refusals
    ]
