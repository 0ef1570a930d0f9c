"""What mails are written from, read for many of them at once: customers, documents, contracts, links."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast
from uuid import UUID

from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.mails import Mail
from faktura.domain.tenants import Tenant
from faktura.kernel.outbox_terms import TO_TENANT, MailState, MailUse
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services.dunning_texts import notice_values
from faktura.services.mail_texts import MailText, text_for
from faktura.services.pay_links import links_for, pay_path
from faktura.store.contracts import read_contracts
from faktura.store.customers import read_customers_by_id
from faktura.store.document_contracts import contracts_of_documents
from faktura.store.mail_documents import (
    DocumentHead,
    document_ids_of,
    notice_snapshots,
    read_heads,
)
from faktura.store.mails import read_mails
from faktura.store.payment_means import means_of_customers
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

Values = Mapping[str, object]
# Whose it is, how it pays, and the contract that it is for alone.
_Saved: TypeAlias = tuple[UUID, PaymentMethod, UUID | None]

# Who gets these is told of money that may be paid at once.
_PAYABLE = frozenset({MailUse.INVOICE, MailUse.PAYMENT_FAILED, MailUse.CHARGEBACK})
_BY_PAPER = frozenset({PaymentMethod.TRANSFER, PaymentMethod.SEPA_DEBIT})
_METHOD_PAGES = frozenset({MailUse.PORTAL_ACCESS, MailUse.CARD_EXPIRING})


@dataclass(frozen=True, slots=True)
class Gathered:
    """Mails to write, with all that they may speak of; texts by use and language asked for.

    `links` are addresses of pay pages by document, none where nobody knows our own address.
    `reminded` are the documents that a dunning notice reminds of, `saved` what customers have saved
    to pay with.
    """

    tenant: Tenant
    mails: tuple[Mail, ...]
    customers: Mapping[UUID, Customer]
    documents: Mapping[UUID, DocumentHead]
    contracts: Mapping[str, Contract]
    billed: Mapping[UUID, tuple[str, ...]]
    links: Mapping[UUID, str]
    notices: Mapping[UUID, Values]
    reminded: Mapping[UUID, tuple[UUID, ...]]
    saved: frozenset[_Saved]
    texts: Mapping[tuple[MailUse, str], MailText]

    def customer_of(self, mail: Mail) -> Customer | None:
        """Whom it is about; None for the tenant's own affairs."""
        return None if mail.customer_id is None else self.customers.get(mail.customer_id)

    def contracts_of(self, mail: Mail) -> list[Contract]:
        """The contracts that it is about, by number."""
        numbers = _named(mail)
        for document_id in self.documents_of(mail):
            numbers |= set(self.billed.get(document_id, ()))
        return [self.contracts[number] for number in sorted(numbers) if number in self.contracts]

    def documents_of(self, mail: Mail) -> tuple[UUID, ...]:
        """The documents that it is about."""
        notice = notice_of(mail)
        if notice is not None:
            return self.reminded.get(notice, ())
        return () if mail.document_id is None else (mail.document_id,)

    def language_of(self, mail: Mail) -> str:
        """The language it is written in: the customer's, or the tenant's."""
        return language_of(self.tenant, mail, self.customers)

    def is_collected(self, head: DocumentHead) -> bool:
        """Whether we collect it: a debit by its mandate, all else with what the customer has saved.

        Before they have saved anything, they pay on the document's page: nobody does it for them.
        """
        method = PaymentMethod(str(head.snapshot["paymentMethod"]))
        if method in _BY_PAPER:
            return method is PaymentMethod.SEPA_DEBIT
        only = None if head.contract is None else self.contracts.get(head.contract)
        ways = {None, None if only is None else only.id}
        return any((head.customer_id, method, of) in self.saved for of in ways)

    def link_of(self, mail: Mail) -> str:
        """Where its only document is paid; empty where it has several, or nothing is open."""
        documents = self.documents_of(mail)
        return self.links.get(documents[0], "") if len(documents) == 1 else ""


