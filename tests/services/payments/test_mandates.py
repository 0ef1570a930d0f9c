"""SEPA mandates as rows, in step with the customer's record that invoices announce (F103, F104)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, select
from tests.services.company import Company

from faktura.domain.customers import Customer, Mandate
from faktura.domain.events import EventType
from faktura.kernel.errors import Conflict, FieldInvalid, NotFound, NumberTaken, TransitionRefused
from faktura.kernel.payment_terms import MandateScheme, MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.mandate_fields import NewMandateFields, OtherAccountFields
from faktura.services.mandate_records import adopt_mandates
from faktura.services.mandate_view import MandateView, mandate_of, show_mandate, show_mandates
from faktura.services.mandates import (
    amend_mandate,
    confirm_mandate,
    create_mandate,
    reactivate_mandate,
    revoke_mandate,
    use_mandate,
)
from faktura.services.payment_means import suspend_means
from faktura.store.customers import read_customer
from faktura.store.database import Database
from faktura.store.payment_means import mark_collected, mark_used, means_of_customers, write_means
from faktura.store.tables import event, number_range
from faktura.store.transaction import Tx

IBAN, OTHER = "DE75512108001245126199", "DE02120300000000202051"
SIGNED = date(2026, 9, 1)


class Desk:
    """A clerk of the company who keeps mandates, on 1 October 2026."""

    def __init__(self, database: Database) -> None:
        self.company = Company(database)
        self.database = database
        self.tenant = self.company.tenant

    def does(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """In a transaction of its own."""
        with self.database.write(self.tenant.id) as tx:
            return act(tx, self.tenant, *arguments)

    def signs(self, customer: Customer, **changes: Any) -> MandateView:
        values = {"customerNumber": customer.number, "iban": IBAN, "signedOn": "2026-09-01"}
        fields = NewMandateFields.model_validate({**values, **changes})
        view: MandateView = self.does(create_mandate, fields)
        return view

    def record(self, customer: Customer) -> Mandate | None:
        with self.database.read(self.tenant.id) as tx:
            return read_customer(tx, customer.number).mandate

    def told(self) -> list[str]:
        """What was told of means of payment, in order."""
        with self.database.read(self.tenant.id) as tx:
            rows = tx.connection.execute(
                select(event.c.data)
                .where(event.c.type == EventType.PAYMENT_MEANS_CHANGED)
                .order_by(event.c.seal_seq)
            ).scalars()
            return list(rows)


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_a_new_mandate_is_active_drawn_from_its_range_and_announced_on_invoices(desk):
    """F103, F104; what is told of it says neither the account nor its reference."""
    customer = desk.company.customer()

    view = desk.signs(customer)

    assert (view.means.reference, view.means.state) == ("M-000001", MeansState.ACTIVE)
    assert (view.is_used, view.problem) == (True, None)
    assert view.usable_until == date(2029, 9, 1)
    assert (view.mandate.holder, view.means.label) == ("Kunde 1 GmbH", "DE … 6199")
    assert desk.record(customer) == Mandate("M-000001", IBAN, SIGNED)
    (told,) = desk.told()
    assert '"change":"CREATED"' in told
    assert IBAN not in told
    assert "M-000001" not in told


def test_a_reference_is_given_once_to_a_creditor_id_in_whichever_case(desk):
    """F103; a drawn one passes over those that somebody gave out."""
    first, second = desk.company.customer(), desk.company.customer()
    desk.signs(first, reference="m-000001")

    with pytest.raises(NumberTaken):
        desk.signs(second, reference="M-000001")
    drawn = desk.signs(second)

    assert drawn.means.reference == "M-000002"
    with desk.database.read(desk.tenant.id) as tx:
        assert show_mandate(tx, desk.tenant, mandate_of(tx, desk.tenant, "M-000001")).customer == (
            replace(first, mandate=Mandate("m-000001", IBAN, SIGNED))
        )
        with pytest.raises(NotFound):
            mandate_of(tx, desk.tenant, "M-000009")


def test_the_database_itself_keeps_a_reference_from_being_given_twice(desk):
    """Two clerks at once: who comes second is refused, whatever was looked at before."""
    row = desk.signs(desk.company.customer()).means

    with desk.database.write(desk.tenant.id) as tx:
        twice = replace(row, id=tx.new_id(), reference="m-000001")
        with pytest.raises(NumberTaken, match="mandate reference exists already"):
            write_means(tx, [twice])


def test_a_tenant_from_before_there_were_mandates_gets_their_range(desk):
    with desk.database.write(desk.tenant.id) as tx:
        tx.connection.execute(delete(number_range).where(number_range.c.name == "MANDATE"))

    assert desk.signs(desk.company.customer()).means.reference == "M-000001"


def test_what_cannot_be_a_mandate_is_refused(desk):
    consumer = desk.company.customer(is_business=False)

    with pytest.raises(FieldInvalid, match="2026-10-02 is after today"):
        desk.signs(consumer, signedOn="2026-10-02")
    with pytest.raises(FieldInvalid, match="K-1 is a consumer"):
        desk.signs(consumer, scheme="B2B")
    with pytest.raises(NotFound):
        desk.signs(replace(consumer, number="K-9"))
    desk.tenant = replace(desk.tenant, seller=replace(desk.tenant.seller, creditor_id=""))
    with pytest.raises(TransitionRefused, match="no SEPA creditor id"):
        desk.signs(consumer)


def test_a_b2b_mandate_waits_for_the_debtors_bank(desk):
    view = desk.signs(desk.company.customer(), scheme="B2B")
    assert view.mandate.scheme is MandateScheme.B2B
    assert view.problem == "is not confirmed at the debtor's bank yet (B2B)"

    confirmed = desk.does(confirm_mandate, view.means.id, date(2026, 9, 20))
    again = desk.does(confirm_mandate, view.means.id, date(2026, 9, 25))

    assert (confirmed.problem, again.mandate.confirmed_on) == (None, date(2026, 9, 20))
    with pytest.raises(FieldInvalid, match="after today"):
        desk.does(confirm_mandate, view.means.id, date(2026, 10, 2))
    with pytest.raises(TransitionRefused, match="is B2B and ACTIVE: it is not moved"):
        desk.does(amend_mandate, view.means.id, OtherAccountFields(iban=OTHER))
    core = desk.signs(desk.company.customer())
    with pytest.raises(TransitionRefused, match="is CORE"):
        desk.does(confirm_mandate, core.means.id, date(2026, 9, 20))


def test_a_revoked_mandate_ends_for_good_and_leaves_the_record(desk):
    """Nothing announces a debit that never comes; the same reference is not signed again."""
    customer = desk.company.customer()
    view = desk.signs(customer)

    revoked = desk.does(revoke_mandate, view.means.id, "by letter")
    again = desk.does(revoke_mandate, view.means.id, "by phone")

    assert (revoked.means.state, again.means.reason) == (MeansState.GONE, "by letter")
    assert desk.record(customer) is None
    with pytest.raises(TransitionRefused, match="is GONE"):
        desk.does(use_mandate, view.means.id)
    with pytest.raises(TransitionRefused, match="is GONE"):
        desk.does(reactivate_mandate, view.means.id)
    with pytest.raises(NumberTaken):
        desk.signs(customer, reference="M-000001")


def test_a_suspended_mandate_is_allowed_again_by_a_person(desk):
    view = desk.signs(desk.company.customer())
    with desk.database.write(desk.tenant.id) as tx:
        assert suspend_means(tx, view.means.id, "AM04: no funds")
        assert not suspend_means(tx, view.means.id, "again")

    active = desk.does(reactivate_mandate, view.means.id)

    assert (active.means.state, active.means.reason) == (MeansState.ACTIVE, None)
    with pytest.raises(TransitionRefused, match="is ACTIVE, not SUSPENDED"):
        desk.does(reactivate_mandate, view.means.id)


def test_the_customer_may_have_several_and_one_is_used(desk):
    customer = desk.company.customer()
    first = desk.signs(customer)
    second = desk.signs(customer, iban=OTHER)
    assert desk.record(customer) == Mandate("M-000002", OTHER, SIGNED)

    desk.does(use_mandate, first.means.id)
    desk.does(revoke_mandate, second.means.id, "account closed")

    assert desk.record(customer) == Mandate("M-000001", IBAN, SIGNED)
    with desk.database.read(desk.tenant.id) as tx:
        listed = show_mandates(tx, desk.tenant, customer.number)
        behind = show_mandates(tx, desk.tenant, after=listed[0].means.id, limit=1)
    assert [(one.means.reference, one.is_used) for one in listed] == [
        ("M-000001", True),
        ("M-000002", False),
    ]
    assert [one.means.reference for one in behind] == ["M-000002"]


def test_a_new_account_is_told_to_the_bank_after_the_mandate_was_used(desk):
    """3.4: with the next collection. Only our bank's credit makes a mandate of ours a used one."""
    customer = desk.company.customer()
    means_id = desk.signs(customer).means.id
    with desk.database.write(desk.tenant.id) as tx:
        mark_collected(tx, [means_id], date(2026, 9, 15))
        mark_collected(tx, [means_id], date(2026, 9, 10))
        mark_used(tx, [means_id], date(2026, 9, 16))

    moved = desk.does(amend_mandate, means_id, OtherAccountFields(iban=OTHER, holder="Jo"))
    again = desk.does(amend_mandate, means_id, OtherAccountFields(iban=OTHER))
    with desk.database.read(desk.tenant.id) as tx:
        used = show_mandate(tx, desk.tenant, means_id).means.last_used_on

    assert moved.mandate.amendment is not None
    assert moved.mandate.amendment.iban == IBAN
    assert (moved.mandate.holder, again.means) == ("Jo", moved.means)
    assert used == date(2026, 9, 15)
    assert desk.record(customer) == Mandate("M-000001", OTHER, SIGNED)


