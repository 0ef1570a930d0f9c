"""Cost centres, cost objects and splits: from file and patch to frozen lines and postings."""

from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from tests.services.bookings.booked import contract, items, last_event, waiting
from tests.services.imports.conftest import CATALOGUE, CUSTOMERS, House, NoFormats

from faktura.cli.cost_shape import cost_texts
from faktura.domain.costs import CostShare
from faktura.domain.line_parts import LinePart
from faktura.kernel.errors import NotFound
from faktura.services.booking_changes import changed_activity, changed_item
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.catalogue_changes import changed_article, locked_article
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.contract_templates import (
    contract_from_template,
)
from faktura.services.contract_view import contract_activities, show_contract
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.imports.change_fields import LargeUpgradeFields, SmallUpgradeFields
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.entries import Form
from faktura.services.imports.findings import FieldsRefused, ImportRefused
from faktura.services.imports.template_file import TemplateUse
from faktura.services.imports.validation import fields_of
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.named_bookings import locked_activity, locked_item
from faktura.services.posting import set_account
from faktura.services.rebilling import rebill_invoice
from faktura.services.upgrades import Asked, upgrade_small
from faktura.store.articles import articles_by_number
from faktura.store.documents import read_document
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.tenants import read_tenant

SIXTY_FORTY = [
    {"costCentre": "100", "percent": "60"},
    {"costCentre": "200", "costObject": "P 7", "percent": "40"},
]
SPLIT = (CostShare("100", None, Decimal(60)), CostShare("200", "P 7", Decimal(40)))
OBJECT = [{"costObject": "P 9"}]
NOV = date(2026, 11, 1)
HOSTING = cast("list[dict[str, Any]]", CATALOGUE["articles"])[0]


def desk(house: House) -> Desk:
    """Where documents are checked, without formats."""
    return Desk(house.read(read_tenant), NoFormats())


def frozen(house: House, number: str) -> list[tuple[str | None, list[tuple[object, ...]]]]:
    """The cost centre and the shares of each line, as issued."""
    record = house.read(read_document, number)
    return [
        (line.cost_centre, [(one.centre, one.object, str(one.percent)) for one in line.costs])
        for line in record.lines
    ]


def revenue(house: House, key: str) -> list[str]:
    """The revenue legs of an entry: side, account, centre/object, amount."""
    with house.database.read(house.tenant.id) as tx:
        (entry,) = [one for one in read_entries(tx, JournalFilter()) if one.key == key]
    return [
        f"{leg.side} {leg.account} {leg.cost_centre}/{leg.cost_object} {leg.amount}"
        for leg in entry.legs
        if leg.slot == "REVENUE"
    ]


def costs_sum(house: House) -> dict[str, Decimal]:
    """Revenue by cost centre and object over the whole journal."""
    found: dict[str, Decimal] = {}
    with house.database.read(house.tenant.id) as tx:
        for entry in read_entries(tx, JournalFilter()):
            for leg in entry.legs:
                if leg.slot == "REVENUE":
                    place = f"{leg.cost_centre}/{leg.cost_object}"
                    signed = leg.amount if leg.side == "C" else -leg.amount
                    found[place] = found.get(place, Decimal(0)) + signed
    return found


@pytest.fixture
def costed(house: House) -> House:
    """V-1, not billed: a hosting of two with its own split, users as the contract's, a one-off."""
    house.take("customers", CUSTOMERS)
    own: list[dict[str, Any]] = [
        {"articleNumber": "WEB-M", "quantity": "2", "costs": SIXTY_FORTY},
        {"articleNumber": "USER", "quantity": "3"},
    ]
    setup = {"articleNumber": "SETUP", "quantity": "1", "from": "2026-10-20", "costs": OBJECT}
    house.take(
        "contracts",
        [
            contract(
                subscriptions=[{"items": own}],
                activities=[setup | {"invoiceOn": "2026-10-20"}],
                costs=[{"costCentre": "300"}],
            )
        ],
    )
    return house


def test_costs_are_frozen_on_the_lines_and_posted_by_share(costed):
    """Own split, contract's centre, own object; one centre alone stays where it always stood."""
    costed.bill(date(2026, 10, 31))

    # In the order of the run: the items of October, then the one-off.
    assert frozen(costed, "RE-000001") == [
        (None, [("100", None, "60"), ("200", "P 7", "40")]),
        ("300", [("300", None, "100")]),
        (None, [(None, "P 9", "100")]),
    ]
    assert revenue(costed, "inv:RE-000001") == [
        "C 8400 100/None 36.00",
        "C 8400 200/P 7 24.00",
        "C 8400 300/None 15.00",
        "C 8400 None/P 9 95.00",
    ]


