"""What a tenant decides about its mails: who they come from, where answers go, which are sent (F127)."""

from dataclasses import dataclass, field

from faktura.kernel.outbox_terms import MailUse


@dataclass(frozen=True, slots=True)
class MailPolicy:
    """How mails are sent from now on; an empty address means that of the tenant's contact.

    `sender_email` and `sender_name` stand in From, `reply_to` in Reply-To. `bounces_to` is the
    envelope's sender: where servers report what they cannot deliver. Mails of a use in `off` are not
    written. `card_days` is how many days ahead a customer hears that a card expires.
    """

    sender_email: str = ""
    sender_name: str = ""
    reply_to: str = ""
    bounces_to: str = ""
    off: frozenset[MailUse] = field(default_factory=frozenset)
    card_days: int = 30