def test_one_that_is_not_used_is_moved_without_touching_the_record(desk):
    customer = desk.company.customer()
    first = desk.signs(customer)
    desk.signs(customer, iban=OTHER)

    desk.does(amend_mandate, first.means.id, OtherAccountFields(iban="AT611904300234573201"))

    assert desk.record(customer) == Mandate("M-000002", OTHER, SIGNED)


CUSTOMER: dict[str, Any] = {
    "name": "Neu GmbH",
    "isBusiness": True,
    "billingAddress": {"country": "DE"},
    "paymentMethod": "SEPA_DEBIT",
    "mandate": {"reference": "ALT 7", "iban": IBAN, "signedOn": "2024-02-01"},
}


def test_a_customer_brings_their_mandate_along(desk):
    """One that another system gave out may have blanks; the row is made in the same transaction."""
    made = desk.does(create_customer, CustomerFields.model_validate(CUSTOMER))

    with desk.database.read(desk.tenant.id) as tx:
        (row,) = means_of_customers(tx, [made.id])[made.id]

    assert (row.reference, row.method, row.instance) == ("ALT 7", PaymentMethod.SEPA_DEBIT, None)
    assert row.creditor_id == "DE98ZZZ09999999999"
    assert row.mandate is not None
    assert (row.mandate.iban, row.mandate.signed_on) == (IBAN, date(2024, 2, 1))