def gather(tx: Tx, mail_ids: Collection[UUID], public_url: str | None) -> Gathered:
    """Read what those of these mails are written from that wait and are not written yet.

    Pay links are made where there are none, so the transaction writes.
    """
    tenant = read_tenant(tx)
    mails = tuple(
        one
        for one in read_mails(tx, mail_ids)
        if one.state is MailState.WAITING and one.message is None
    )
    customers = read_customers_by_id(tx, {one.customer_id for one in mails if one.customer_id})
    notices = _notices(tx, mails)
    reminded = _reminded(tx, notices)
    about = {one.document_id for one in mails if one.document_id}
    documents = read_heads(tx, about.union(*reminded.values()))
    billed = _billed(tx, documents)
    named = {number for one in mails for number in _named(one)}
    linked = _linked(mails, documents) | {
        ids[0] for ids in reminded.values() if len(ids) == 1 and documents[ids[0]].open.minor > 0
    }
    return Gathered(
        tenant,
        mails,
        customers,
        documents,
        {one.number: one for one in read_contracts(tx, sorted(named.union(*billed.values())))},
        billed,
        {} if public_url is None else _links(tx, linked, public_url),
        notices,
        reminded,
        _saved(tx, mails, documents),
        _texts(tx, {(one.use, language_of(tenant, one, customers)) for one in mails}),
    )


def notice_of(mail: Mail) -> UUID | None:
    """The dunning notice that it brings; a trial brings none."""
    named = mail.given.get("notice")
    return UUID(str(named)) if mail.use is MailUse.DUNNING and named is not None else None


def language_of(tenant: Tenant, mail: Mail, customers: Mapping[UUID, Customer]) -> str:
    """The language it is written in: that of whom it goes to; a trial names its own."""
    if "language" in mail.given:
        return str(mail.given["language"])
    customer = None if mail.customer_id is None else customers.get(mail.customer_id)
    return tenant.language if customer is None or mail.use in TO_TENANT else customer.language


def _notices(tx: Tx, mails: Sequence[Mail]) -> dict[UUID, Values]:
    wanted = {notice for one in mails if (notice := notice_of(one)) is not None}
    return {key: notice_values(one) for key, one in notice_snapshots(tx, wanted).items()}


def _reminded(tx: Tx, notices: Mapping[UUID, Values]) -> dict[UUID, tuple[UUID, ...]]:
    numbers = {
        key: [str(one["number"]) for one in cast("list[Values]", values["invoices"])]
        for key, values in notices.items()
    }
    ids = document_ids_of(tx, {number for own in numbers.values() for number in own})
    return {key: tuple(ids[number] for number in own) for key, own in numbers.items()}


def _named(mail: Mail) -> set[str]:
    contracts = mail.given.get("contracts")
    return {str(one) for one in contracts} if isinstance(contracts, list) else set()


def _billed(tx: Tx, documents: Mapping[UUID, DocumentHead]) -> dict[UUID, tuple[str, ...]]:
    several = contracts_of_documents(
        tx, [one.id for one in documents.values() if one.contract is None]
    )
    found = {key: tuple(one.number for one in own) for key, own in several.items()}
    found |= {one.id: (one.contract,) for one in documents.values() if one.contract is not None}
    return found


def _linked(mails: Sequence[Mail], documents: Mapping[UUID, DocumentHead]) -> set[UUID]:
    found = set()
    for one in mails:
        head = None if one.document_id is None else documents.get(one.document_id)
        if head is None:
            continue
        if one.use in _METHOD_PAGES or (one.use in _PAYABLE and head.open.minor > 0):
            found.add(head.id)
    return found


def _saved(
    tx: Tx, mails: Sequence[Mail], documents: Mapping[UUID, DocumentHead]
) -> frozenset[_Saved]:
    """What customers have saved to pay with that can be used, where an invoice depends on it."""
    billed = {one.document_id for one in mails if one.use is MailUse.INVOICE}
    payers = {
        one.customer_id
        for one in documents.values()
        if one.id in billed and one.snapshot["paymentMethod"] not in _BY_PAPER
    }
    return frozenset(
        (customer_id, one.method, one.contract_id)
        for customer_id, means in means_of_customers(tx, payers).items()
        for one in means
        if one.state is MeansState.ACTIVE and one.instance is not None
    )


def _links(tx: Tx, documents: Collection[UUID], public_url: str) -> dict[UUID, str]:
    if not documents:
        return {}
    return {
        one: f"{public_url}{pay_path(token)}" for one, token in links_for(tx, documents).items()
    }


def _texts(tx: Tx, wanted: Collection[tuple[MailUse, str]]) -> dict[tuple[MailUse, str], MailText]:
    return {(use, language): text_for(tx, use, language) for use, language in sorted(wanted)}
