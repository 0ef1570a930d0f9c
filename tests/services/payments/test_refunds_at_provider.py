"""Refunds over the provider: never too much, once, booked when done, booked back when they fail (P33)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from tests.services.payments.refunds import Refunds, at_double

from faktura.flows.refunding import give_back, resolve_refunds
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Registry
from faktura.kernel.errors import CurrencyMismatch, FakturaError, OutOfRange, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ProviderState, RefundState
from faktura.kernel.terms import Chart, PaymentMethod
from faktura.plugin import RefundAnswer, RefundOutcome
from faktura.services.opening_refunds import (
    WantedRefund,
    attempt_named,
    mark_refund_sent,
    open_refund,
)
from faktura.store.database import Database
from faktura.store.payment_accounts import change_account_state
from faktura.testing.double_steps import Do, Step
from faktura.testing.payment_double import DoubleProvider


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Refunds:
    """Three invoices, none paid."""
    return Refunds(database, tmp_path / "content")


@pytest.mark.parametrize(
    ("chart", "bank", "transit", "receivables"),
    [(Chart.SKR03, "1200", "1360", "1400"), (Chart.SKR04, "1800", "1460", "1200")],
)
def test_a_refund_is_booked_once_the_provider_says_that_it_is_done(
    database: Database, tmp_path: Path, chart: Chart, bank: str, transit: str, receivables: str
) -> None:
    """30.00 of the cancellation's credit of 35.70 leave the money in transit; said twice, booked once."""
    scene = Refunds(database, tmp_path / "content", chart=chart, ledger_account=bank)
    refund = scene.open_one(scene.paid_and_cancelled(), "30.00")
    assert scene.posted() == []

    assert scene.said(refund, RefundAnswer.PENDING, reference="re_1")
    assert scene.posted() == []
    assert scene.said(refund, RefundAnswer.SUCCEEDED, reference="re_1")
    assert not scene.said(refund, RefundAnswer.SUCCEEDED, reference="re_1")

    assert scene.posted() == [f"REFUND: S {receivables} 30.00, H {transit} 30.00"]
    assert scene.open()["RK-000001"] == "-5.70 EUR"
    assert scene.owes() == "-5.70 EUR"
    assert scene.refunds() == [("30.00 EUR", "SUCCEEDED")]
    assert scene.violations() == []


def test_never_more_than_the_credit_and_what_is_under_way_counts(scene: Refunds) -> None:
    """P37: two of 20.00 at once are 4.30 too much; one failed frees its part."""
    attempt = scene.paid_and_cancelled()
    first = scene.open_one(attempt, "20.00")

    with pytest.raises(OutOfRange, match=r"15.70 EUR are left of it"):
        scene.open_one(attempt, "20.00")
    scene.said(first, RefundAnswer.FAILED, message="closed card")
    scene.open_one(attempt, "35.70")

    assert scene.refunds() == [("20.00 EUR", "FAILED"), ("35.70 EUR", "CREATED")]
    assert [kind for kind, _ in scene.tasks()] == ["REFUND_FAILED"]


def test_two_refunds_at_the_same_moment_are_not_more_than_there_is(scene: Refunds) -> None:
    """Of 35.70, 20.00 twice: one waits for the other's lock and is refused."""
    attempt = scene.paid_and_cancelled()

    def ask(_no: int) -> str:
        try:
            return str(scene.open_one(attempt, "20.00").amount)
        except OutOfRange as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(ask, range(2)))

    assert said == ["20.00 EUR", "out_of_range"]
    assert scene.refunds() == [("20.00 EUR", "CREATED")]


def test_a_paid_invoice_without_credit_is_not_refunded(scene: Refunds) -> None:
    """It is corrected or cancelled first."""
    attempt = scene.paid("RE-000001")

    with pytest.raises(TransitionRefused, match="more than the credit"):
        scene.open_one(attempt, "10.00")