def test_a_mandate_of_another_customer_is_refused_with_the_path_of_the_field(desk):
    desk.does(create_customer, CustomerFields.model_validate(CUSTOMER))
    mandate = {**CUSTOMER["mandate"], "reference": "alt 7"}

    with pytest.raises(FieldsRefused) as refused:
        desk.does(create_customer, CustomerFields.model_validate({**CUSTOMER, "mandate": mandate}))

    (error,) = refused.value.parts
    assert (error.code, error.place) == ("number_taken", "mandate.reference")


def change(desk: Desk, number: str, patch: dict[str, object]) -> Customer:
    """A merge patch of a customer."""

    def act(tx: Tx, tenant: Any) -> Customer:
        return changed_customer(tx, tenant, locked_customer(tx, number), patch)

    changed: Customer = desk.does(act)
    return changed


def test_a_changed_record_moves_its_mandate_or_makes_another(desk):
    """The row follows the record; what it names no more is kept, as the rulebook wants."""
    made = desk.does(create_customer, CustomerFields.model_validate(CUSTOMER))
    change(desk, made.number, {"mandate": {"iban": OTHER}})
    change(desk, made.number, {"mandate": {"reference": "NEU-1"}})
    change(desk, made.number, {"mandate": None, "paymentMethod": "TRANSFER"})

    with desk.database.read(desk.tenant.id) as tx:
        rows = means_of_customers(tx, [made.id])[made.id]
        views = show_mandates(tx, desk.tenant)

    assert [(row.reference, row.label, row.state) for row in rows] == [
        ("ALT 7", "DE … 2051", MeansState.ACTIVE),
        ("NEU-1", "DE … 2051", MeansState.ACTIVE),
    ]
    assert [view.is_used for view in views] == [False, False]


