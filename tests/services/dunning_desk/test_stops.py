"""Dunning stops: what they hold, for how long, and how they are lifted (F083)."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.company import bill, opened
from tests.services.documents.test_collective_documents import collective

from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.errors import Conflict, NotFound, OutOfRange
from faktura.services.dunning_stops import lift_stop, set_stop
from faktura.services.imports.dunning_fields import DunningStopFields
from faktura.store.documents import document_id
from faktura.store.dunning_stops import StopFilter, list_stops, stopped
from faktura.store.tables import event
from faktura.store.tenants import choose_tenant_id, read_tenant

_ALL = StopFilter()
TODAY = date(2026, 10, 31)
DUE = date(2026, 9, 1)


def stop(scene, target, number, until=None):
    """Set a stop, and return it as it is listed."""
    given = DunningStopFields(
        target=StopTarget(target), number=number, reason="Ratenzahlung", until=until
    )
    with scene.database.write(scene.tenant.id) as tx:
        return set_stop(tx, scene.tenant, given, by="mia")


def lift(scene, stop_id):
    with scene.database.write(scene.tenant.id) as tx:
        return lift_stop(tx, stop_id, by="jo")


def held(scene, *numbers: str, on=TODAY):
    """Which of these documents are kept out of dunning on that day."""
    with scene.database.read(scene.tenant.id) as tx:
        ids = {document_id(tx, number): number for number in numbers}
        return {ids[one]: reason for one, reason in stopped(tx, on, list(ids)).items()}


def listed(scene, wanted=_ALL):
    with scene.database.read(scene.tenant.id) as tx:
        return [one.number for one in list_stops(tx, wanted)]


def told(scene):
    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(
            select(event.c.type, event.c.sequence, event.c.data).order_by(event.c.sequence)
        ).all()
    return [(row.type, row.sequence, json.loads(row.data)) for row in rows]


@pytest.fixture
def two(scene):
    """K-1 owes A-1 and A-2, K-2 owes B-1."""
    first, second = scene.customer(), scene.customer()
    scene.owe(first, "A-1", 5_000, DUE)
    scene.owe(first, "A-2", 6_000, DUE)
    scene.owe(second, "B-1", 7_000, DUE)
    return scene


def test_a_stop_of_a_customer_holds_all_that_they_owe(two):
    """And nothing of anybody else."""
    stop(two, "CUSTOMER", "K-1")

    assert held(two, "A-1", "A-2", "B-1") == {"A-1": "Ratenzahlung", "A-2": "Ratenzahlung"}


def test_a_stop_of_a_document_holds_it_alone(two):
    """The customer's other one is dunned."""
    stop(two, "DOCUMENT", "A-2")

    assert held(two, "A-1", "A-2", "B-1") == {"A-2": "Ratenzahlung"}


def test_what_is_stopped_is_on_no_notice(two):
    """K-1 is reminded of A-1 only, K-2 of nothing."""
    stop(two, "DOCUMENT", "A-2")
    stop(two, "CUSTOMER", "K-2")

    two.dun(TODAY)

    assert [(one[1], one[3]) for one in two.items()] == [("A-1", 5_000)]


def test_a_stop_of_a_contract_holds_what_it_billed(scene):
    """RE-000001 is of V-1, RE-000002 of V-2."""
    scene.company.contract(scene.customer(), "A-1")
    scene.company.contract(scene.customer(), "A-1")
    bill(scene.database, scene.tenant)

    stop(scene, "CONTRACT", "V-1")

    assert held(scene, "RE-000001", "RE-000002") == {"RE-000001": "Ratenzahlung"}


def test_a_collective_invoice_is_held_by_a_stop_of_any_of_its_contracts(database_url):
    """RE-000001 bills V-1 and V-2 of K-1; the stop is of the second."""
    with closing(opened(database_url)) as database:
        record, _document, _findings = collective(database)
        with database.read(0) as tx:
            tenant_id = choose_tenant_id(tx, None)
        given = DunningStopFields(target=StopTarget.CONTRACT, number="V-2", reason="Streit")
        with database.write(tenant_id) as tx:
            set_stop(tx, read_tenant(tx), given, by="mia")
        with database.read(tenant_id) as tx:
            found = stopped(tx, date(2026, 10, 31), [record.id])

    assert (record.contract_id, found) == (None, {record.id: "Streit"})