def test_corrections_take_back_the_frozen_shares(costed):
    """Whole or in parts, whatever is booked now; a third of 60.00 three times is 36.00 and 24.00."""
    costed.bill(date(2026, 10, 31))
    change_item(costed, {"costs": [{"costCentre": "999"}]})

    for parts in (
        (LinePart(1, percent=Decimal("33.33")),),
        (LinePart(1, amount=Decimal("20.01")),),
    ):
        with costed.database.write(costed.tenant.id) as tx:
            correct_invoice(tx, desk(costed), "RE-000001", Correcting(parts, "Kulanz"))
    with costed.database.write(costed.tenant.id) as tx:
        correct_invoice(tx, desk(costed), "RE-000001", Correcting((LinePart(1),), "Kulanz"))

    assert frozen(costed, "RK-000001") == [(None, [("100", None, "60"), ("200", "P 7", "40")])]
    # 60.00 less 20.00 is 40.00: 24.00 and 16.00; less 20.01 is 19.99: 11.99 and 8.00
    assert revenue(costed, "cor:RK-000001") == ["D 8400 100/None 12.00", "D 8400 200/P 7 8.00"]
    assert revenue(costed, "cor:RK-000002") == ["D 8400 100/None 12.01", "D 8400 200/P 7 8.00"]
    assert revenue(costed, "cor:RK-000003") == ["D 8400 100/None 11.99", "D 8400 200/P 7 8.00"]
    assert costs_sum(costed) == {
        "100/None": Decimal(0),
        "200/P 7": Decimal(0),
        "300/None": Decimal("15.00"),
        "None/P 9": Decimal("95.00"),
    }


def test_a_cancellation_leaves_nothing_and_what_is_billed_again_is_as_booked_now(costed):
    """F064: the cancellation mirrors the frozen shares, the new invoice has those of today."""
    costed.bill(date(2026, 10, 31))
    change_item(costed, {"costs": [{"costCentre": "999"}]})

    with costed.database.write(costed.tenant.id) as tx:
        rebill_invoice(tx, desk(costed), "RE-000001", Cancelling())

    assert costs_sum(costed) == {
        "100/None": Decimal(0),
        "200/P 7": Decimal(0),
        "300/None": Decimal("15.00"),
        "None/P 9": Decimal("95.00"),
        "999/None": Decimal("60.00"),
    }


def test_a_cancelled_invoice_waits_with_its_costs(costed):
    """The one-off goes back to waiting as it was booked."""
    costed.bill(date(2026, 10, 31))

    with costed.database.write(costed.tenant.id) as tx:
        cancel_invoice(tx, desk(costed), "RE-000001", Cancelling())

    assert set(costs_sum(costed).values()) == {Decimal(0)}
    assert [one.costs for one in waiting(costed)] == [(CostShare(None, "P 9"),)]


def change_item(house: House, patch: dict[str, object]) -> None:
    """Patch the first item of V-1."""
    item_id = items(house)[0].id
    with house.database.write(house.tenant.id) as tx:
        changed_item(tx, house.tenant, locked_item(tx, "V-1", item_id), patch)


def test_costs_of_bookings_change_also_when_they_are_billed(costed):
    """They count from the next line on; the history says from what to what."""
    costed.bill(date(2026, 10, 31))

    change_item(costed, {"costs": OBJECT})

    assert items(costed)[0].costs == (CostShare(None, "P 9"),)
    assert last_event(costed).data["changes"] == {
        "costs": {
            "old": SIXTY_FORTY,
            "new": [{"costObject": "P 9", "percent": "100"}],
        }
    }
    change_item(costed, {"costs": None})
    assert items(costed)[0].costs == ()
    costed.bill(NOV)
    assert frozen(costed, "RE-000002")[0] == ("300", [("300", None, "100")])


def test_costs_of_a_waiting_activity_change(costed):
    """Until it is billed, as everything else of it."""
    named = waiting(costed)[0].id
    with costed.database.write(costed.tenant.id) as tx:
        present = locked_activity(tx, "V-1", named)
        changed_activity(tx, costed.tenant, present, {"costs": SIXTY_FORTY})

    assert waiting(costed)[0].costs == SPLIT
    shown = costed.read(contract_activities, costed.tenant, "V-1", on=NOV)
    assert [one.costs for one in shown if one.activity_id == named] == [SPLIT]


