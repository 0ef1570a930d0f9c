"""Who gets a mail: whom the contracts name, else whom the customer names (F017, F085, F126)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.mail_addresses import checked_address
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.outbox_terms import TO_TENANT, MailUse
from faktura.kernel.terms import RecipientUse

RECIPIENT_USES: Mapping[MailUse, RecipientUse] = {
    MailUse.INVOICE: RecipientUse.INVOICE,
    MailUse.CORRECTION: RecipientUse.INVOICE,
    MailUse.CREDIT_NOTE: RecipientUse.INVOICE,
    MailUse.PAYMENT_FAILED: RecipientUse.PAYMENT,
    MailUse.CHARGEBACK: RecipientUse.PAYMENT,
    MailUse.CARD_EXPIRING: RecipientUse.PAYMENT,
    MailUse.PORTAL_ACCESS: RecipientUse.PAYMENT,
    MailUse.DUNNING: RecipientUse.DUNNING,
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """Addresses as servers take them, each once, and those that no server could take."""

    usable: tuple[str, ...]
    refused: tuple[FieldInvalid, ...]


def recipients_of(use: MailUse, customer: Customer, contracts: Sequence[Contract]) -> Addressed:
    """Whom a mail of that use about these contracts goes to; of a customer's own affairs no contract's.

    Each contract has its own recipients of the use, else the customer's, else the customer's own
    address; a document of several contracts goes to all of theirs, to nobody twice.
    """
    if use in TO_TENANT:
        raise ValueError(f"{use} is written to the tenant")
    kind = RECIPIENT_USES[use]
    found: list[str] = []
    for contract in contracts:
        named = [one.email for one in contract.recipients if one.use is kind]
        found += named or customer.recipients_for(kind)
    return addressed(found or customer.recipients_for(kind))


def addressed(texts: Iterable[str]) -> Addressed:
    """These addresses as servers take them, in their order, each once whatever its capitals."""
    usable: dict[str, str] = {}
    refused: list[FieldInvalid] = []
    for text in dict.fromkeys(texts):
        try:
            address = checked_address(text, field="recipient")
        except FieldInvalid as error:
            refused.append(error)
        else:
            usable.setdefault(address.casefold(), address)
    return Addressed(tuple(usable.values()), tuple(refused))
