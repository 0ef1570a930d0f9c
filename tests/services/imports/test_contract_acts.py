"""Acts on contracts and what a person sees of them (F004-F012, F040, F058-F060)."""

from datetime import date
from decimal import Decimal

import pytest

from faktura.kernel.errors import (
    AmountUnreadable,
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    NotFound,
    OutOfRange,
    PriceMissing,
    TransitionRefused,
)
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractState, Origin
from faktura.services.contract_view import (
    ActivityState,
    contract_activities,
    list_contracts,
    show_contract,
)
from faktura.services.contracts import activate_contracts, add_activity, void_contract
from faktura.services.imports.contract_file import ActivityFields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.validation import fields_of
from faktura.store.activities import read_waiting
from faktura.store.catalogue import read_catalogue
from faktura.store.contracts import read_contract, update_states
from faktura.store.events import events_of_seal

ONE_OFF = {"articleNumber": "SETUP", "quantity": "1.5", "from": "2026-10-20"}


def contract(number, **changes: object):
    """A draft of one web hosting a month from 1 October 2026."""
    return {
        "contractNumber": number,
        "customerNumber": "K-1",
        "start": "2026-10-01",
        "billingInterval": {"unit": "MONTH"},
        "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
    } | changes


def record(house, number, values):
    """Record an activity from values that are all text, as on the command line."""
    fields = fields_of(ActivityFields, values, Form.TEXT)
    return house.write(add_activity, house.tenant, number, fields)


def due(house, number):
    """When the run looks at the contract next."""
    return house.read(show_contract, number).overview.next_due_on


def test_activating_makes_drafts_due(peopled):
    """F010: a separate act; from then on the contract takes part in runs."""
    peopled.take("contracts", [contract("V-1"), contract("V-2", start="2026-11-15")])
    assert due(peopled, "V-1") is None

    peopled.write(activate_contracts, peopled.tenant, ["V-1", "V-2", "V-1"])

    assert due(peopled, "V-1") == date(2026, 10, 1)
    assert due(peopled, "V-2") == date(2026, 11, 15)
    assert {one.contract.state for one in peopled.read(list_contracts)} == {ContractState.ACTIVE}
    assert [found.type for found in peopled.read(events_of_seal, 4)] == ["CONTRACT_ACTIVATED"] * 2
    assert [found.sequence for found in peopled.read(events_of_seal, 4)] == [2, 2]


def test_activating_keeps_what_was_billed_elsewhere(peopled):
    """F019: the bound that came with the import still decides."""
    given = contract("V-1")
    given["subscriptions"][0]["items"][0]["billedUntil"] = "2026-12-01"
    peopled.take("contracts", [given])

    peopled.write(activate_contracts, peopled.tenant, ["V-1"])

    assert due(peopled, "V-1") == date(2026, 12, 1)


def test_activating_is_all_or_nothing(peopled):
    """One contract that cannot be activated leaves the others as they were."""
    peopled.take("contracts", [contract("V-1"), contract("V-2", activate=True)])

    with pytest.raises(TransitionRefused, match="V-2 is ACTIVE"):
        peopled.write(activate_contracts, peopled.tenant, ["V-1", "V-2"])

    assert peopled.read(read_contract, "V-1").state is ContractState.DRAFT


def test_an_unknown_contract_is_named(peopled):
    """Nothing of that name exists for the tenant."""
    with pytest.raises(NotFound, match="V-9"):
        peopled.write(activate_contracts, peopled.tenant, ["V-9"])
    with pytest.raises(NotFound, match="V-9"):
        peopled.read(show_contract, "V-9")


def test_a_draft_can_be_voided_for_good(peopled):
    """F004, F012: Draft -> Voided, and nothing after it."""
    peopled.take("contracts", [contract("V-1")])

    peopled.write(void_contract, "V-1")

    assert peopled.read(read_contract, "V-1").state is ContractState.VOIDED
    assert [found.type for found in peopled.read(events_of_seal, 4)] == ["CONTRACT_VOIDED"]
    with pytest.raises(TransitionRefused):
        peopled.write(activate_contracts, peopled.tenant, ["V-1"])
    with pytest.raises(TransitionRefused, match="VOIDED"):
        record(peopled, "V-1", ONE_OFF)