def test_costs_of_a_contract_change(costed):
    """Of the frame; what is not named stays."""
    with costed.database.write(costed.tenant.id) as tx:
        changed_contract(tx, locked_contract(tx, "V-1"), {"costs": SIXTY_FORTY})
    with costed.database.write(costed.tenant.id) as tx:
        changed_contract(tx, locked_contract(tx, "V-1"), {"orderReference": "B-1"})

    assert costed.read(show_contract, "V-1").overview.contract.costs == SPLIT


def test_costs_of_an_article_count_where_nothing_else_is_said(house):
    """Shares win over the one cost centre of an article; they change like it."""
    hosting = {**HOSTING, "costCentre": "WEB", "costs": SIXTY_FORTY}
    house.take("customers", CUSTOMERS)
    house.take("catalogue", {"articles": [hosting | {"articleNumber": "WEB-2"}]})
    own = [{"articleNumber": "WEB-2", "quantity": "1"}]
    house.take("contracts", [contract(subscriptions=[{"items": own}], activities=[])])

    house.bill(date(2026, 10, 31))
    with house.database.write(house.tenant.id) as tx:
        changed_article(tx, locked_article(tx, "WEB-2"), {"costs": None})
    house.bill(NOV)

    assert house.read(articles_by_number, ["WEB-2"])["WEB-2"].article.costs == ()
    assert frozen(house, "RE-000001")[0][1] == [("100", None, "60"), ("200", "P 7", "40")]
    assert frozen(house, "RE-000002") == [("WEB", [("WEB", None, "100")])]


def test_a_large_upgrade_hands_costs_on(costed):
    """The contract's, and those of the item of the same article; given ones win."""
    given = fields_of(
        LargeUpgradeFields,
        {
            "date": "2027-01-01",
            "contractNumber": "V-2",
            "subscriptions": [
                {
                    "items": [
                        {"articleNumber": "WEB-M", "quantity": "2"},
                        {"articleNumber": "USER", "quantity": "3", "costs": OBJECT},
                    ]
                }
            ],
        },
        Form.REST,
    )
    with costed.database.write(costed.tenant.id) as tx:
        upgrade_large(tx, desk(costed), Asked("V-1", NOV), given)

    assert costed.read(show_contract, "V-2").overview.contract.costs == (CostShare("300"),)
    assert [one.costs for one in items(costed, "V-2")] == [SPLIT, (CostShare(None, "P 9"),)]


def test_an_item_of_a_small_upgrade_has_costs_too(costed):
    """One that begins has its own, one that changes keeps them (F068)."""
    web = str(items(costed)[0].id)
    given = fields_of(
        SmallUpgradeFields,
        {
            "date": "2026-11-01",
            "items": [{"itemId": web, "quantity": "5"}],
            "add": [{"articleNumber": "USER", "quantity": "1", "costs": OBJECT}],
        },
        Form.REST,
    )
    with costed.database.write(costed.tenant.id) as tx:
        upgrade_small(tx, desk(costed), Asked("V-1", NOV), given)

    begun = [one for one in items(costed) if one.start == NOV]
    assert sorted((one.article.number, one.costs) for one in begun) == [
        ("USER", (CostShare(None, "P 9"),)),
        ("WEB-M", SPLIT),
    ]


def test_a_template_carries_costs(peopled):
    """F014: of the frame, its items and activities."""
    template = {
        "key": "starter",
        "name": "Starter",
        "billingInterval": {"unit": "MONTH"},
        "costs": SIXTY_FORTY,
        "subscriptions": [
            {"items": [{"articleNumber": "WEB-M", "quantity": "1", "costs": OBJECT}]}
        ],
    }
    peopled.take("templates", [template])

    peopled.write(contract_from_template, peopled.tenant, "starter", TemplateUse("K-1", NOV, "V-1"))

    assert peopled.read(show_contract, "V-1").overview.contract.costs == SPLIT
    assert items(peopled)[0].costs == (CostShare(None, "P 9"),)


@pytest.mark.parametrize(
    ("costs", "place"),
    [
        ([{"costCentre": "100", "percent": "60"}], "costs"),
        ([{"percent": "100"}], "costs.1"),
        ([{"costCentre": "Nord-Ost"}], "costs.1.costCentre"),
        ([{"costCentre": "1", "percent": "33.33333"}], "costs.1.percent"),
        ([{"costCentre": "1", "percent": "0"}], "costs.1.percent"),
        ([{"costCentre": "1", "share": "100"}], "costs.1.share"),
        (
            [{"costObject": "P", "percent": "50"}, {"costObject": "P", "percent": "50"}],
            "costs.2",
        ),
    ],
)
def test_shares_that_make_no_sense_are_refused_at_their_place(costs, place):
    """Of the contract, an item and an activity, each by its path."""
    own = {"articleNumber": "WEB-M", "quantity": "1", "costs": costs}
    setup = {"articleNumber": "SETUP", "quantity": "1", "from": "2026-10-20", "costs": costs}
    given = contract(subscriptions=[{"items": [own]}], activities=[setup], costs=costs)

    with pytest.raises(FieldsRefused) as refused:
        fields_of(ContractFields, given, Form.REST)

    assert {part.place for part in refused.value.parts} == {
        place,
        f"subscriptions.1.items.1.{place}",
        f"activities.1.{place}",
    }


