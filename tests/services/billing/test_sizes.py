"""Contracts of any size are billed; what no column could hold is quarantined before it is written."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.billing.scene import TENANT, Scene

from faktura.domain.activities import OpenActivity
from faktura.kernel.errors import Conflict
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.activities import BilledOneOff, billed_until, mark_billed, read_waiting
from faktura.store.catalogue import Catalogue, read_catalogue
from faktura.store.contracts import set_next_due
from faktura.store.drafts import discard_drafts
from faktura.store.quarantine import read_quarantine, release
from faktura.store.subscriptions import read_items
from faktura.store.transaction import Tx

_DAY = date(2026, 9, 15)

_BY_KEYS: dict[str, Callable[[Tx, Sequence[UUID], Catalogue], object]] = {
    "billed_until": lambda tx, keys, _: billed_until(tx, keys),
    "read_items": read_items,
    "read_waiting": read_waiting,
    "release": lambda tx, keys, _: release(tx, keys),
    "discard_drafts": lambda tx, keys, _: discard_drafts(tx, keys),
    "set_next_due": lambda tx, keys, _: set_next_due(tx, dict.fromkeys(keys)),
}


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("name", _BY_KEYS)
def test_a_customer_may_have_more_contracts_than_a_statement_has_parameters(
    scene: Scene, name: str
):
    """A chunk is whole customers: its keys may outnumber PostgreSQL's 65,535 parameters."""
    keys = [scene.database.new_id() for _ in range(66_000)]

    with scene.database.write(TENANT.id) as tx:
        found = _BY_KEYS[name](tx, keys, read_catalogue(tx))

    assert not found


def test_an_amount_that_no_column_holds_stops_nobody_else(scene: Scene):
    """O19: 10^11 pieces at 10^11 each are refused by name before anything is written."""
    scene.contract()
    absurd = scene.contract(quantity="100000000000", special_price="100000000000")
    scene.contract()

    receipt = scene.bill(_DAY)

    assert (receipt.totals.documents, receipt.totals.quarantined) == (2, 1)
    with scene.database.read(TENANT.id) as tx:
        (held,) = read_quarantine(tx)
    assert (held.contract_number, held.code) == (absurd.number, "out_of_range")


def test_absurd_lines_that_cancel_each_other_are_refused_too(scene: Scene):
    """O19: a total of 30.00 does not make lines of 10^12 writable."""
    contract = scene.contract()
    for price in ("1000000", "-1000000"):
        scene.activity(contract, _one_off(scene, price, quantity="1000000"))

    receipt = scene.bill(_DAY)

    assert (receipt.totals.documents, receipt.totals.quarantined) == (0, 1)
    with scene.database.read(TENANT.id) as tx:
        (held,) = read_quarantine(tx)
    assert held.code == "out_of_range"


def test_what_is_billed_already_cannot_be_marked_again(scene: Scene):
    """F040: a one-off is billed exactly once, or the transaction that does it again is lost."""
    contract = scene.contract()
    extra = _one_off(scene, "12.50")
    scene.activity(contract, extra)
    scene.bill(_DAY)

    with (
        pytest.raises(Conflict, match="1 of 1 activities"),
        scene.database.write(TENANT.id) as tx,
    ):
        mark_billed(tx, [BilledOneOff(extra.id, 1250, 1488, None, None)], None)


def _one_off(scene: Scene, price: str, quantity: str = "1") -> OpenActivity:
    return OpenActivity(
        scene.database.new_id(),
        scene.article,
        Origin.ONE_OFF,
        Decimal(quantity),
        Period(_DAY, date(2026, 9, 16)),
        unit_price=Decimal(price),
    )