def test_a_double_payment_is_refunded_and_the_invoice_stays_paid(scene: Refunds) -> None:
    """P33: 30.00 were paid before; the refund takes the 30.00 that count for no document."""
    attempt = scene.attempt("RE-000001")
    scene.record("RE-000001", "30.00")
    scene.succeed(attempt)
    scene.posted()

    refund = scene.open_one(attempt, "30.00")
    assert refund.document_id is None
    scene.said(refund, RefundAnswer.SUCCEEDED)

    assert "RE-000001" not in scene.open()
    assert scene.owes() == "0.00 EUR"
    assert scene.posted() == ["REFUND: S 1400 30.00, H 1360 30.00"]
    assert scene.violations() == []


def test_a_refund_that_fails_after_it_was_done_is_booked_back(scene: Refunds) -> None:
    """Weeks later: the credit is there again, a person is asked; a late success changes nothing."""
    refund = scene.open_one(scene.paid_and_cancelled(), "35.70")
    scene.said(refund, RefundAnswer.SUCCEEDED, reference="re_1")
    assert scene.owes() == "0.00 EUR"

    assert scene.said(refund, RefundAnswer.FAILED, message="closed card")
    assert not scene.said(refund, RefundAnswer.FAILED)
    assert not scene.said(refund, RefundAnswer.SUCCEEDED)

    assert scene.open()["RK-000001"] == "-35.70 EUR"
    assert scene.owes() == "-35.70 EUR"
    assert scene.tasks() == [("REFUND_FAILED", f"refund {refund.id}")]
    assert scene.violations() == []


def test_a_refund_of_free_credit_that_fails_is_credit_again(scene: Refunds) -> None:
    """Money that counts for no document comes back as such."""
    attempt = scene.attempt("RE-000001")
    scene.record("RE-000001", "35.70")
    scene.succeed(attempt)
    refund = scene.open_one(attempt, "35.70")
    scene.said(refund, RefundAnswer.SUCCEEDED)

    scene.said(refund, RefundAnswer.FAILED)

    assert scene.owes() == "-35.70 EUR"
    assert scene.violations() == []


def test_credit_that_is_gone_when_a_refund_is_done_is_owed_and_a_person_looks(
    scene: Refunds,
) -> None:
    """20.00 were paid out by hand meanwhile: of 35.70, 20.00 were no credit any more."""
    refund = scene.open_one(scene.paid_and_cancelled(), "35.70")
    scene.refund("K-1", "20.00", invoiceNumber="RE-000001")

    scene.said(refund, RefundAnswer.SUCCEEDED)

    assert scene.owes() == "20.00 EUR"
    assert scene.tasks() == [("REFUND_FOREIGN", f"refund {refund.id}")]
    assert scene.violations() == []


def test_a_late_or_lost_answer_does_not_undo_what_is_known(scene: Refunds) -> None:
    """Accepted stays accepted; done stays done; unknown for a day is a person's."""
    refund = scene.open_one(scene.paid_and_cancelled(), "35.70")
    scene.said(refund, RefundAnswer.PENDING)
    assert not scene.said(refund, RefundAnswer.ABSENT)
    assert scene.refunds() == [("35.70 EUR", "PENDING")]
    scene.said(refund, RefundAnswer.SUCCEEDED)
    assert not scene.said(refund, RefundAnswer.UNCLEAR)
    assert scene.refunds() == [("35.70 EUR", "SUCCEEDED")]

    other = scene.open_one(scene.paid_and_cancelled("RE-000002"), "100.00")
    assert scene.said(other, RefundAnswer.UNCLEAR)
    scene.clock.advance(timedelta(days=1))
    scene.said(other, RefundAnswer.UNCLEAR)
    assert scene.tasks() == [("PAYMENT_UNCLEAR", f"refund {other.id}")]


