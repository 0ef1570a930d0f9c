"""Accounts at providers: what could not be collected is refused by day, not at night (O18)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.services.company import Company
from tests.services.payments.refunds import Refunds

from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import (
    Conflict,
    FakturaError,
    FieldInvalid,
    FieldMissing,
    NotFound,
    TransitionRefused,
)
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, RefundAnswer, SavedMeans
from faktura.services.broken_accounts import break_account
from faktura.services.contract_changes import changed_contract
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.services.imports.findings import FieldsRefused
from faktura.services.payment_accounts import (
    add_account,
    check_served,
    pause_account,
    remove_payment_account,
    resume_account,
)
from faktura.services.payment_means import means_gone, save_means
from faktura.services.payment_policies import set_policies
from faktura.store.database import Database
from faktura.store.payment_accounts import account_of, find_account, list_accounts, put_cursor
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.store.tenants import read_tenant, update_tenant

CARD, DEBIT, PAYPAL = PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT, PaymentMethod.PAYPAL
EURO = frozenset({"EUR"})
SHOP = PaymentAccount("shop", "stripe", frozenset({CARD}))
ALL = AccountLimits(frozenset({CARD, PAYPAL, DEBIT}))
IN_EURO = replace(ALL, currencies=EURO)
IN_FRANCS = replace(ALL, currencies=frozenset({"CHF"}))
FILES = AccountLimits(frozenset({DEBIT}), EURO, takes_b2b=True, files_debits=True)
FRANCS_LACK = (
    "CARD is billed in CHF, as contract V-F, which stripe cannot collect with the settings of shop"
)


class Office:
    """The company, its bookkeeper and the accounts at providers."""

    def __init__(self, database: Database) -> None:
        self.company = Company(database)
        self.database = database
        self.tenant = self.company.tenant

    def does(self, act: Any, *arguments: Any, **named: Any) -> Any:
        """In a transaction of its own."""
        with self.database.write(self.tenant.id) as tx:
            return act(tx, *arguments, **named)

    def adds(self, account: PaymentAccount = SHOP, limits: AccountLimits = ALL) -> PaymentAccount:
        added: PaymentAccount = self.does(add_account, account, limits)
        return added

    def refused(self, account: PaymentAccount, limits: AccountLimits) -> tuple[str, str]:
        """What is said of an account that could not collect, with the field."""
        with pytest.raises(FakturaError) as error:
            self.adds(account, limits)
        return error.value.problem, error.value.place

    def franc_contract(self, **changes: Any) -> None:
        """K-1 pays by card; the contract V-F is billed in francs."""
        self.company.customer(payment_method=CARD)
        self.creates("K-1", contractNumber="V-F", currency="CHF", **changes)

    def creates(self, customer: str, **changes: Any) -> Any:
        given = {
            "customerNumber": customer,
            "project": "main",
            "start": "2026-10-01",
            "billingInterval": {"unit": "MONTH"},
            **changes,
        }
        return self.does(create_contract, self.tenant, ContractFields.model_validate(given))


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_an_account_is_kept_with_what_its_adapter_can(office):
    added = office.adds(replace(SHOP, ledger_account="1361"), IN_EURO)

    assert added == replace(SHOP, ledger_account="1361", currencies=EURO)
    with office.database.write(office.tenant.id) as tx:
        assert list_accounts(tx) == [added]
        put_cursor(tx, "shop", "evt_9")
        polled = account_of(tx, "shop")
    assert (polled.cursor, polled.polled_at) == ("evt_9", office.database.clock.now())
    assert office.refused(replace(SHOP, methods=frozenset({PAYPAL})), ALL) == (
        "there is a payment account “shop” already",
        "instance",
    )


def test_a_method_that_the_adapter_lacks_is_refused_by_name(office):
    only_cards = AccountLimits(frozenset({CARD}))
    both = replace(SHOP, methods=frozenset({CARD, DEBIT, PAYPAL}))

    assert office.refused(both, only_cards) == (
        "stripe cannot collect by PAYPAL, SEPA_DEBIT with the settings of shop",
        "methods",
    )
    for none in (frozenset(), frozenset({CARD, PaymentMethod.TRANSFER})):
        assert office.refused(replace(SHOP, methods=none), ALL)[1] == "methods"


def test_a_currency_that_is_billed_and_the_adapter_lacks_is_refused_by_name(office):
    assert office.refused(SHOP, IN_FRANCS) == (
        "CARD is billed in EUR, which stripe cannot collect with the settings of shop",
        "currencies",
    )
    office.franc_contract()
    assert office.refused(SHOP, IN_EURO) == (
        FRANCS_LACK,
        "currencies",
    )
    assert office.refused(replace(SHOP, currencies=frozenset({"EUR", "USD"})), IN_EURO) == (
        "stripe cannot collect USD with the settings of shop",
        "currencies",
    )


def test_each_currency_may_have_its_own_account(office):
    """Whoever names the currencies knows that the rest needs another account."""
    office.franc_contract()

    office.adds(replace(SHOP, currencies=EURO), IN_EURO)
    office.adds(replace(SHOP, instance="shop-ch"), IN_FRANCS)

    assert office.does(check_served, CARD, "CHF") is None
    with pytest.raises(FieldInvalid, match="shop, shop-ch collects no USD by CARD"):
        office.does(check_served, CARD, "USD")


def test_contracts_that_are_over_or_paid_otherwise_ask_for_nothing(office):
    """A contract in francs by transfer is no matter of cards."""
    office.franc_contract(paymentMethod="TRANSFER")

    assert office.adds(SHOP, IN_EURO).currencies == EURO


def test_two_active_accounts_never_collect_the_same(office):
    """One of them would be guessed at night; a paused one is in nobody's way."""
    office.adds()
    other = replace(SHOP, instance="other", methods=frozenset({CARD, PAYPAL}))
    assert office.refused(other, ALL) == ("shop collects by CARD already", "methods")

    paused = office.does(pause_account, "shop", "we move")
    office.adds(other)

    assert (paused.state, paused.problem) == (ProviderState.PAUSED, "we move")
    with pytest.raises(Conflict, match="other collects by CARD already"):
        office.does(resume_account, "shop", ALL)