def test_the_last_day_of_a_stop_is_held_and_the_next_one_is_not(two):
    """`until` is inclusive."""
    stop(two, "CUSTOMER", "K-1", until=date(2026, 11, 5))

    assert held(two, "A-1", on=date(2026, 11, 5)) == {"A-1": "Ratenzahlung"}
    assert held(two, "A-1", on=date(2026, 11, 6)) == {}


def test_of_several_stops_the_widest_is_named(two):
    """The customer's, not the document's; both are listed."""
    given = DunningStopFields(target=StopTarget.DOCUMENT, number="A-1", reason="Reklamation")
    with two.database.write(two.tenant.id) as tx:
        set_stop(tx, two.tenant, given, by="mia")
    stop(two, "CUSTOMER", "K-1")

    assert held(two, "A-1", "A-2") == {"A-1": "Ratenzahlung", "A-2": "Ratenzahlung"}
    assert listed(two, StopFilter(customer_number="K-1")) == ["K-1", "A-1"]


def test_a_lifted_stop_holds_no_more_and_stays_on_record(two):
    """With who lifted it; a list of what holds leaves it out."""
    made = stop(two, "DOCUMENT", "A-1")

    lifted = lift(two, made.stop.id)

    assert (lifted.stop.set_by, lifted.stop.lifted_by) == ("mia", "jo")
    assert held(two, "A-1") == {}
    assert (listed(two), listed(two, StopFilter(on=TODAY))) == (["A-1"], [])
    with pytest.raises(Conflict, match="the stop of A-1 is lifted already"):
        lift(two, made.stop.id)


def test_what_was_lifted_can_be_stopped_again(two):
    """A second stop is a fact of its own."""
    lift(two, stop(two, "DOCUMENT", "A-1").stop.id)

    stop(two, "DOCUMENT", "A-1")

    assert held(two, "A-1") == {"A-1": "Ratenzahlung"}


def test_setting_and_lifting_are_told_without_the_reason(two):
    """Events are kept for ever: what a person wrote about a customer stays with the stop."""
    made = stop(two, "DOCUMENT", "A-1", until=date(2026, 11, 30))
    lift(two, made.stop.id)

    about = {
        "customerNumber": "K-1",
        "target": "DOCUMENT",
        "number": "A-1",
        "until": "2026-11-30",
    }
    assert told(two) == [
        ("DUNNING_STOP_CHANGED", 1, {**about, "stopped": True}),
        ("DUNNING_STOP_CHANGED", 2, {**about, "stopped": False}),
    ]


def test_a_target_is_stopped_once_at_a_time(two):
    """The second one is told of the first."""
    made = stop(two, "CUSTOMER", "K-1")

    with pytest.raises(Conflict, match=f"K-1 is stopped already: {made.stop.id}"):
        stop(two, "CUSTOMER", "K-1")


def test_what_cannot_be_stopped_is_named(two):
    """Nothing of that number; a last day that is over; today is none."""
    for target in StopTarget:
        with pytest.raises(NotFound, match="X-9"):
            stop(two, target.value, "X-9")
    with pytest.raises(OutOfRange, match="2026-10-30 is over"):
        stop(two, "CUSTOMER", "K-1", until=date(2026, 10, 30))
    stop(two, "CUSTOMER", "K-1", until=TODAY)
    with pytest.raises(NotFound, match="there is no dunning stop"):
        lift(two, UUID(int=7))


def test_another_tenants_stops_hold_nothing_here(two):
    """Both have a customer K-1."""
    other = type(two.company)(two.database, _renamed(two.company.tenant))
    other.customer()
    given = DunningStopFields(target=StopTarget.CUSTOMER, number="K-1", reason="Streit")
    with two.database.write(other.tenant.id) as tx:
        set_stop(tx, other.tenant, given, by="mia")

    assert held(two, "A-1", "A-2", "B-1") == {}
    assert listed(two) == []


def _renamed(tenant):
    return replace(tenant, id=0, key="other", dunning=DunningPolicy((DunningLevel(7),)))