def test_another_amount_than_was_asked_for_is_not_booked(scene: Refunds) -> None:
    """A person compares it."""
    refund = scene.open_one(scene.paid_and_cancelled(), "30.00")

    scene.said(refund, RefundAnswer.SUCCEEDED, amount=Decimal("30.01"), currency="EUR")

    assert scene.posted() == []
    assert scene.refunds() == [("30.00 EUR", "UNKNOWN")]
    assert scene.tasks() == [("PAYMENT_DIFFERS", f"refund {refund.id}")]


def test_a_refund_made_at_the_provider_pays_out_credit_and_a_person_looks_at_it(
    scene: Refunds,
) -> None:
    """Known by its reference there: told twice, booked once."""
    attempt = scene.paid_and_cancelled()

    assert scene.foreign(attempt, "35.70")
    assert not scene.foreign(attempt, "35.70")

    assert scene.posted() == ["REFUND: S 1400 35.70, H 1360 35.70"]
    assert scene.owes() == "0.00 EUR"
    assert scene.tasks() == [("REFUND_FOREIGN", "double:re_9")]
    assert scene.violations() == []


def test_a_refund_made_at_the_provider_does_not_open_a_paid_invoice(scene: Refunds) -> None:
    """P33: no credit was there, so they owe it on the account, and the invoice stays paid."""
    attempt = scene.paid("RE-000001")

    scene.foreign(attempt, "35.70")

    assert "RE-000001" not in scene.open()
    assert scene.owes() == "35.70 EUR"
    assert scene.chargebacks() == []
    assert scene.violations() == []


def test_a_refund_of_ours_that_was_told_as_foreign_first_is_booked_once(scene: Refunds) -> None:
    """The provider's event without our mark came before the answer."""
    attempt = scene.paid_and_cancelled()
    refund = scene.open_one(attempt, "35.70")
    scene.foreign(attempt, "35.70", "re_1")

    scene.said(refund, RefundAnswer.SUCCEEDED, reference="re_1")

    assert scene.owes() == "0.00 EUR"
    assert scene.refunds() == [("35.70 EUR", "SUCCEEDED"), ("35.70 EUR", "FAILED")]
    assert scene.violations() == []


def test_what_cannot_be_refunded_is_refused_at_once(scene: Refunds) -> None:
    """Not there, another currency, not paid, disputed, charged back."""
    attempt = scene.paid_and_cancelled()
    dollars = WantedRefund(attempt.id, Money(100, "USD"), "x")
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(CurrencyMismatch):
        open_refund(tx, scene.tenant, dollars)
    part = WantedRefund(attempt.id, Money(100, "EUR"), "x")
    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(TransitionRefused, match="whole only"),
    ):
        open_refund(tx, scene.tenant, part, partial=False)
    with pytest.raises(OutOfRange):
        scene.open_one(attempt, "0.00")
    with pytest.raises(TransitionRefused, match="is PENDING"):
        scene.open_one(scene.attempt("RE-000002"), "1.00")
    with pytest.raises(TransitionRefused, match="is PENDING"):
        scene.foreign(scene.attempt("RE-000003"), "1.00")
    scene.dispute(attempt, "double:dp_1", "5.00")
    with pytest.raises(TransitionRefused, match="disputed"):
        scene.open_one(attempt, "1.00")
    scene.dispute(attempt, "double:dp_2", "30.70")
    with pytest.raises(TransitionRefused, match="is CHARGED_BACK"):
        scene.open_one(attempt, "1.00")
    assert scene.refunds() == []


def test_a_debit_is_not_refunded_for_eight_weeks_unless_somebody_says_so(scene: Refunds) -> None:
    """Refunded and returned, it would be paid twice (payments 1.6)."""
    attempt = scene.paid("RE-000001", method=PaymentMethod.SEPA_DEBIT)
    scene.cancel("RE-000001")

    with pytest.raises(TransitionRefused, match="eight weeks"):
        scene.open_one(attempt, "10.00")
    scene.open_one(attempt, "10.00", in_return_time=True)
    scene.clock.advance(timedelta(weeks=8))
    scene.open_one(attempt, "10.00")

    assert len(scene.refunds()) == 2