def test_debits_as_files_need_our_creditor_id(office):
    house = PaymentAccount("house", "sepa", frozenset({DEBIT}))

    for creditor_id, error in (
        ("", FieldMissing),
        ("DE00ZZZ09999999999", FieldInvalid),
        ("de98zzz09999999999", TransitionRefused),
    ):
        seller = replace(office.tenant.seller, creditor_id=creditor_id)
        office.does(update_tenant, replace(office.tenant, seller=seller))
        with pytest.raises(error):
            office.adds(house, FILES)
    office.does(update_tenant, office.tenant)
    assert office.adds(house, FILES).provider == "sepa"


def test_a_broken_account_is_resumed_by_a_person_and_its_task_is_done(office):
    office.adds()
    assert office.does(break_account, "shop", "invalid key")

    resumed = office.does(resume_account, "shop", ALL)
    again = office.does(resume_account, "shop", ALL)

    assert (resumed.state, resumed.problem) == (ProviderState.ACTIVE, None)
    assert again == resumed
    with office.database.read(office.tenant.id) as tx:
        (task,) = find_tasks(tx, TaskFilter())
        assert find_tasks(tx, TaskFilter(projects=[office.company.project.id])) == []
    assert (task.kind, task.subject, task.contract_number) == (
        TaskKind.PROVIDER_BROKEN,
        "shop",
        "",
    )
    assert task.done_at is not None
    office.does(break_account, "shop", "again")
    with pytest.raises(FieldInvalid, match="cannot collect by CARD"):
        office.does(resume_account, "shop", AccountLimits(frozenset({DEBIT})))


def test_an_account_that_keeps_means_is_not_removed(office):
    office.adds()
    customer = office.company.customer()
    saved = SavedMeans(means=MeansReference(reference="tok1"), method=CARD, label="Visa 4242")
    means = office.does(save_means, customer.id, "shop", saved)

    with pytest.raises(Conflict, match="shop keeps 1 means of payment"):
        office.does(remove_payment_account, "shop")
    office.does(means_gone, means.id, "forgotten")
    office.does(remove_payment_account, "shop")

    with office.database.read(office.tenant.id) as tx:
        assert find_account(tx, "shop") is None
        with pytest.raises(NotFound):
            account_of(tx, "shop")


