"""Impossible changes are refused with the rule and the field; nothing is half-applied."""

from datetime import date
from typing import Any

import pytest
from tests.services.changes.world import World

from faktura.kernel.errors import Conflict, FakturaError, TransitionRefused
from faktura.services.contracts import void_contract
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.payment_fields import TakenBackFields, WriteOffFields
from faktura.services.write_offs import undo_write_off, write_off

AUG_1, AUG_10 = date(2019, 8, 1), date(2019, 8, 10)
TWO = [{"currentArticleNumber": "MEMBER", "quantity": "2"}]


def _refused(world: World, number: str, **given: Any) -> FakturaError:
    before = world.documents(), world.item_ids(number)
    with pytest.raises(FieldsRefused) as refused:
        world.upgrade(number, AUG_10, **given)
    assert (world.documents(), world.item_ids(number)) == before
    (problem,) = refused.value.parts
    return problem


def test_an_article_of_another_unit(world: World):
    """F024."""
    number = world.member()
    world.bill(AUG_1)

    problem = _refused(
        world,
        number,
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "articleNumber": "YEARLY"}],
    )

    assert problem.place == "articleNumber"
    assert "per YEAR" in problem.problem


def test_a_day_before_the_start(world: World):
    """F070."""
    problem = _refused(world, world.member(), date="2019-07-31", items=TWO)

    assert problem.place == "date"
    assert "F070" in problem.problem


def test_a_day_on_which_the_item_does_not_run(world: World):
    """F070: the second item begins later."""
    number = world.member()
    world.upgrade(number, AUG_1, date="2019-09-01", items=TWO)
    later = world.item_ids(number)[1]

    problem = _refused(
        world, number, date="2019-08-10", items=[{"itemId": str(later), "quantity": "3"}]
    )

    assert problem.place == "date"


def test_no_change_at_all(world: World):
    """F068."""
    assert _refused(world, world.member(), date="2019-08-10").place == "items"


def test_an_item_that_is_named_twice(world: World):
    """Nobody could say which of both counts."""
    assert _refused(world, world.member(), date="2019-08-10", items=TWO + TWO).place == "items"


def test_an_item_that_is_not_named(world: World):
    """Neither by its id nor by its article."""
    problem = _refused(world, world.member(), date="2019-08-10", items=[{"quantity": "2"}])

    assert problem.place == "items.1.itemId"


def test_an_article_that_no_open_item_has(world: World):
    """The name must mean exactly one item."""
    problem = _refused(
        world,
        world.member(),
        date="2019-08-10",
        items=[{"currentArticleNumber": "SEAT", "quantity": "2"}],
    )

    assert problem.place == "items.1.currentArticleNumber"


def test_the_id_of_another_contracts_item(world: World):
    """Items are looked up in the contract alone."""
    other = world.item_ids(world.member())[0]

    with pytest.raises(FakturaError, match="no such item"):
        world.upgrade(
            world.member(),
            AUG_10,
            date="2019-08-10",
            items=[{"itemId": str(other), "quantity": "2"}],
        )


def test_an_id_that_is_none(world: World):
    """It is said where."""
    problem = _refused(
        world, world.member(), date="2019-08-10", items=[{"itemId": "x", "quantity": "2"}]
    )

    assert problem.place == "items.1.itemId"


def test_an_item_that_ends_and_changes(world: World):
    """One or the other."""
    problem = _refused(
        world,
        world.member(),
        date="2019-08-10",
        items=[{"currentArticleNumber": "MEMBER", "quantity": "2", "remove": True}],
    )

    assert problem.place == "items.1.remove"


def test_time_that_another_system_billed(world: World):
    """P54: there is no document to correct."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1", "billedUntil": "2019-09-01"}]}
        ]
    )

    problem = _refused(world, number, date="2019-08-10", items=TWO)

    assert "P54" in problem.problem
    assert "2019-09-01" in problem.mend


def test_a_day_inside_a_period_that_is_billed_whole_only(world: World):
    """P8: under the convention NONE a change takes effect with a period."""
    problem = _refused(world, world.member(dayCount="NONE"), date="2019-08-10", items=TWO)

    assert "P8" in problem.problem
    assert "2019-08-01" in problem.mend


def test_a_voided_contract(world: World):
    """F068: nothing of it changes."""
    number = world.member(activate=False)
    with world.database.write(world.tenant.id) as tx:
        void_contract(tx, number)

    with pytest.raises(TransitionRefused, match="VOIDED"):
        world.upgrade(number, AUG_10, date="2019-08-10", items=TWO)


def test_a_day_after_the_contract(world: World):
    """F070: it has ended by then."""
    number = world.member()
    world.terminate(number, AUG_10, end="2019-10-01")

    assert _refused(world, number, date="2019-10-01", items=TWO).place == "date"


def test_a_second_successor(world: World):
    """F022: one contract follows another."""
    number = world.member()
    quarterly = {
        "date": "2019-09-01",
        "billingInterval": {"count": 3, "unit": "MONTH"},
        "subscriptions": [{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
    }
    world.upgrade_large(number, AUG_10, **quarterly)

    with pytest.raises(TransitionRefused, match="F022"):
        world.upgrade_large(number, AUG_10, **{**quarterly, "date": "2019-08-20"})


def test_a_successor_of_nothing(world: World):
    """F069: neither subscriptions nor a template."""
    with pytest.raises(FieldsRefused) as refused:
        world.upgrade_large(world.member(), AUG_10, date="2019-09-01")

    assert refused.value.parts[0].place == "subscriptions"


def test_a_successor_whose_article_does_not_fit_its_interval(world: World):
    """F024 holds for it as for every contract; the old one goes on."""
    number = world.member()
    world.bill(AUG_1)

    with pytest.raises(FieldsRefused) as refused:
        world.upgrade_large(
            number,
            AUG_10,
            date="2019-08-10",
            billingInterval={"count": 1, "unit": "YEAR"},
            subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
        )

    assert refused.value.parts[0].place == "subscriptions.1.items.1.articleNumber"
    assert world.read(number).end is None
    assert len(world.documents()) == 1


def test_an_alignment_to_a_day_on_which_nothing_runs(world: World):
    """F029: the field has the request's name."""
    number = world.member()

    with pytest.raises(FieldsRefused) as refused:
        world.align(number, AUG_10, startOfNewServicePeriod="2019-07-01")

    assert refused.value.parts[0].place == "startOfNewServicePeriod"