def test_a_file_with_bad_shares_is_refused(peopled):
    """With the place of its entry and field; nothing is written."""
    with pytest.raises(ImportRefused) as refused:
        peopled.take("contracts", [contract(costs=[{"costCentre": "1", "percent": "60"}])])

    assert refused.value.parts[0].place.endswith("costs")


def test_the_command_line_tells_costs_in_one_word_each():
    """Centre, object behind a slash, per cent."""
    assert cost_texts(SPLIT) == ["100: 60 %", "200/P 7: 40 %"]
    assert cost_texts((CostShare(None, "P 9"),)) == ["/P 9: 100 %"]


def test_a_patch_with_bad_shares_is_refused(costed):
    """With the path of the field."""
    with pytest.raises(FieldsRefused) as refused:
        change_item(costed, {"costs": [{"costCentre": "1", "percent": "60"}]})

    assert [part.place for part in refused.value.parts] == ["costs"]


def test_costs_come_from_a_csv_file(peopled):
    """`costs.1.costCentre`: a place in a list is a part of the header."""
    peopled.take(
        "contracts",
        "contractNumber;customerNumber;start;billingInterval.unit;costs.1.costCentre;"
        "costs.1.percent;costs.2.costObject;costs.2.percent\n"
        "V-1;K-1;2026-10-01;MONTH;100;60;P 7;40\n",
        suffix="csv",
    )

    assert peopled.read(show_contract, "V-1").overview.contract.costs == (
        CostShare("100", None, Decimal(60)),
        CostShare(None, "P 7", Decimal(40)),
    )


@pytest.fixture
def unaccounted(house: House) -> House:
    """Two invoices at 16 %, of the product groups a and b: no chart has its accounts."""
    house.take("customers", CUSTOMERS)
    house.take(
        "catalogue",
        {
            "taxGroups": [
                {
                    "key": "old",
                    "case": "STANDARD",
                    "rates": [{"validFrom": "2020-07-01", "rate": "16"}],
                }
            ],
            "productGroups": [
                {"key": key, "name": key.upper(), "taxGroup": "old"} for key in ("a", "b")
            ],
            "articles": [
                HOSTING | {"articleNumber": f"OLD-{key}", "productGroup": key} for key in ("a", "b")
            ],
        },
    )
    house.take(
        "contracts",
        [
            contract(
                f"V-{key}",
                subscriptions=[
                    {
                        "items": [
                            {"articleNumber": f"OLD-{key}", "quantity": "1", "costs": SIXTY_FORTY}
                        ]
                    }
                ],
                activities=[],
            )
            for key in ("a", "b")
        ],
    )
    house.bill(date(2026, 10, 31))
    house.write(set_account, "VAT:STANDARD:16", "1775")
    return house


def test_an_account_of_a_group_and_country_completes_its_drafts_only(unaccounted):
    """F106, invariant 10: the other group waits on, until a key for every group is set."""
    assert unaccounted.write(set_account, "REVENUE@a:STANDARD:16:AT", "8412").waiting == 0
    done = unaccounted.write(set_account, "REVENUE@a:STANDARD:16:DE", "8411")

    assert (done.posted, done.waiting) == (1, 0)
    assert revenue(unaccounted, "inv:RE-000001") == [
        "C 8411 100/None 18.00",
        "C 8411 200/P 7 12.00",
    ]
    assert unaccounted.read(lambda tx: [one.missing for one in read_drafts(tx)]) == [
        ("REVENUE:STANDARD:16", "REVENUE:STANDARD:16")
    ]
    done = unaccounted.write(set_account, "REVENUE:STANDARD:16:DE", "8410")
    assert (done.posted, done.waiting) == (1, 0)
    assert revenue(unaccounted, "inv:RE-000002") == [
        "C 8410 100/None 18.00",
        "C 8410 200/P 7 12.00",
    ]


def test_a_group_that_there_is_not_has_no_account(unaccounted):
    """A slip of the pen would be set and never used."""
    with pytest.raises(NotFound) as refused:
        unaccounted.write(set_account, "REVENUE@c:STANDARD:16", "8411")

    assert "Known: a, b, hosting" in str(refused.value)