def test_an_account_with_a_refund_under_way_is_not_removed(database: Database, tmp_path: Path):
    """Nobody could ask what became of it; once that is known, it goes."""
    scene = Refunds(database, tmp_path / "content")
    refund = scene.open_one(scene.paid_and_cancelled(), "35.70")

    with database.write(scene.tenant.id) as tx, pytest.raises(Conflict, match="is under way"):
        remove_payment_account(tx, "double")
    scene.said(refund, RefundAnswer.FAILED)
    with database.write(scene.tenant.id) as tx:
        remove_payment_account(tx, "double")

    assert scene.violations() == []


CUSTOMER = {"name": "Neu", "isBusiness": False, "billingAddress": {"country": "DE"}}


def place_refused(act: Any) -> tuple[str, str]:
    with pytest.raises(FieldsRefused) as refused:
        act()
    (error,) = refused.value.parts
    return error.problem, error.place


def test_a_method_that_nobody_collects_is_refused_at_customers(office):
    """A tenant without accounts keeps what it imports; a change of something else is no matter."""

    def create(method: str) -> Any:
        fields = CustomerFields.model_validate({**CUSTOMER, "paymentMethod": method})
        return office.does(create_customer, office.tenant, fields)

    def change(number: str, **patch: Any) -> Any:
        with office.database.write(office.tenant.id) as tx:
            return changed_customer(tx, office.tenant, locked_customer(tx, number), patch)

    before = create("PAYPAL")
    office.adds()

    unserved = ("no payment account serves PAYPAL", "paymentMethod")
    assert place_refused(lambda: create("PAYPAL")) == unserved
    assert create("CARD").payment_method is CARD
    assert change(before.number, name="Anders").payment_method is PAYPAL
    assert change(before.number, paymentMethod="TRANSFER").payment_method is not PAYPAL
    assert place_refused(lambda: change(before.number, paymentMethod="PAYPAL")) == unserved


def test_a_method_or_currency_that_nobody_collects_is_refused_at_contracts(office):
    office.adds(SHOP, IN_EURO)
    office.company.customer(payment_method=CARD)
    office.company.customer(payment_method=PAYPAL)

    assert place_refused(lambda: office.creates("K-1", paymentMethod="PAYPAL")) == (
        "no payment account serves PAYPAL",
        "paymentMethod",
    )
    assert place_refused(lambda: office.creates("K-1", currency="CHF")) == (
        "shop collects no CHF by CARD",
        "paymentMethod",
    )
    assert office.creates("K-1", currency="CHF", paymentMethod="TRANSFER").currency == "CHF"
    made = office.creates("K-2")
    with pytest.raises(FieldInvalid, match="no payment account serves PAYPAL"):
        office.does(changed_contract, made, {"paymentMethod": "PAYPAL"})
    assert office.does(changed_contract, made, {"paymentMethod": "CARD"}).payment_method is CARD


def test_policies_hold_from_now_on_and_contradictions_are_refused(office):
    card = MethodPolicy(retry_days=(2, 5))
    office.does(set_policies, PaymentPolicies({CARD: card}, most_tries=3), by="mia")
    office.does(set_policies, PaymentPolicies({CARD: card}, most_tries=3), by="mia")

    with office.database.read(office.tenant.id) as tx:
        kept = read_tenant(tx).payments
    assert (kept.of(CARD), kept.most_tries) == (card, 3)
    with pytest.raises(FieldInvalid) as refused:
        office.does(set_policies, PaymentPolicies({CARD: card}, most_tries=2), by="mia")
    assert refused.value.place == "field payments, CARD.retryDays"


def test_another_tenants_account_is_not_found(office):
    office.adds()
    other = Company(office.database, replace(office.company.tenant, key="other", id=0))

    with office.database.write(other.tenant.id) as tx:
        assert list_accounts(tx) == []
        for act in (
            lambda: pause_account(tx, "shop", "?"),
            lambda: remove_payment_account(tx, "shop"),
        ):
            with pytest.raises(NotFound):
                act()
        add_account(tx, SHOP, ALL)
