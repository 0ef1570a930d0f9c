"""Past chargebacks and retries under another policy (O13); the figures are worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.attempts import Attempt
from faktura.domain.chargeback_what_if import Outlook, PastChargeback, Replay, Tried
from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies
from faktura.domain.retries import Failure, RetryRules
from faktura.kernel.clock import zone
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, AttemptState, FailureClass, FollowUp
from faktura.kernel.terms import PaymentMethod

SEPA = PaymentMethod.SEPA_DEBIT
T = datetime(2026, 1, 10, 12, tzinfo=UTC)


def past(days: int, customer: str, *contracts: str, amount: int = 3570) -> PastChargeback:
    """A returned debit with a fee of 3.50."""
    at = T + timedelta(days=days)
    money, fee = Money(amount, "EUR"), Money(350, "EUR")
    return PastChargeback(at, SEPA, customer, contracts, money, fee, FollowUp.NONE)


PAST = [
    past(0, "K-1", "V-1"),
    past(31, "K-1", "V-1"),
    past(40, "K-1", "V-9"),
    past(50, "K-2", "V-2", "V-3", amount=10000),
    past(60, "K-2", "V-3", amount=10000),
]


def replayed(follow_up: FollowUp) -> Outlook:
    """The five chargebacks under that follow-up."""
    replay = Replay(PaymentPolicies({SEPA: MethodPolicy(follow_up=follow_up)}))
    replay.chargebacks(PAST)
    (outlook,) = replay.outlooks()
    return outlook


@pytest.mark.parametrize(
    ("follow_up", "stopped", "prevented", "amount", "fees"),
    [
        (FollowUp.NONE, (), 0, 0, 0),
        (FollowUp.PAUSE_SUBSCRIPTION, ("V-1", "V-9", "V-2", "V-3"), 2, 13570, 700),
        (FollowUp.CONTRACT_TO_TRANSFER, ("V-1", "V-9", "V-2", "V-3"), 2, 13570, 700),
        (FollowUp.CUSTOMER_TO_TRANSFER, ("K-1", "K-2"), 3, 17140, 1050),
    ],
)
def test_what_a_policy_would_have_stopped_and_prevented(
    follow_up: FollowUp, stopped: tuple[str, ...], prevented: int, amount: int, fees: int
) -> None:
    """5 returns of 307.10 with 17.50 of fees: a contract's second return would not have come."""
    outlook = replayed(follow_up)

    assert (outlook.chargebacks, outlook.amount, outlook.fees) == (5, 30710, 1750)
    assert (outlook.stopped, outlook.prevented) == (stopped, prevented)
    assert (outlook.prevented_amount, outlook.prevented_fees) == (amount, fees)


def test_what_followed_then_is_counted_beside_it() -> None:
    """One of them was followed by a pause."""
    replay = Replay(PaymentPolicies())
    replay.chargebacks([replace(PAST[0], followed=FollowUp.PAUSE_SUBSCRIPTION), PAST[1]])

    assert replay.outlooks()[0].followed == 1


def tried(days: int, code: str | None, failure: FailureClass = FailureClass.SOFT) -> Tried:
    """A debit of that day that failed so; None: it succeeded."""
    at = T + timedelta(days=days)
    state = AttemptState.SUCCEEDED if code is None else AttemptState.FAILED
    attempt = Attempt(
        UUID(int=days + 1), UUID(int=9), UUID(int=8), "bank", SEPA, AttemptChannel.BACKGROUND,
        Money(3570, "EUR"), "{}", date(2026, 1, 10), at, state,
    )  # fmt: skip
    return Tried(attempt, None if code is None else Failure(at, failure, SEPA, code))


def retried(tries: list[Tried], days: tuple[int, ...], most: int = 5) -> Outlook:
    """These attempts of one document, with retries on those days."""
    policies = PaymentPolicies({SEPA: MethodPolicy(retry_days=days)}, most_tries=most)
    replay = Replay(policies)
    replay.retries(tries, RetryRules(policies, zone("Europe/Berlin"), 0))
    outlooks = replay.outlooks()
    return outlooks[0] if outlooks else Outlook(SEPA, "EUR", FollowUp.NONE)


@pytest.mark.parametrize(
    ("tries", "days", "retries", "saved", "missed", "extra"),
    [
        # Paid at the second try: kept with one retry, missed with none.
        ([tried(0, "AM04"), tried(3, None)], (3,), 1, 0, 0, 0),
        ([tried(0, "AM04"), tried(3, None)], (), 1, 1, 3570, 0),
        # Failed three times: with one retry the last is saved; with three there is one more.
        ([tried(0, "AM04"), tried(3, "AM04"), tried(7, "AM04")], (3,), 2, 1, 0, 0),
        ([tried(0, "AM04"), tried(3, "AM04"), tried(7, "AM04")], (3, 7, 14), 2, 0, 0, 1),
        # An objection is never tried again, whatever the schedule says (O13).
        ([tried(0, "MD06"), tried(3, "MD06")], (3, 7), 1, 1, 0, 0),
        ([tried(0, "AM04", FailureClass.HARD)], (3,), 0, 0, 0, 0),
        ([tried(0, None)], (3,), 0, 0, 0, 0),
    ],
)
def test_retries_that_would_be_saved_missed_or_made(
    tries: list[Tried], days: tuple[int, ...], retries: int, saved: int, missed: int, extra: int
) -> None:
    """By the rules that decide about real ones."""
    outlook = retried(tries, days)

    assert (outlook.retries, outlook.saved, outlook.missed_amount, outlook.extra) == (
        retries, saved, missed, extra,
    )  # fmt: skip
    assert outlook.repeated == retries - saved


def test_no_document_is_tried_more_often_than_the_policy_allows() -> None:
    """Two in all."""
    tries = [tried(0, "AM04"), tried(3, "AM04"), tried(7, "AM04")]

    assert retried(tries, (3, 7, 14), most=2).saved == 1


def test_another_means_begins_a_schedule_of_its_own() -> None:
    """Refused for good, then paid by a new account: the same policy saves and misses nothing."""
    paid = tried(3, None)
    tries = [
        tried(0, "MD01", FailureClass.HARD),
        replace(paid, attempt=replace(paid.attempt, fingerprint="other")),
    ]

    outlook = retried(tries, (3,))
    assert (outlook.retries, outlook.saved, outlook.missed_amount) == (1, 0, 0)
    assert retried(tries, (3,), most=1).saved == 1


def test_what_nobody_received_uses_up_no_day_of_the_schedule() -> None:
    """One retry after three days is left: by the rules that decide about real ones."""
    tries = [tried(0, "x", FailureClass.NOT_RECEIVED), tried(1, "AM04"), tried(4, None)]

    assert retried(tries, (3,)).saved == 0