def test_a_payment_is_named_by_its_invoice_where_only_one_can_be_meant(scene: Refunds) -> None:
    """Else by the attempt's id."""
    attempt = scene.paid("RE-000001")
    with scene.database.read(scene.tenant.id) as tx:
        assert attempt_named(tx, "RE-000001").id == attempt.id
        assert attempt_named(tx, str(attempt.id)).id == attempt.id
        with pytest.raises(TransitionRefused, match="0 payments of RE-000002"):
            attempt_named(tx, "RE-000002")
        for unknown in ("RE-9", str(uuid4())):
            with pytest.raises(FakturaError):
                attempt_named(tx, unknown)


async def test_money_goes_back_over_the_provider(scene: Refunds) -> None:
    """Asked once, booked at once; our id is the key."""
    attempt = await at_double(scene)
    wanted = WantedRefund(attempt.id, Money(3570, "EUR"), "Storno", "mia")

    done = await give_back(scene.refund_desk, wanted)

    assert (done.refund.state, done.refund.tries) == (RefundState.SUCCEEDED, 1)
    assert [key for key, _ in scene.books.calls("refund")] == [done.refund.id.hex]
    assert scene.owes() == "0.00 EUR"


@pytest.mark.parametrize("lost", [Do.LOSE, Do.RAISE, Do.DROP, Do.UNAVAILABLE])
async def test_an_answer_that_got_lost_is_found_out_and_nothing_is_paid_twice(
    scene: Refunds, lost: Do
) -> None:
    """The same key again, until somebody knows: one refund in the double's books."""
    attempt = await at_double(scene)
    scene.books.script(Step(lost, invoice="refund"))

    first = await give_back(scene.refund_desk, WantedRefund(attempt.id, Money(3570, "EUR"), "x"))
    assert first.refund.state in (RefundState.UNKNOWN, RefundState.SENT)
    assert scene.owes() == "-35.70 EUR"
    assert await resolve_refunds(scene.refund_desk) == 0
    scene.clock.advance(timedelta(minutes=2))
    assert await resolve_refunds(scene.refund_desk) == 1
    scene.clock.advance(timedelta(days=2))
    assert await resolve_refunds(scene.refund_desk) == 0

    assert scene.refunds() == [("35.70 EUR", "SUCCEEDED")]
    assert scene.owes() == "0.00 EUR"
    assert len({key for key, _ in scene.books.calls("refund")}) == 1
    assert scene.violations() == []


async def test_a_refund_that_never_arrived_fails_once_that_is_proven(scene: Refunds) -> None:
    """Beyond the key's window nothing is sent again: it is looked up, three times over an hour."""
    attempt = await at_double(scene)
    scene.books.script(Step(Do.DROP, invoice="refund"))
    await give_back(scene.refund_desk, WantedRefund(attempt.id, Money(3570, "EUR"), "x"))

    for _ in range(4):
        scene.clock.advance(timedelta(days=2))
        await resolve_refunds(scene.refund_desk)

    assert scene.refunds() == [("35.70 EUR", "FAILED")]
    assert len(scene.books.calls("refund")) == 1
    assert "REFUND_FAILED" in [kind for kind, _ in scene.tasks()]


async def test_a_refund_that_is_accepted_is_asked_for_by_the_day(scene: Refunds) -> None:
    """PENDING first; once it is done there, it is booked."""
    attempt = await at_double(scene)
    scene.books.script(Step(Do.PEND, invoice="refund"))
    done = await give_back(scene.refund_desk, WantedRefund(attempt.id, Money(3570, "EUR"), "x"))

    assert done.refund.state is RefundState.PENDING
    assert scene.posted() == []
    scene.clock.advance(timedelta(days=1))
    assert await resolve_refunds(scene.refund_desk) == 1
    assert scene.refunds() == [("35.70 EUR", "PENDING")]
    assert scene.tasks() == []
    scene.clock.advance(timedelta(days=13))
    await resolve_refunds(scene.refund_desk)
    assert [kind for kind, _ in scene.tasks()] == ["PAYMENT_UNCLEAR"]


