"""Saved means of payment, and what collects a document when there are several (P43)."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.services.company import Company, XRechnung

from faktura.domain.means_choice import Chosen, NotCollectable, Owed
from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.flows.billing import run_billing
from faktura.kernel.errors import Conflict, FieldInvalid, NotFound, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, SavedMeans
from faktura.services.attempts import Run, open_attempts
from faktura.services.choosing_means import choose, owed_of
from faktura.services.payment_accounts import remove_payment_account
from faktura.services.payment_means import (
    allow_again,
    list_means,
    means_gone,
    prefer_means,
    reference_of_means,
    save_means,
    suspend_means,
    update_means,
)
from faktura.store.attempts import read_attempt
from faktura.store.contracts import update_frame
from faktura.store.database import Database
from faktura.store.payable import open_states
from faktura.store.payment_accounts import write_account
from faktura.store.payment_means import find_means, read_means
from faktura.store.tenants import update_tenant

CARD, PAYPAL = PaymentMethod.CARD, PaymentMethod.PAYPAL
SHOP = PaymentAccount("shop", "double", frozenset({CARD, PAYPAL}))
LIMITS = {"shop": AccountLimits(SHOP.methods)}


def a_card(name: str = "tok1", **changes: Any) -> SavedMeans:
    """What a provider says of a card that was saved."""
    reference = MeansReference(reference=name, customer="cus_1", details={"mandate": "m"})
    saved = SavedMeans(
        means=reference,
        method=CARD,
        label="Visa 4242",
        fingerprint="f1",
        expires_on=date(2027, 3, 31),
    )
    return saved.model_copy(update=changes)


class Counter:
    """The company with an account at a provider; its customers leave their cards."""

    def __init__(self, database: Database) -> None:
        self.company = Company(database)
        self.database = database
        self.tenant = self.company.tenant
        self.customer = self.company.customer(payment_method=CARD)
        self.does(write_account, SHOP)

    def does(self, act: Any, *arguments: Any, **named: Any) -> Any:
        """In a transaction of its own."""
        with self.database.write(self.tenant.id) as tx:
            return act(tx, *arguments, **named)

    def saves(self, name: str = "tok1", **named: Any) -> PaymentMeans:
        means: PaymentMeans = self.does(save_means, self.customer.id, "shop", a_card(name), **named)
        return means

    def chosen(self) -> dict[str, UUID | str]:
        """By number of each open document: the means that collects it, or why none does."""
        with self.database.read(self.tenant.id) as tx:
            states = open_states(tx)
            numbers = {state.id: state.number for state in states}
            found = choose(tx, self.tenant, owed_of(tx, states), LIMITS)
        return {
            numbers[one.document_id]: one.means.id if isinstance(one, Chosen) else one.reason
            for one in found
        }


@pytest.fixture
def counter(database: Database) -> Counter:
    return Counter(database)


def test_what_a_provider_says_of_a_saved_means_is_kept(counter):
    """Its token stays with us and is what requests name; saving it again brings it up to date."""
    first = counter.saves()
    again = counter.does(
        save_means, counter.customer.id, "shop", a_card(expires_on=date(2029, 1, 31), label="")
    )

    assert (first.method, first.label, first.fingerprint) == (CARD, "Visa 4242", "f1")
    assert (again.id, again.expires_on) == (first.id, date(2029, 1, 31))
    assert again.label == "Visa 4242"
    assert reference_of_means(again) == MeansReference(
        reference="tok1", customer="cus_1", details={"mandate": "m"}
    )
    with counter.database.read(counter.tenant.id) as tx:
        assert list_means(tx, "K-1") == [again]
        assert find_means(tx, "shop", "tok1") == again
        assert find_means(tx, "other", "tok1") is None


def test_the_provider_changes_what_it_knows_and_nothing_else(counter):
    """A card that was replaced has a new last day; what is none of ours is left alone."""
    saved = counter.saves()

    changed = counter.does(update_means, "shop", a_card(expires_on=date(2030, 6, 30)))
    foreign = counter.does(update_means, "shop", a_card("tok9"))

    assert (changed.id, changed.expires_on) == (saved.id, date(2030, 6, 30))
    assert foreign is None


def test_one_that_is_gone_does_not_come_back_with_a_late_report(counter):
    """Reports come in any order: saved after it was deleted is still deleted (P31)."""
    saved = counter.saves()

    assert counter.does(means_gone, saved.id, "deleted by the customer")
    assert not counter.does(means_gone, saved.id, "again")
    assert not counter.does(suspend_means, saved.id, "AC04")
    late = counter.saves()

    assert (late.id, late.state) == (saved.id, MeansState.GONE)
    with pytest.raises(TransitionRefused, match="is GONE, not suspended"):
        counter.does(allow_again, saved.id)
    with pytest.raises(TransitionRefused, match="is GONE"):
        counter.does(prefer_means, saved.id, None)


def test_a_token_of_another_customer_is_never_charged_to_this_one(counter):
    counter.saves()
    other = counter.company.customer()

    with pytest.raises(Conflict, match="another customer's"):
        counter.does(save_means, other.id, "shop", a_card())
    with pytest.raises(NotFound, match="no payment account"):
        counter.does(save_means, other.id, "nowhere", a_card("tok2"))


def test_a_suspended_means_is_allowed_again_by_a_person(counter):
    saved = counter.saves()
    counter.does(suspend_means, saved.id, "reported stolen")

    active = counter.does(allow_again, saved.id)

    assert (active.state, active.reason) == (MeansState.ACTIVE, None)


def test_the_means_that_is_chosen_collects_from_the_next_collection_on(counter):
    """For one contract, or for all that have none of their own; P43: an attempt keeps its own."""
    contract = counter.company.contract(counter.customer, "A-1")
    run_billing(counter.database, counter.tenant, XRechnung(), date(2026, 10, 1))
    first, second = counter.saves("tok1"), counter.saves("tok2")
    assert counter.chosen() == {"RE-000001": second.id}

    counter.does(prefer_means, first.id, contract.number)
    assert counter.chosen() == {"RE-000001": first.id}
    counter.does(suspend_means, first.id, "lost")
    assert counter.chosen() == {"RE-000001": "Visa 4242 is suspended: lost"}
    counter.does(means_gone, first.id, "forgotten")

    assert counter.chosen() == {"RE-000001": second.id}
    with counter.database.read(counter.tenant.id) as tx:
        assert read_means(tx, first.id).contract_id == contract.id


def test_a_change_while_a_payment_is_under_way_affects_only_the_next_collection(counter):
    """P43: the attempt keeps the request that it was written with, token and all."""
    counter.company.contract(counter.customer, "A-1")
    run_billing(counter.database, counter.tenant, XRechnung(), date(2026, 10, 1))
    with counter.database.read(counter.tenant.id) as tx:
        (state,) = open_states(tx)
    first = counter.saves("tok1")
    run = Run(counter.tenant, date(2026, 10, 15), LIMITS)
    (attempt,) = counter.does(open_attempts, run, [state.id]).attempts
    with pytest.raises(Conflict, match="the payment of RE-000001 over shop is under way"):
        counter.does(remove_payment_account, "shop")

    second = counter.saves("tok2")
    counter.does(means_gone, first.id, "forgotten")
    counter.does(update_means, "shop", a_card("tok1", label="Visa 0005"))

    with counter.database.read(counter.tenant.id) as tx:
        kept = read_attempt(tx, attempt.id)
    assert (kept, kept.means_id) == (attempt, first.id)
    assert json.loads(kept.request)["means"]["reference"] == "tok1"
    assert counter.chosen() == {"RE-000001": second.id}


def test_a_contract_of_another_customer_or_project_is_no_place_for_a_means(counter):
    saved = counter.saves()
    foreign = counter.company.contract(counter.company.customer(), "A-1")
    own = counter.company.contract(counter.customer, "A-2")

    with pytest.raises(FieldInvalid, match="another customer's"):
        counter.does(prefer_means, saved.id, foreign.number)
    with pytest.raises(NotFound):
        counter.does(prefer_means, saved.id, own.number, frozenset())


def test_a_contracts_method_is_read_as_it_is_now(counter):
    """P43: whatever was printed, the next collection goes by what is set now."""
    contract = counter.company.contract(counter.customer, "A-1")
    run_billing(counter.database, counter.tenant, XRechnung(), date(2026, 10, 1))
    saved = counter.saves()

    assert counter.chosen() == {"RE-000001": saved.id}
    counter.does(update_frame, replace(contract, payment_method=PaymentMethod.TRANSFER))
    assert counter.chosen() == {"RE-000001": "it is paid by transfer"}
    counter.does(update_frame, replace(contract, payment_method=PAYPAL))
    assert counter.chosen() == {"RE-000001": "no PayPal agreement is saved at payment account shop"}


def test_a_collective_invoice_is_collected_as_the_customer_pays(counter):
    """Two contracts on one invoice: the means of one of them does not pay for both."""
    collective = replace(counter.tenant, collective_invoices=True)
    counter.does(update_tenant, collective)
    first = counter.company.contract(counter.customer, "A-1")
    counter.company.contract(replace(counter.customer, number="K-1b"), "A-2")
    run_billing(counter.database, collective, XRechnung(), date(2026, 10, 1))
    own = counter.saves("tok1", contract_id=first.id)
    shared = counter.saves("tok2")

    assert counter.chosen() == {"RE-000001": shared.id}
    assert own.contract_id == first.id


def test_what_is_owed_to_nobody_known_is_not_guessed(counter):
    """A document of no contract, such as an opening item, is collected as its customer pays."""
    owed = Owed(UUID(int=7), counter.customer.id, Money(100, "EUR"))
    saved = counter.saves()

    with counter.database.read(counter.tenant.id) as tx:
        (found,) = choose(tx, counter.tenant, [owed], LIMITS)
        (unable,) = choose(tx, counter.tenant, [owed], {})

    assert isinstance(found, Chosen)
    assert found.means == saved
    assert isinstance(unable, NotCollectable)
    assert unable.method is CARD


def test_another_tenants_means_is_not_found(counter):
    saved = counter.saves()
    other = Company(counter.database, replace(counter.company.tenant, key="other", id=0))

    with counter.database.write(other.tenant.id) as tx:
        write_account(tx, SHOP)
        assert find_means(tx, "shop", "tok1") is None
        assert update_means(tx, "shop", a_card()) is None
        for act in (suspend_means, means_gone):
            with pytest.raises(NotFound):
                act(tx, saved.id, "stolen")
        with pytest.raises(NotFound):
            prefer_means(tx, saved.id, None)