def test_an_active_contract_is_never_voided(peopled):
    """F012: a not yet activated contract can be voided, never an active one."""
    peopled.take("contracts", [contract("V-1", activate=True)])

    with pytest.raises(TransitionRefused):
        peopled.write(void_contract, "V-1")


def test_nothing_is_recorded_on_an_ended_contract(peopled):
    """F004: Ended is final."""
    peopled.take("contracts", [contract("V-1", activate=True)])
    ended = peopled.read(read_contract, "V-1")
    object.__setattr__(ended, "state", ContractState.ENDED)
    peopled.write(update_states, [ended])

    with pytest.raises(TransitionRefused, match="ENDED"):
        record(peopled, "V-1", ONE_OFF)


def test_an_activity_waits_for_the_next_regular_invoice(peopled):
    """F040: without a day it goes with the contract's next regular invoice."""
    peopled.take("contracts", [contract("V-1", activate=True)])
    peopled.bill(date(2026, 10, 1))

    record(peopled, "V-1", ONE_OFF)

    assert due(peopled, "V-1") == date(2026, 11, 1)


def test_an_activity_with_a_day_is_due_on_it(peopled):
    """F040: “invoice on” makes the contract due earlier than its subscription."""
    peopled.take("contracts", [contract("V-1", activate=True)])
    peopled.bill(date(2026, 10, 1))

    record(peopled, "V-1", {**ONE_OFF, "invoiceOn": "2026-10-25"})

    assert due(peopled, "V-1") == date(2026, 10, 25)


def test_every_field_of_an_activity_is_kept(peopled):
    """F040, F057: an agreed price, a discount, a text, a period."""
    peopled.take("contracts", [contract("V-1")])

    record(
        peopled,
        "V-1",
        {
            "articleNumber": "SETUP",
            "origin": "USAGE",
            "quantity": "2",
            "from": "2026-10-01",
            "until": "2026-10-04",
            "manual": "true",
            "unitPrice": "80.5",
            "discount": {"percent": "5"},
            "text": "Umzug",
        },
    )

    made = peopled.read(read_contract, "V-1")
    catalogue = peopled.read(read_catalogue)
    (waiting,) = peopled.read(read_waiting, [made.id], catalogue)[made.id].activities
    assert (waiting.origin, waiting.quantity) == (Origin.USAGE, Decimal(2))
    assert waiting.service == Period(date(2026, 10, 1), date(2026, 10, 4))
    assert (waiting.manual, waiting.invoice_on) == (True, None)
    assert (waiting.unit_price, waiting.text) == (Decimal("80.5"), "Umzug")
    assert waiting.discount is not None
    assert waiting.discount.percent == Decimal(5)


@pytest.mark.parametrize(
    ("changes", "error", "place"),
    [
        ({"quantity": "1,5"}, AmountUnreadable, "quantity"),
        ({"quantity": "0"}, OutOfRange, "quantity"),
        ({"from": ""}, DateUnreadable, "from"),
        ({"until": "2026-10-20"}, OutOfRange, "until"),
        ({"manual": "perhaps"}, FieldInvalid, "manual"),
        ({"manual": "true", "invoiceOn": "2026-11-01"}, FieldInvalid, "invoiceOn"),
        ({"articleNumber": "NIX"}, NotFound, "articleNumber"),
        ({"articleNumber": "USD-M"}, PriceMissing, "articleNumber"),
        ({"discount": {"percent": "200"}}, FieldInvalid, "discount"),
        ({"discount": {}}, FieldInvalid, "discount"),
    ],
)
def test_an_activity_that_could_not_be_billed_is_refused(peopled, changes, error, place):
    """The field is named as the option or the file calls it."""
    peopled.take("contracts", [contract("V-1")])

    with pytest.raises(FieldsRefused) as refused:
        record(peopled, "V-1", {**ONE_OFF, **changes})

    (part,) = refused.value.parts
    assert (type(part), part.place) == (error, place)


