"""Waiving what a notice charged: given up and posted back, never deleted."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from tests.services.dunning.scene import Scene

from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.kernel.terms import AccountFact
from faktura.services.dunning_waivers import waive_charges
from faktura.store import tables
from faktura.store.accounts import read_account, read_open_items
from faktura.store.journal import JournalFilter, read_entries


def _charged(scene: Scene) -> None:
    scene.owe(scene.customer(), "R-1", 11_900, date(2026, 3, 2))
    scene.dun(date(2026, 3, 9))
    scene.dun(date(2026, 3, 23))


def _waive(scene: Scene, number: str) -> int:
    with scene.database.write(scene.tenant.id) as tx:
        return waive_charges(tx, scene.tenant, number, reason="Kulanz", by="mia").minor


def test_a_waiver_posts_fee_and_interest_back(scene: Scene):
    """5.00 of fee and 0.70 of interest leave the account as they came, without VAT."""
    _charged(scene)

    assert _waive(scene, "MG-000001") == 570

    with scene.database.read(scene.tenant.id) as tx:
        entries = [one for one in read_entries(tx, JournalFilter()) if one.kind == "DUNNING_WAIVED"]
        items = read_open_items(tx)
        account = read_account(tx, items[0].customer_id, "EUR")
    assert [(leg.account, leg.side, str(leg.amount)) for leg in entries[0].legs] == [
        ("2700", "D", "5.00"),
        ("2650", "D", "0.70"),
        ("1400", "C", "5.70"),
    ]
    assert (account[-1].fact, account[-1].amount.minor, account[-1].text) == (
        AccountFact.DUNNING_WAIVED,
        -570,
        "Erlass MG-000001",
    )
    assert [one.number for one in items] == ["R-1"]


def test_why_stands_with_the_account_and_in_no_event(scene: Scene):
    """Free text may be about a person: events are kept for ever."""
    _charged(scene)
    _waive(scene, "MG-000001")

    with scene.database.read(scene.tenant.id) as tx:
        (told,) = tx.connection.execute(
            select(tables.event.c.data).where(tables.event.c.type == "DUNNING_WAIVED")
        ).scalars()
        (item,) = read_open_items(tx)
        account = read_account(tx, item.customer_id, "EUR")
    assert sorted(json.loads(told)) == [
        "amount",
        "by",
        "charges",
        "currency",
        "customerNumber",
        "notice",
    ]
    assert account[-1].remittance == "Kulanz"


def test_only_what_is_open_is_waived_and_in_proportion(scene: Scene):
    """2.85 of 5.70 are half of fee and interest each: 2.50 and 0.35."""
    _charged(scene)
    scene.pay("MG-000001", 285, date(2026, 4, 1))

    assert _waive(scene, "MG-000001") == 285

    with scene.database.read(scene.tenant.id) as tx:
        entries = [one for one in read_entries(tx, JournalFilter()) if one.kind == "DUNNING_WAIVED"]
    assert [str(leg.amount) for leg in entries[0].legs] == ["2.50", "0.35", "2.85"]


def test_nothing_else_is_waived(scene: Scene):
    """An invoice is written off, charges that are settled stay settled."""
    _charged(scene)
    scene.pay("MG-000001", 570, date(2026, 4, 1))

    with pytest.raises(TransitionRefused, match="nothing is open of MG-000001"):
        _waive(scene, "MG-000001")
    with pytest.raises(TransitionRefused, match="R-1 is of kind OPENING"):
        _waive(scene, "R-1")
    with pytest.raises(NotFound, match="there is no document MG-9"):
        _waive(scene, "MG-9")