async def test_a_refund_that_is_sent_after_it_had_to_wait_is_looked_for_when_its_answer_is_lost(
    scene: Refunds,
) -> None:
    """Sent at last it is no longer pending: nothing that is not found at once is sent once more."""
    attempt = scene.paid_and_cancelled()
    refund = scene.open_one(attempt, "35.70")
    scene.said(refund, RefundAnswer.PENDING)
    with scene.database.write(scene.tenant.id) as tx:
        assert mark_refund_sent(tx, refund.id) is not None
    scene.said(refund, RefundAnswer.UNCLEAR)

    assert scene.refunds() == [("35.70 EUR", "UNKNOWN")]


async def test_a_refund_that_had_to_wait_is_asked_for_again(
    scene: Refunds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pending without a reference: nothing was done yet, as with a payment that is not settled."""

    async def waits(*_given: object) -> RefundOutcome:
        return RefundOutcome(answer=RefundAnswer.PENDING)

    attempt = await at_double(scene)
    with monkeypatch.context() as early:
        early.setattr(DoubleProvider, "refund", waits)
        early.setattr(DoubleProvider, "look_up_refund", waits)
        await give_back(scene.refund_desk, WantedRefund(attempt.id, Money(3570, "EUR"), "x"))
        scene.clock.advance(timedelta(days=1))
        await resolve_refunds(scene.refund_desk)
    waiting = scene.refunds()
    scene.clock.advance(timedelta(days=1))
    await resolve_refunds(scene.refund_desk)

    assert waiting == [("35.70 EUR", "PENDING")]
    assert scene.refunds() == [("35.70 EUR", "SUCCEEDED")]
    assert len(scene.books.calls("refund")) == 1


async def test_an_account_that_is_broken_or_cannot_refund_is_said_at_once(scene: Refunds) -> None:
    """No row is written for what nobody can do."""
    attempt = scene.paid_and_cancelled()
    wanted = WantedRefund(attempt.id, Money(3570, "EUR"), "x")
    with scene.database.write(scene.tenant.id) as tx:
        change_account_state(tx, "double", ProviderState.PAUSED, "holiday")
    with pytest.raises(TransitionRefused, match="double is PAUSED: holiday"):
        await give_back(scene.refund_desk, wanted)
    desk = replace(
        scene.refund_desk,
        adapters=Adapters(Registry(), NothingKept(), scene.clock, Installation(file={})),
    )
    with pytest.raises(TransitionRefused, match="double is broken"):
        await give_back(desk, wanted)
    assert scene.refunds() == []


async def test_an_account_that_stopped_being_asked_keeps_its_refunds_waiting(
    scene: Refunds,
) -> None:
    """Paused or gone: nothing is asked, nothing is lost."""
    attempt = await at_double(scene)
    scene.books.script(Step(Do.LOSE, invoice="refund"))
    await give_back(scene.refund_desk, WantedRefund(attempt.id, Money(3570, "EUR"), "x"))
    scene.clock.advance(timedelta(minutes=5))
    nobody = Adapters(Registry(), NothingKept(), scene.clock, Installation(file={}))

    assert await resolve_refunds(replace(scene.refund_desk, adapters=nobody)) == 0
    assert await resolve_refunds(scene.refund_desk) == 0

    with scene.database.write(scene.tenant.id) as tx:
        change_account_state(tx, "double", ProviderState.ACTIVE)
    assert await resolve_refunds(scene.refund_desk) == 1
    assert scene.refunds() == [("35.70 EUR", "SUCCEEDED")]
