"""What a preview said is what the run then makes: kind, dates, lines, amounts, VAT (F060)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.services.billing.asks import dry_interim, interim
from tests.services.billing.forecasts import (
    DAYS,
    FIRST,
    SHOP,
    SOLD,
    Sold,
    issued,
    known,
    opened,
    plain,
    plain_data,
)
from tests.services.changes.world import NoFormats, World

from faktura.flows.billing import run_billing
from faktura.flows.previews import Page, preview_of, preview_page, preview_run
from faktura.kernel.errors import FakturaError
from faktura.store import tables
from faktura.store.billing import Scope
from faktura.store.quarantine import read_quarantine

CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
A_FEW = settings(max_examples=8, deadline=None, suppress_health_check=CHECKS)
# The profile's number is meant for laws without a database.
MANY = settings(
    max_examples=max(8, (settings.default or A_FEW).max_examples // 10),
    deadline=None,
    suppress_health_check=CHECKS,
)
JOINED = [
    Sold("MEMBER", "1", FIRST),
    Sold("SEAT", "2", FIRST),
    Sold("USER", "1", FIRST, 1, is_poor=True),
]


@A_FEW
@given(sold=SHOP, on=DAYS, joined=st.booleans())
@example(sold=JOINED, on=date(2019, 9, 1), joined=True)
def test_a_run_makes_what_its_preview_said(world: World, sold, on, joined):
    """Also what it holds back, and page by page as in one piece."""
    check_a_run(world, sold, on, joined=joined)


@pytest.mark.nightly
@MANY
@given(sold=SHOP, on=DAYS, joined=st.booleans())
def test_a_long_search_finds_no_run_that_differs_from_its_preview(world: World, sold, on, joined):
    """The same law."""
    check_a_run(world, sold, on, joined=joined)


def check_a_run(world: World, sold: list[Sold], on: date, *, joined: bool) -> None:
    """Preview a run, whole and in pages, then run it."""
    scope, numbers = opened(world, sold, joined=joined)
    seen = list(preview_run(world.database, world.tenant, NoFormats(), on, scope=scope))
    paged = pages(world, on, scope)
    before = known(world)

    run_billing(world.database, world.tenant, NoFormats(), on, scope=scope)

    assert issued(world, before) == [plain(row) for row in seen if "problem" not in row]
    with world.database.read(world.tenant.id) as tx:
        held = {(one.contract_number, one.code) for one in read_quarantine(tx)}
    assert {(number, code) for number, code in held if number in numbers} == {
        (row["contractNumber"], row["errorKey"]) for row in seen if "problem" in row
    }
    assert paged == seen
    assert list(preview_run(world.database, world.tenant, NoFormats(), on, scope=scope)) == [
        row for row in seen if "problem" in row
    ]


def pages(world: World, on: date, scope: Scope) -> list[dict[str, object]]:
    """The preview, two contracts at a time."""
    rows: list[dict[str, object]] = []
    after: str | None = None
    while True:
        page = preview_page(
            world.database, world.tenant, NoFormats(), on, scope, Page(after, limit=2)
        )
        rows += page.rows
        after = page.next_after
        if after is None:
            return rows


@A_FEW
@given(sold=SHOP, on=DAYS, joined=st.booleans())
@example(sold=JOINED, on=date(2019, 9, 1), joined=True)
def test_a_contract_is_on_the_documents_that_its_preview_said(world: World, sold, on, joined):
    """F060: with what it shares them with; one that has no price says so."""
    scope, numbers = opened(world, sold, joined=joined)
    seen: dict[str, list[dict[str, Any]]] = {}
    for number, one in zip(numbers, sold, strict=True):
        try:
            shown = preview_of(world.database, world.tenant, number, on)
        except FakturaError:
            assert one.is_poor
        else:
            seen[number] = [plain(row) for row in shown.invoices if row["gross"] != "0.00"]
    before = known(world)

    run_billing(world.database, world.tenant, NoFormats(), on, scope=scope)

    found = issued(world, before)
    for number, expected in seen.items():
        assert [row for row in found if number in row["contractNumbers"]] == expected


@A_FEW
@given(sold=SOLD, on=DAYS, run=DAYS)
@example(sold=Sold("MEMBER", "1", FIRST, waiting=("2019-08-12", None, True)), on=FIRST, run=FIRST)
def test_interim_billing_makes_what_its_dry_run_said(world: World, sold, on, run):
    """F021: after a run of any day; refused alike where it cannot be billed."""
    check_interim(world, sold, on, run)


@pytest.mark.nightly
@MANY
@given(sold=SOLD, on=DAYS, run=DAYS)
def test_a_long_search_finds_no_interim_billing_that_differs(world: World, sold, on, run):
    """The same law."""
    check_interim(world, sold, on, run)


def check_interim(world: World, sold: Sold, on: date, run: date) -> None:
    """A dry run of interim billing after a run, then the act."""
    scope, (number,) = opened(world, [sold], joined=False)
    run_billing(world.database, world.tenant, NoFormats(), run, scope=scope)
    before = known(world)
    try:
        seen = dry_interim(world, number, on)
    except FakturaError as error:
        with pytest.raises(type(error)):
            interim(world, number, on)
        return

    done = interim(world, number, on)

    assert issued(world, before) == [plain(plain_data(draft)) for draft in seen.drafts]
    assert (done.nothing_due, done.next_due_on) == (seen.nothing_due, seen.next_due_on)
    with world.database.read(world.tenant.id) as tx:
        (due,) = tx.connection.execute(
            tables.contract.select()
            .with_only_columns(tables.contract.c.next_due_on)
            .where(tables.contract.c.number == number)
        ).scalars()
    assert due == done.next_due_on