def test_a_record_does_not_bring_back_what_was_revoked(desk):
    made = desk.does(create_customer, CustomerFields.model_validate(CUSTOMER))
    with desk.database.read(desk.tenant.id) as tx:
        means_id = mandate_of(tx, desk.tenant, "ALT 7")
    desk.does(revoke_mandate, means_id, "by letter")

    with pytest.raises(FieldsRefused) as refused:
        change(desk, made.number, {"mandate": CUSTOMER["mandate"]})

    (error,) = refused.value.parts
    assert isinstance(error, Conflict)
    assert error.problem == "the mandate ALT 7 is gone: by letter"
    assert change(desk, made.number, {"name": "Anders GmbH"}).name == "Anders GmbH"


def test_mandates_of_older_records_are_taken_over_once(desk):
    """Two records with one reference: the first customer's it is, the other one is named."""
    old = desk.company.customer(mandate=Mandate("M-7", IBAN, SIGNED))
    desk.company.customer(mandate=Mandate("m-7", OTHER, SIGNED))
    desk.company.customer()

    first = desk.does(adopt_mandates)
    again = desk.does(adopt_mandates)

    assert first.made == 1
    assert (
        first.refused == again.refused == (("K-2", "the mandate m-7 is another customer's (F103)"),)
    )
    assert again.made == 0
    with desk.database.read(desk.tenant.id) as tx:
        (row,) = means_of_customers(tx, [old.id])[old.id]
    assert (row.reference, row.label) == ("M-7", "DE … 6199")


def test_another_tenants_mandate_is_not_found(desk):
    """Not by its id, not by its reference, and its reference is free here."""
    other = Desk.__new__(Desk)
    other.database = desk.database
    other.company = Company(desk.database, replace(desk.company.tenant, key="other", id=0))
    other.tenant = other.company.tenant
    theirs = other.signs(other.company.customer())

    for act in (use_mandate, reactivate_mandate):
        with pytest.raises(NotFound):
            desk.does(act, theirs.means.id)
    with pytest.raises(NotFound):
        desk.does(revoke_mandate, theirs.means.id, "stolen")
    with desk.database.read(desk.tenant.id) as tx:
        assert show_mandates(tx, desk.tenant) == []
        with pytest.raises(NotFound):
            mandate_of(tx, desk.tenant, "M-000001")
    assert desk.signs(desk.company.customer()).means.reference == "M-000001"
