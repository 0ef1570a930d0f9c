"""Who gets a mail of each use (F017, F085, F126)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.services.company import MONTHLY

from faktura.domain.addresses import Address
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer, Recipient
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.terms import ContractKind, ContractState, RecipientUse
from faktura.services.mail_recipients import addressed, recipients_of

ID = UUID(int=1)
DUN, PAY = RecipientUse.DUNNING, RecipientUse.PAYMENT
CUSTOMER = Customer(
    ID,
    "K-1",
    "Kunde GmbH",
    is_business=True,
    address=Address("Hauptstr. 1", "20095", "Hamburg"),
    debtor_account="10001",
    email="own@example.com",
    recipients=(Recipient("bills@example.com"), Recipient("dun@example.com", DUN)),
)
CONTRACT = Contract(
    ID, "V-1", ID, ID, ContractKind.SUBSCRIPTION, ContractState.ACTIVE, date(2026, 10, 1),
    MONTHLY, date(2026, 10, 1),
)  # fmt: skip
NAMED = replace(
    CONTRACT, number="V-2", recipients=(Recipient("two@example.com"), Recipient("p@x.example", PAY))
)


@pytest.mark.parametrize(
    ("use", "contracts", "to"),
    [
        (MailUse.INVOICE, [], ("bills@example.com",)),
        (MailUse.INVOICE, [CONTRACT], ("bills@example.com",)),
        (MailUse.INVOICE, [NAMED], ("two@example.com",)),
        (MailUse.INVOICE, [CONTRACT, NAMED], ("bills@example.com", "two@example.com")),
        (MailUse.CREDIT_NOTE, [NAMED, NAMED], ("two@example.com",)),
        (MailUse.DUNNING, [NAMED], ("dun@example.com",)),
        (MailUse.CHARGEBACK, [CONTRACT], ("own@example.com",)),
        (MailUse.PAYMENT_FAILED, [NAMED], ("p@x.example",)),
        (MailUse.CARD_EXPIRING, [], ("own@example.com",)),
    ],
)
def test_the_contracts_own_come_first_then_the_customers_of_that_use(
    use: MailUse, contracts: list[Contract], to: tuple[str, ...]
):
    """Else the customer's own address; several contracts share one document and all of theirs get it."""
    assert recipients_of(use, CUSTOMER, contracts).usable == to


def test_nobody_gets_a_mail_twice():
    """Capitals are the same, and so are the two spellings of a domain."""
    found = addressed(
        ["Own@Example.com", "own@example.com", "a@bücher.example", "a@xn--bcher-kva.example"]
    )

    assert found.usable == ("Own@example.com", "a@xn--bcher-kva.example")


def test_what_no_server_takes_is_told_apart():
    """Nothing is left out silently."""
    found = addressed(["own@example.com", "no address"])

    assert found.usable == ("own@example.com",)
    assert [error.place for error in found.refused] == ["recipient, column 10"]


def test_the_tenants_own_affairs_have_no_customers_recipients():
    """Whoever asks for them has mixed something up."""
    with pytest.raises(ValueError, match="written to the tenant"):
        recipients_of(MailUse.WEBHOOK_DISABLED, CUSTOMER, [])