def test_an_activity_without_article_is_refused(peopled):
    """What is missing is named."""
    peopled.take("contracts", [contract("V-1")])

    with pytest.raises(FieldsRefused) as refused:
        record(peopled, "V-1", {"quantity": "1", "from": "2026-10-01"})

    (part,) = refused.value.parts
    assert (type(part), part.place) == (FieldMissing, "articleNumber")


def test_activities_show_what_is_billed_due_and_waiting(peopled):
    """F058, F059: period, reserved gross, contract number, invoice number.

    Billed: October, 30.00 + 19 % = 35.70. Due on 1 November: the same. Waiting: 1.5 h x 95.00 =
    142.50, gross 169.58 (27.075 rounds to 27.08).
    """
    peopled.take("contracts", [contract("V-1", activate=True)])
    peopled.bill(date(2026, 10, 1))
    record(peopled, "V-1", ONE_OFF)

    found = peopled.read(contract_activities, peopled.tenant, "V-1", date(2026, 11, 1))

    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    november = Period(date(2026, 11, 1), date(2026, 12, 1))
    day = Period(date(2026, 10, 20), date(2026, 10, 21))
    assert [(one.state, one.service, one.gross, one.invoice_number) for one in found] == [
        (ActivityState.BILLED, october, Money(3_570, "EUR"), "RE-000001"),
        (ActivityState.DUE, november, Money(3_570, "EUR"), None),
        (ActivityState.WAITING, day, Money(16_958, "EUR"), None),
    ]
    assert {one.contract_number for one in found} == {"V-1"}


def test_activities_are_filtered_by_origin(peopled):
    """F058: origin SUBSCRIPTION, such as the logistics of subscription boxes asks for."""
    peopled.take("contracts", [contract("V-1", activate=True)])
    record(peopled, "V-1", ONE_OFF)

    recurring = peopled.read(
        contract_activities, peopled.tenant, "V-1", date(2026, 10, 1), origins=[Origin.SUBSCRIPTION]
    )
    one_offs = peopled.read(
        contract_activities, peopled.tenant, "V-1", date(2026, 10, 1), origins=[Origin.ONE_OFF]
    )

    assert [one.article_number for one in recurring] == ["WEB-M"]
    assert [one.article_number for one in one_offs] == ["SETUP"]


def test_what_cannot_be_priced_says_why(peopled):
    """A missing tax case is shown with the activity instead of an amount of 0."""
    peopled.take(
        "customers",
        [
            {
                "customerNumber": "K-AT",
                "name": "Alpen OG",
                "isBusiness": True,
                "billingAddress": {"country": "AT"},
            }
        ],
    )
    peopled.take("contracts", [contract("V-1", customerNumber="K-AT", subscriptions=[])])
    record(peopled, "V-1", ONE_OFF)

    (found,) = peopled.read(contract_activities, peopled.tenant, "V-1", date(2026, 10, 1))

    assert found.gross is None
    assert "has no VAT id" in found.problem


def test_a_contract_shows_why_it_is_in_quarantine(peopled):
    """O19: the reason stands with the contract until a run bills it."""
    peopled.take("contracts", [contract("V-1", activate=True), contract("V-2", activate=True)])
    peopled.take(
        "customers",
        [
            {
                "customerNumber": "K-3",
                "name": "Ohne Anschrift",
                "isBusiness": False,
                "billingAddress": {"country": "DE"},
            }
        ],
    )
    peopled.take("contracts", [contract("V-3", customerNumber="K-3", activate=True)])

    peopled.bill(date(2026, 10, 1))

    isolated = peopled.read(show_contract, "V-3").quarantined
    assert isolated is not None
    assert isolated.code == "finalise_refused"
    assert peopled.read(show_contract, "V-1").quarantined is None
