"""What collects a document: account and means, or a reason in words a clerk understands (P43, O18)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from faktura.domain.mandates import MandateDetails
from faktura.domain.means_choice import (
    Chosen,
    Debtor,
    NotCollectable,
    Owed,
    Terms,
    choose_one,
    method_of,
)
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import MandateScheme, MeansState, ProviderState
from faktura.kernel.terms import PaymentMethod

CARD, DEBIT, PAYPAL = PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT, PaymentMethod.PAYPAL
TRANSFER = PaymentMethod.TRANSFER
OURS = "DE98ZZZ09999999999"
ON = date(2026, 11, 10)
ADOPT = (
    "mandate M-1 is not taken over for creditor id DE98ZZZ09999999999: faktura payments mandates"
    " adopt"
)
CUSTOMER, V1, V2, DOC = (UUID(int=no) for no in (1, 2, 3, 4))
OWED = Owed(DOC, CUSTOMER, Money(3_570, "EUR"), ((V1, None),))
SHOP = PaymentAccount("shop", "stripe", frozenset({CARD, PAYPAL}), frozenset({"EUR"}))
HOUSE = PaymentAccount("house", "sepa", frozenset({DEBIT}), frozenset({"EUR"}))
LIMITS = {
    "shop": AccountLimits(
        frozenset({CARD, PAYPAL}),
        frozenset({"EUR"}),
        {"EUR": Money(50, "EUR")},
        {"EUR": Money(99_999_999, "EUR")},
    ),
    "house": AccountLimits(
        frozenset({DEBIT}), frozenset({"EUR"}), takes_b2b=True, files_debits=True
    ),
}


def means(no: int, **changes: Any) -> PaymentMeans:
    """A card at the shop that was saved on that day of November."""
    saved = PaymentMeans(
        UUID(int=100 + no),
        CUSTOMER,
        CARD,
        f"tok{no}",
        f"Visa {no}",
        datetime(2026, 11, no, tzinfo=UTC),
        instance="shop",
    )
    return replace(saved, **changes)


def mandate(reference: str = "M-1", **changes: Any) -> PaymentMeans:
    """A mandate of ours, signed in September."""
    details = MandateDetails(date(2026, 9, 1), "DE75512108001245126199", "Jo")
    own = {"scheme", "confirmed_on", "signed_on"}
    said = {name: value for name, value in changes.items() if name in own}
    base = means(
        1,
        method=DEBIT,
        reference=reference,
        instance=None,
        creditor_id=OURS,
        details=MeansDetails(mandate=replace(details, **said)),
    )
    return replace(base, **{name: value for name, value in changes.items() if name not in own})


def card_holder(*saved: PaymentMeans) -> Debtor:
    return Debtor(CARD, is_business=True, means=saved)


def debited(*saved: PaymentMeans, named: str | None = "M-1", firm: bool = True) -> Debtor:
    return Debtor(DEBIT, firm, named, saved)


def chosen(
    debtor: Debtor, owed: Owed = OWED, *, accounts=(HOUSE, SHOP), limits=LIMITS
) -> Chosen | NotCollectable:
    return choose_one(owed, debtor, Terms(accounts, limits, OURS, ON))


def reason(debtor: Debtor, owed: Owed = OWED, **changes: Any) -> str:
    found = chosen(debtor, owed, **changes)
    assert isinstance(found, NotCollectable)
    assert found.document_id == DOC
    return found.reason


def test_the_newest_active_means_of_the_method_collects():
    """The one that somebody made the default counts as the newest from then on."""
    old, new = means(1), means(2)
    preferred = replace(old, details=MeansDetails(preferred_at=datetime(2026, 11, 9, tzinfo=UTC)))

    assert chosen(card_holder(old, new)) == Chosen(DOC, SHOP, new, CARD)
    assert chosen(card_holder(preferred, new)) == Chosen(DOC, SHOP, preferred, CARD)
    assert chosen(card_holder(new, means(3, method=PAYPAL))) == Chosen(DOC, SHOP, new, CARD)


def test_what_cannot_be_used_is_passed_over_while_another_one_can():
    suspended = means(3, state=MeansState.SUSPENDED, reason="stolen")
    expired = means(4, expires_on=date(2026, 11, 9))
    last_day = means(2, expires_on=ON)

    assert chosen(card_holder(last_day, suspended, expired)) == Chosen(DOC, SHOP, last_day, CARD)
    assert reason(card_holder(suspended)) == "Visa 3 is suspended: stolen"
    assert chosen(card_holder(suspended, expired)) == Chosen(DOC, SHOP, expired, CARD)
    assert reason(card_holder(means(1, state=MeansState.SUSPENDED))) == "Visa 1 is suspended"


def test_a_contracts_own_means_beats_the_customers_and_nothing_else_stands_in_for_it():
    """Whoever chose a card for a contract wants no other one charged for it."""
    customers, own = means(5), means(1, contract_id=V1)
    others = means(6, contract_id=V2)
    lost = replace(own, state=MeansState.SUSPENDED, reason="lost")
    forgotten = replace(own, state=MeansState.GONE)

    assert chosen(card_holder(customers, own, others)) == Chosen(DOC, SHOP, own, CARD)
    assert reason(card_holder(customers, lost)) == "Visa 1 is suspended: lost"
    assert chosen(card_holder(customers, forgotten)) == Chosen(DOC, SHOP, customers, CARD)
    assert reason(card_holder(others)) == "no card is saved at payment account shop"


def test_a_document_of_several_contracts_is_collected_by_the_customers_means():
    both = replace(OWED, contracts=((V1, None), (V2, None)))

    assert chosen(card_holder(means(1), means(2, contract_id=V1)), both) == Chosen(
        DOC, SHOP, means(1), CARD
    )


@pytest.mark.parametrize(
    ("named", "method"),
    [((), CARD), ((None,), CARD), ((PAYPAL,), PAYPAL), ((PAYPAL, PAYPAL), PAYPAL),
     ((PAYPAL, None), CARD), ((TRANSFER, PAYPAL), CARD), ((CARD, None), CARD)],
)  # fmt: skip
def test_a_contracts_method_counts_where_all_contracts_agree(named, method):
    contracts = tuple((UUID(int=no), own) for no, own in enumerate(named))

    assert method_of(replace(OWED, contracts=contracts), card_holder()) is method


def test_a_transfer_is_the_customers_own_act():
    found = chosen(Debtor(TRANSFER, is_business=True))

    assert found == NotCollectable(DOC, "it is paid by transfer", TRANSFER)


def test_what_no_account_serves_is_said():
    dollars = replace(OWED, amount=Money(100, "USD"))

    assert reason(card_holder(means(1)), accounts=(HOUSE,)) == "no payment account serves CARD"
    assert reason(card_holder(means(1)), dollars) == "shop collects no USD by CARD"


def test_a_paused_account_is_said_unless_another_one_collects():
    paused = replace(SHOP, state=ProviderState.PAUSED, problem="moving")
    broken = replace(SHOP, instance="old", state=ProviderState.BROKEN)

    assert reason(card_holder(means(1)), accounts=(paused,)) == (
        "payment account shop is PAUSED: moving"
    )
    assert reason(card_holder(means(1)), accounts=(broken,)) == "payment account old is BROKEN"
    assert chosen(card_holder(means(1)), accounts=(broken, SHOP)) == Chosen(
        DOC, SHOP, means(1), CARD
    )


def test_what_the_adapter_cannot_do_now_is_said():
    """Settings may have changed since the account was set up."""
    holder = card_holder(means(1))
    of_shop = LIMITS["shop"]

    assert reason(holder, limits={}) == (
        "payment account shop cannot be used: its plugin or a setting is missing"
    )
    assert reason(holder, limits={"shop": replace(of_shop, methods=frozenset({PAYPAL}))}) == (
        "stripe cannot collect by CARD with the settings of shop"
    )
    assert reason(holder, limits={"shop": replace(of_shop, currencies=frozenset({"CHF"}))}) == (
        "stripe cannot collect EUR with the settings of shop"
    )
    anything = AccountLimits(frozenset({CARD}))
    assert isinstance(chosen(holder, limits={"shop": anything}), Chosen)


@pytest.mark.parametrize(
    ("minor", "problem"),
    [
        (49, "0.49 EUR is less than the 0.50 EUR that stripe collects at least"),
        (50, None),
        (99_999_999, None),
        (100_000_000, "1000000.00 EUR is more than the 999999.99 EUR that stripe collects at most"),
    ],
)
def test_the_providers_smallest_and_largest_amounts_are_inclusive(minor, problem):
    found = chosen(card_holder(means(1)), replace(OWED, amount=Money(minor, "EUR")))

    assert getattr(found, "reason", None) == problem


def test_a_means_at_another_account_is_not_charged_here():
    elsewhere = means(1, instance="old")

    assert reason(card_holder(elsewhere)) == (
        "no card is saved at payment account shop, only at old"
    )
    assert reason(card_holder(means(1, state=MeansState.GONE))) == (
        "no card is saved at payment account shop"
    )
    nameless = means(1, label="", state=MeansState.SUSPENDED)
    assert reason(card_holder(nameless)) == "card is suspended"


def test_our_bank_collects_by_the_mandate_that_the_invoice_announces():
    """Whatever is newer: P41 wants the announced one. SEPA knows no case."""
    named = mandate("m-1")

    assert chosen(debited(mandate("M-2"), named)) == Chosen(DOC, HOUSE, named, DEBIT)


@pytest.mark.parametrize(
    ("debtor", "problem"),
    [
        (debited(named=None), "the customer has no SEPA mandate"),
        (debited(mandate(creditor_id="AT61ZZZ01234567890")),
         ADOPT),
        (debited(mandate(state=MeansState.SUSPENDED, reason="AC04")),
         "mandate M-1 is suspended: AC04"),
        (debited(mandate(state=MeansState.GONE, reason="revoked")), "mandate M-1 is gone: revoked"),
        (debited(mandate(signed_on=date(2023, 11, 9))),
         "mandate M-1 expired on 2026-11-09: it was not used for 36 months"),
        (debited(mandate(scheme=MandateScheme.B2B)),
         "mandate M-1 is not confirmed at the debtor's bank yet (B2B)"),
        (debited(mandate(scheme=MandateScheme.B2B, confirmed_on=ON), firm=False),
         "mandate M-1 is a B2B mandate, and the customer is a consumer"),
    ],
)  # fmt: skip
def test_a_dead_mandate_is_said(debtor, problem):
    assert reason(debtor) == problem


def test_a_bank_that_takes_no_b2b_is_not_handed_any():
    core = {"house": replace(LIMITS["house"], takes_b2b=False)}
    b2b = mandate(scheme=MandateScheme.B2B, confirmed_on=ON)

    assert reason(debited(b2b), limits=core) == "sepa takes no B2B mandates, as M-1 is one"
    assert isinstance(chosen(debited(b2b)), Chosen)
    assert isinstance(chosen(debited(mandate()), limits=core), Chosen)


def test_a_providers_debit_needs_an_account_saved_there_and_no_mandate_of_ours():
    provider = replace(HOUSE, instance="shop", provider="stripe")
    limits = {"shop": AccountLimits(frozenset({DEBIT}))}
    saved = means(2, method=DEBIT)

    assert chosen(debited(mandate(), saved), accounts=(provider,), limits=limits) == Chosen(
        DOC, provider, saved, DEBIT
    )
    assert reason(debited(mandate()), accounts=(provider,), limits=limits) == (
        "no bank account is saved at payment account shop"
    )


def test_an_account_serves_its_methods_in_its_currencies():
    """None means every currency."""
    anywhere = replace(SHOP, currencies=None)

    assert SHOP.serves(CARD, "EUR")
    assert not SHOP.serves(DEBIT, "EUR")
    assert not SHOP.serves(CARD, "CHF")
    assert anywhere.serves(CARD, "CHF")
