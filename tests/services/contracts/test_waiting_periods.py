"""What a cancelled invoice billed and a pause lies over is not billed again (F064, P10)."""

import pytest
from tests.services.billing.scene import NoFormats
from tests.services.contracts.lives import billed, contract, day, due, violations

from faktura.domain.pauses import Pause
from faktura.services.cancelling import Cancelling, cancel_invoice
from faktura.services.issuing import Desk
from faktura.services.pausing import pause_subscription


@pytest.fixture
def cancelled(peopled):
    """V-1 runs since 1 September 2026 at 30.00 a month; its only invoice, of October, is cancelled."""
    peopled.take("contracts", [contract(start="2026-10-01")])
    peopled.bill(day("2026-10-01"))
    peopled.write(
        lambda tx: cancel_invoice(
            tx, Desk(peopled.tenant, NoFormats()), "RE-000001", Cancelling(day("2026-10-31"))
        )
    )
    return peopled


def paused(house, start, end):
    """The contract rests; returns the lines that the run of 31 October bills then."""
    rest = Pause(day(start), None if end is None else day(end), "moved house")
    house.write(pause_subscription, house.tenant, "V-1", rest)
    house.bill(day("2026-10-31"))
    assert violations(house) == []
    _first, *lines = [line for line in billed(house) if line[2] > 0]
    return lines


def test_a_pause_over_a_waiting_period_leaves_only_what_follows_it(cancelled):
    """Resumed on 16 October: 16 of 31 days of 30.00 are 15.48."""
    assert paused(cancelled, "2026-10-01", "2026-10-16") == [("2026-10-16", "2026-11-01", 1548)]


def test_nothing_is_billed_again_in_an_open_pause(cancelled):
    """Neither October nor anything after it."""
    assert paused(cancelled, "2026-10-01", None) == []
    assert due(cancelled) is None


def test_a_waiting_period_that_begins_before_the_pause_is_billed_whole(cancelled):
    """It runs already when the pause begins."""
    assert paused(cancelled, "2026-10-10", "2026-10-16") == [("2026-10-01", "2026-11-01", 3000)]