def test_a_successor_with_an_item_before_the_change(world: World):
    """F069: the days before it are billed on the old contract, never twice."""
    number = world.member()
    world.bill(AUG_1)

    with pytest.raises(FieldsRefused) as refused:
        world.upgrade_large(
            number,
            AUG_10,
            date="2019-08-10",
            inheritContractStart=True,
            subscriptions=[
                {
                    "termStart": "2019-08-01",
                    "items": [{"articleNumber": "BUNDLE", "quantity": "1", "from": "2019-08-09"}],
                }
            ],
        )

    assert refused.value.parts[0].place == "subscriptions.1.items.1.from"
    assert "F069" in refused.value.parts[0].problem
    assert len(world.documents()) == 1


def test_an_alignment_of_an_item_that_is_named_twice(world: World):
    """F029: it would go on twice, and be billed twice."""
    number = world.member()
    world.bill(AUG_1)
    own = str(world.item_ids(number)[0])

    with pytest.raises(FieldsRefused) as refused:
        world.align(
            number, AUG_10, startOfNewServicePeriod="2019-08-15", itemIds=[own, own.upper()]
        )

    assert refused.value.parts[0].place == "itemIds"
    assert len(world.documents()) == 1


def test_a_successor_of_a_contract_that_is_terminated(world: World):
    """F069: it would silently go on beyond the end that was agreed."""
    number = world.member()
    world.bill(AUG_1)
    world.terminate(number, AUG_10, end="2019-10-15")

    with pytest.raises(TransitionRefused, match="F069"):
        world.upgrade_large(
            number,
            AUG_10,
            date="2019-09-10",
            subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
        )

    assert world.read(number).end == date(2019, 10, 15)


def test_an_end_of_a_contract_that_another_one_follows(world: World):
    """F022: between both there would be days that nobody bills; the mend names the successor."""
    number = world.member()
    changed = world.upgrade_large(
        number,
        AUG_10,
        date="2019-10-01",
        subscriptions=[{"items": [{"articleNumber": "BUNDLE", "quantity": "1"}]}],
    )

    with pytest.raises(TransitionRefused, match="F022") as refused:
        world.terminate(number, AUG_10, end="2019-09-01", extraordinary=True)

    assert changed.successor is not None
    assert changed.successor.number in refused.value.mend


def test_more_items_than_one_request_may_change(world: World):
    """All of it happens in one transaction, in which the customer's account is locked."""
    number = world.member()

    with pytest.raises(FieldsRefused) as refused:
        world.upgrade(
            number,
            AUG_10,
            date="2019-08-10",
            add=[{"articleNumber": "SEAT", "quantity": "1"}] * 501,
        )

    assert refused.value.parts[0].place == "add"
    assert "501 entries are more than 500" in refused.value.parts[0].problem


def test_an_alignment_once_every_item_has_ended(world: World):
    """F029: there is no period left to be counted from that day."""
    number = world.contract(
        subscriptions=[
            {"items": [{"articleNumber": "MEMBER", "quantity": "1", "until": "2019-09-01"}]}
        ]
    )

    with pytest.raises(FieldsRefused) as refused:
        world.align(number, AUG_10, startOfNewServicePeriod="2019-09-01")

    (problem,) = refused.value.parts
    assert problem.place == "startOfNewServicePeriod"
    assert "F029" in problem.problem


def test_what_was_written_off_is_not_taken_back_by_a_change(world: World):
    """§ 17 UStG: its VAT is corrected already; nobody paid what a correction would give back."""
    number = world.member()
    world.bill(AUG_1)
    (invoice,) = (document.number for document in world.documents())
    reason = {"reason": "Insolvenz"}
    end = {"end": "2019-08-11", "toTheDay": True, "extraordinary": True}
    with world.database.write(world.tenant.id) as tx:
        write_off(tx, world.tenant, invoice, WriteOffFields.model_validate(reason))

    with pytest.raises(Conflict, match=f"{invoice} is written off") as refused:
        world.terminate(number, AUG_10, **end)

    assert f"invoices write-off {invoice} --undo" in str(refused.value.mend)
    assert world.balance() == "0.00"
    with world.database.write(world.tenant.id) as tx:
        undo_write_off(tx, world.tenant, invoice, TakenBackFields.model_validate(reason))
    world.terminate(number, AUG_10, **end)
    assert world.violations() == []
