"""One contract: made, found, seen by those who reach its project, changed (F002-F020, F049)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.master_data.requests import asked, event_types, refused_parts

from faktura.domain.customers import Recipient
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import NotFound, NumberTaken, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import ContractState, IntervalUnit, PaymentMethod
from faktura.services.contract_changes import (
    changeable_contract_fields,
    changed_contract,
    locked_contract,
)
from faktura.services.contract_view import (
    ContractQuery,
    contract_activities,
    contract_subscriptions,
    list_contracts,
    show_contract,
    waiting_view,
)
from faktura.services.contracts import activate_contracts, add_activity, void_contract
from faktura.services.imports.contract_file import (
    ActivityFields,
    ContractChangeFields,
    ContractFields,
)
from faktura.services.imports.contracts import create_contract
from faktura.services.visible_contracts import visible_contract
from faktura.store.catalogue import read_projects
from faktura.store.contract_overview import count_contracts
from faktura.store.contracts import read_contract, update_states

MONTHLY = {
    "customerNumber": "K-1",
    "project": "cloud",
    "start": "2026-10-01",
    "billingInterval": {"unit": "MONTH"},
    "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
}
SETUP = {"articleNumber": "SETUP", "quantity": "1.5", "from": "2026-10-20"}
NOWHERE: frozenset[object] = frozenset()


@pytest.fixture
def shops(peopled):
    """The company with a second project, which sells an article of its own."""
    peopled.take(
        "catalogue",
        {
            "projects": [{"key": "shop", "name": "Shop"}],
            "articles": [
                {
                    "articleNumber": "BOX",
                    "name": "Box",
                    "productGroup": "hosting",
                    "project": "shop",
                    "unit": "MONTH",
                    "supply": "GOODS",
                    "recurring": True,
                    "prices": [{"unitPrice": "20"}],
                }
            ],
        },
    )
    return peopled


def create(house, projects=None, **changes: object):
    """A contract as a request asks for it."""
    fields = asked(ContractFields, {**MONTHLY, **changes})
    return house.write(create_contract, house.tenant, fields, projects)


def change(house, number, patch, projects=None):
    """Lock, then change, as a request does it."""
    return house.write(
        lambda tx: changed_contract(tx, locked_contract(tx, number, projects), patch)
    )


def only(house, key):
    """What a key of that project reaches."""
    return {house.read(read_projects)[key].id}


def test_one_contract_is_made_like_those_of_a_file(peopled):
    """F010, F062: the next number; a draft unless it is to be activated."""
    draft = create(peopled)
    active = create(peopled, activate=True)

    assert (draft.number, draft.state) == ("V-000001", ContractState.DRAFT)
    assert (active.number, active.state) == ("V-000002", ContractState.ACTIVE)
    assert peopled.read(show_contract, "V-000002").overview.next_due_on == date(2026, 10, 1)
    assert peopled.read(event_types, 4) == ["CONTRACT_CREATED", "CONTRACT_ACTIVATED"]
    assert peopled.read(count_contracts) == 2


def test_all_that_is_wrong_with_one_contract_is_told_at_once(peopled):
    """Places are paths in the object, joined by points alone."""
    create(peopled, contractNumber="V-1")
    items = [
        {"articleNumber": "WEB-M", "quantity": "1"},
        {"articleNumber": "NIX", "quantity": "1"},
        {"articleNumber": "WEB-Y", "quantity": "1", "until": "2026-01-01"},
    ]

    found = refused_parts(
        lambda: create(
            peopled,
            contractNumber="V-1",
            subscriptions=[{"items": items, "renewal": "NONE"}],
            activities=[{**SETUP, "quantity": "0"}],
        )
    )
    frame = refused_parts(
        lambda: create(peopled, customerNumber="K-9", project="none", kind="SIMPLE")
    )

    assert found == [
        ("number_taken", "contractNumber"),
        ("field_missing", "subscriptions.1.minimumTerm"),
        ("not_found", "subscriptions.1.items.2.articleNumber"),
        ("field_invalid", "subscriptions.1.items.3.articleNumber"),
        ("out_of_range", "subscriptions.1.items.3.until"),
        ("out_of_range", "activities.1.quantity"),
    ]
    assert frame == [
        ("not_found", "customerNumber"),
        ("not_found", "project"),
        ("field_invalid", "kind"),
    ]


def test_a_drawn_contract_number_that_exists_fails_loudly(peopled):
    """P22: nothing is written then."""
    create(peopled, contractNumber="V-000001")

    with pytest.raises(NumberTaken, match="V-000001"):
        create(peopled)
    assert peopled.read(count_contracts) == 1


def test_who_reaches_one_project_makes_contracts_of_it_alone(shops):
    """F020, F114: the one project in reach need not be named, another does not exist."""
    shop = only(shops, "shop")
    boxes = [{"items": [{"articleNumber": "BOX", "quantity": "1"}]}]

    made = create(shops, shop, project=None, subscriptions=boxes)
    beyond = refused_parts(lambda: create(shops, shop, project="cloud"))
    mixed = refused_parts(lambda: create(shops, None, project="cloud", subscriptions=boxes))
    unsaid = refused_parts(lambda: create(shops, None, project=None))

    assert made.project_id in shop
    assert beyond == [("not_found", "project")]
    assert mixed == [("field_invalid", "subscriptions.1.items.1.articleNumber")]
    assert unsaid == [("field_missing", "project")]


def test_a_contract_out_of_reach_does_not_exist(shops):
    """F114: the same words as for a number that nobody has."""
    create(shops, contractNumber="V-1")
    shop, tenant = only(shops, "shop"), shops.tenant
    activity = asked(ActivityFields, SETUP)

    for look in (visible_contract, show_contract, contract_subscriptions):
        with pytest.raises(NotFound, match="there is no contract V-1"):
            shops.read(look, "V-1", shop)
    with pytest.raises(NotFound, match="there is no contract V-1"):
        shops.read(contract_activities, tenant, "V-1", date(2026, 10, 1), projects=shop)
    with pytest.raises(NotFound, match="there is no contract V-1"):
        shops.write(activate_contracts, tenant, ["V-1"], shop)
    with pytest.raises(NotFound, match="there is no contract V-1"):
        shops.write(void_contract, "V-1", shop)
    with pytest.raises(NotFound, match="there is no contract V-1"):
        shops.write(add_activity, tenant, "V-1", activity, shop)
    with pytest.raises(NotFound, match="there is no contract V-1"):
        change(shops, "V-1", {"internalIdentifier": "x"}, shop)

    assert shops.read(visible_contract, "V-1", only(shops, "cloud")).number == "V-1"
    assert shops.read(visible_contract, "V-1").state is ContractState.DRAFT


def test_contracts_are_listed_page_by_page_in_reach(shops):
    """F018: by number; what lies out of reach is not counted either."""
    for number in ("C", "A", "B"):
        create(shops, contractNumber=number, internalIdentifier=f"crm-{number}")
    create(shops, contractNumber="S", project="shop", subscriptions=[], activate=True)

    def numbers(wanted=None, **page: object):
        found = shops.read(list_contracts, wanted or ContractQuery(), **page)
        return [one.contract.number for one in found]

    cloud, shop = only(shops, "cloud"), only(shops, "shop")
    assert numbers() == ["A", "B", "C", "S"]
    assert numbers(projects=cloud, limit=2) == ["A", "B"]
    assert numbers(projects=cloud, after="B", limit=2) == ["C"]
    assert numbers(projects=shop) == ["S"]
    assert numbers(projects=NOWHERE) == []
    assert numbers(ContractQuery(states=[ContractState.ACTIVE])) == ["S"]
    assert numbers(ContractQuery(search="CRM-b")) == ["B"]
    assert numbers(ContractQuery(search="s")) == ["S"]
    assert numbers(ContractQuery(customer_number="K-2")) == []
    with pytest.raises(NotFound, match="K-9"):
        numbers(ContractQuery(customer_number="K-9"))


def test_the_recurring_part_is_shown_by_subscription(peopled):
    """F019, F023: terms, items in their order, and until when each is billed."""
    create(
        peopled,
        contractNumber="V-1",
        activate=True,
        subscriptions=[
            {
                "items": [
                    {"articleNumber": "WEB-M", "quantity": "1", "billedUntil": "2026-11-01"},
                    {
                        "articleNumber": "USER",
                        "quantity": "2.5",
                        "specialPrices": [{"unitPrice": "4"}],
                        "discount": {"percent": "10"},
                    },
                ]
            },
            {"paymentStart": "2026-12-01", "items": [{"articleNumber": "USER", "quantity": "1"}]},
        ],
    )

    first, second = peopled.read(contract_subscriptions, "V-1")

    assert [(one.item.article.number, one.billed_until) for one in first.items] == [
        ("WEB-M", date(2026, 11, 1)),
        ("USER", None),
    ]
    user = first.items[1].item
    assert (user.quantity, user.start, user.until) == (Decimal("2.5"), date(2026, 10, 1), None)
    assert [price.unit_price for price in user.special_prices] == [Decimal(4)]
    assert user.discount is not None
    assert user.discount.percent == Decimal(10)
    assert second.subscription.payment_start == date(2026, 12, 1)
    assert len(second.items) == 1


def test_a_recorded_activity_is_shown_as_it_waits(peopled):
    """F059: 1.5 h x 95.00 = 142.50, reserved gross 169.58 (27.075 rounds to 27.08)."""
    create(peopled, contractNumber="V-1")
    added = peopled.write(add_activity, peopled.tenant, "V-1", asked(ActivityFields, SETUP))

    found = peopled.read(waiting_view, peopled.tenant, "V-1", added)

    assert (found.net, found.gross) == (Money(14_250, "EUR"), Money(16_958, "EUR"))
    assert (found.contract_number, found.article_number) == ("V-1", "SETUP")


def test_a_patch_changes_what_of_a_contract_may_change(peopled):
    """F011, F016, F017: when it is next due stays as it is."""
    create(peopled, contractNumber="V-1", activate=True)

    change(
        peopled,
        "V-1",
        {
            "duePeriod": 2,
            "dueUnit": "MONTH",
            "paymentMethod": "PAYPAL",
            "extraTextInvoiceHeader": "Hallo",
            "extraTextInvoiceFooter": "Tschüss",
            "recipients": [{"email": "x@beck.example"}],
            "internalIdentifier": "crm-7",
            "orderReference": "PO 1",
        },
    )
    change(peopled, "V-1", {"paymentMethod": None, "extraTextInvoiceFooter": None, "duePeriod": 3})

    overview = peopled.read(show_contract, "V-1").overview
    found = overview.contract
    assert found.payment_term == PaymentTerm(3, IntervalUnit.MONTH)
    assert found.payment_method is None
    assert (found.header_text, found.footer_text) == ("Hallo", "")
    assert found.recipients == (Recipient("x@beck.example"),)
    assert (found.internal_identifier, found.order_reference) == ("crm-7", "PO 1")
    assert overview.next_due_on == date(2026, 10, 1)
    assert peopled.read(event_types, 4) == ["CONTRACT_CHANGED"]
    assert peopled.read(event_types, 5) == ["CONTRACT_CHANGED"]


def test_a_contract_patch_that_changes_nothing_writes_nothing(peopled):
    """No event for a fact that is none."""
    create(peopled, contractNumber="V-1", paymentMethod="CARD")

    same = change(peopled, "V-1", {"paymentMethod": "CARD"})

    assert same.payment_method is PaymentMethod.CARD
    assert peopled.read(event_types, 4) == []


def test_what_is_fixed_of_a_contract_is_refused_by_name(peopled):
    """Money and periods follow from these: they change by acts of their own, not by a patch."""
    create(peopled, contractNumber="V-1")

    fixed = refused_parts(lambda: change(peopled, "V-1", {"start": "2026-01-01", "currency": None}))
    unknown = refused_parts(lambda: change(peopled, "V-1", {"colour": "blue"}))
    half = refused_parts(lambda: change(peopled, "V-1", {"duePeriod": 5}))

    assert fixed == [("field_invalid", "start"), ("field_invalid", "currency")]
    assert unknown == [("field_unknown", "colour")]
    assert half == [("field_missing", "dueUnit")]


@pytest.mark.parametrize("state", [ContractState.ENDED, ContractState.VOIDED])
def test_nothing_of_a_final_contract_changes(peopled, state):
    """F004: ended and voided are final."""
    final = create(peopled, contractNumber="V-1")
    object.__setattr__(final, "state", state)
    peopled.write(update_states, [final])

    with pytest.raises(TransitionRefused, match=state):
        change(peopled, "V-1", {"internalIdentifier": "x"})
    assert peopled.read(read_contract, "V-1").internal_identifier == ""


def test_what_may_change_is_written_as_the_fields_it_is_made_of(peopled):
    """Reading them again gives the same."""
    made = create(
        peopled,
        recipients=[{"email": "x@beck.example", "use": "DUNNING"}],
        duePeriod=1,
        dueUnit="DAY",
        paymentMethod="CARD",
    )

    written = changeable_contract_fields(made)
    again = asked(ContractChangeFields, written)

    assert set(written) == {info.alias for info in ContractChangeFields.model_fields.values()}
    assert again.payment_term == PaymentTerm(1)
    assert again.payment_method is PaymentMethod.CARD
    assert [one.recipient for one in again.recipients] == list(made.recipients)
