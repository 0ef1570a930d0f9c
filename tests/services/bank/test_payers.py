"""Who pays from which account: what people taught, what is forgotten, what mandates and names say."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, moved, statement

from faktura.domain.mandates import MandateDetails, account_fingerprint, account_label
from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.store.payers import (
    account_key,
    forget_payer,
    learn_payer,
    mandate_payers,
    names_that_owe,
    payers_of,
)
from faktura.store.payment_means import write_means
from faktura.store.transaction import Tx

PAYER = "DE02500105170137075030"
T = TypeVar("T")


class Book:
    """The scene with one movement of 1.00 that waits; what it teaches is written and read."""

    def __init__(self, scene: BankScene) -> None:
        self.scene = scene
        scene.upload(statement(moved("1.00", source_ref="1"), moved("2.00", source_ref="2")))
        self.first, self.second = [one.id for one in scene.movements()]
        self.customers = [customer.id for customer in scene.customers]

    def do(self, act: Callable[[Tx], T]) -> T:
        with self.scene.database.write(self.scene.tenant.id) as tx:
            return act(tx)

    def learn(self, iban: str | None, customer_id: UUID, movement_id: UUID) -> None:
        self.do(lambda tx: learn_payer(tx, iban, customer_id, movement_id))

    def known(self, iban: str = PAYER) -> set[UUID]:
        return self.do(lambda tx: payers_of(tx, [iban])).get(account_key(iban), set())


@pytest.fixture
def book(scene: BankScene) -> Book:
    return Book(scene)


def test_a_confirmed_payer_is_known_however_the_account_is_written(book: Book) -> None:
    """Banking 4.2: account -> customer; blanks and case are no part of it."""
    book.learn("de02 5001 0517 0137 0750 30", book.customers[0], book.first)

    assert book.known() == {book.customers[0]}
    assert book.known("DE02 5001 0517 0137 0750 30") == {book.customers[0]}
    assert book.known(IBAN) == set()


def test_one_account_may_pay_for_several_customers(book: Book) -> None:
    """A holding pays for its daughters: both stay candidates, none is certain."""
    book.learn(PAYER, book.customers[0], book.first)
    book.learn(PAYER, book.customers[1], book.second)

    assert book.known() == {book.customers[0], book.customers[1]}


def test_a_confirmation_that_is_taken_back_is_forgotten_with_what_it_taught(book: Book) -> None:
    """The other confirmation stays."""
    book.learn(PAYER, book.customers[0], book.first)
    book.learn(PAYER, book.customers[1], book.second)

    book.do(lambda tx: forget_payer(tx, book.second))

    assert book.known() == {book.customers[0]}


def test_what_was_known_before_stays_when_a_later_confirmation_of_it_is_taken_back(
    book: Book,
) -> None:
    """The first one taught it."""
    book.learn(PAYER, book.customers[0], book.first)
    book.learn(PAYER, book.customers[0], book.second)

    book.do(lambda tx: forget_payer(tx, book.second))

    assert book.known() == {book.customers[0]}


@pytest.mark.parametrize("iban", [None, "", "  ", "X" * 35])
def test_money_without_an_account_teaches_nothing(book: Book, iban: str | None) -> None:
    """Cash, or a bank that names no account; no account number is longer than 34."""
    book.learn(iban, book.customers[0], book.first)

    assert book.scene.count("payer_account") == 0


def mandate(customer_id: UUID, number: int, iban: str, state: MeansState) -> PaymentMeans:
    return PaymentMeans(
        UUID(int=number),
        customer_id,
        PaymentMethod.SEPA_DEBIT,
        f"M-{number}",
        account_label(iban),
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        state=state,
        fingerprint=account_fingerprint(iban),
        creditor_id="DE98ZZZ09999999999",
        details=MeansDetails(mandate=MandateDetails(date(2026, 1, 2), iban, "Kunde")),
    )


def test_a_mandate_says_whose_account_it_is_while_it_is_active(book: Book) -> None:
    """Revoked ones say nothing any more."""
    one, two, _ = book.customers
    book.do(
        lambda tx: write_means(
            tx,
            [
                mandate(one, 1, PAYER, MeansState.ACTIVE),
                mandate(two, 2, IBAN, MeansState.GONE),
            ],
        )
    )

    assert book.do(mandate_payers) == {account_fingerprint(PAYER): {one}}


def test_only_customers_who_owe_are_known_by_name(book: Book) -> None:
    """35.70 of the first is paid: of three customers two still owe."""
    book.scene.upload(statement(moved("35.70", "RE-000001")), name="paid.txt")

    known = {customer_id for customer_id, _ in book.do(names_that_owe)}
    assert known == set(book.customers[1:])
