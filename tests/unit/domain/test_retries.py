"""When a failed payment is tried again (payments 6.6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from faktura.domain.attempts import Attempt
from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies
from faktura.domain.retries import Failure, RetryRules, is_open, kept_back, last_word, next_opening
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import (
    AttemptChannel,
    AttemptState,
    CustomerReason,
    FailureClass,
)
from faktura.kernel.terms import PaymentMethod

BERLIN = ZoneInfo("Europe/Berlin")
F = FailureClass
CARD, SEPA = PaymentMethod.CARD, PaymentMethod.SEPA_DEBIT
# 15 October 2026, 10:00 in Berlin.
AT = datetime(2026, 10, 15, 8, 0, tzinfo=UTC)
RULES = RetryRules(PaymentPolicies(), BERLIN, spread=0)
SOFT = Failure(AT, F.SOFT, CARD, "51")


def _day(found: datetime | None) -> date | None:
    return None if found is None else found.astimezone(BERLIN).date()


def _after(days: int) -> Failure:
    return replace(SOFT, at=AT + timedelta(days=days))


def test_a_card_is_tried_again_after_1_3_7_and_14_days():
    """6.6: counted from the first failure; then no more."""
    found = [
        _day(RULES.next_try(_after(0), [])),
        _day(RULES.next_try(_after(1), [SOFT])),
        _day(RULES.next_try(_after(3), [SOFT, _after(1)])),
        _day(RULES.next_try(_after(7), [SOFT, _after(1), _after(3)])),
        _day(RULES.next_try(_after(14), [SOFT, _after(1), _after(3), _after(7)])),
    ]

    assert found == [
        date(2026, 10, 16),
        date(2026, 10, 18),
        date(2026, 10, 22),
        date(2026, 10, 29),
        None,
    ]


def test_a_late_failure_is_never_tried_on_the_same_day():
    """A try that came days late does not lead to two on one day."""
    assert _day(RULES.next_try(_after(9), [SOFT])) == date(2026, 10, 25)


@pytest.mark.parametrize("failure", [F.HARD, F.REJECTED, F.ACTION_NEEDED, F.LAPSED])
def test_what_will_not_work_is_not_tried_again(failure: FailureClass):
    """6.3: none until the means changed, or a person mended it."""
    assert RULES.next_try(replace(SOFT, failure=failure), []) is None


def test_what_never_arrived_is_tried_at_once():
    """6.5: nobody refused anything."""
    assert RULES.next_try(replace(SOFT, failure=F.NOT_RECEIVED), []) == AT


def test_a_debit_without_funds_is_tried_once_more_after_three_days():
    """6.6: each return costs a fee."""
    failed = replace(SOFT, method=SEPA, code="AM04", reason=CustomerReason.NO_FUNDS)

    assert _day(RULES.next_try(failed, [])) == date(2026, 10, 18)
    later = replace(failed, at=AT + timedelta(days=3))
    assert RULES.next_try(later, [failed]) is None


def test_a_debit_that_was_objected_to_is_not_tried_again():
    """O13: only reasons that pass by themselves."""
    assert RULES.next_try(replace(SOFT, method=SEPA, code="MD06"), []) is None


@pytest.mark.parametrize(
    ("first", "planned"),
    [
        (date(2026, 10, 9), date(2026, 10, 15)),
        (date(2026, 10, 26), date(2026, 10, 30)),
        (date(2026, 10, 16), date(2026, 10, 17)),
    ],
)
def test_without_funds_a_card_waits_for_the_next_pay_day(first: date, planned: date):
    """6.6: the 15th; the last working day (30 October, a Friday); none within the limit of 8 days."""
    policies = PaymentPolicies(by_method={CARD: MethodPolicy(retry_days=(1, 8))})
    rules = RetryRules(policies, BERLIN, spread=0)
    at = datetime.combine(first, time(10), BERLIN).astimezone(UTC)
    failed = Failure(at, F.SOFT, CARD, "51", CustomerReason.NO_FUNDS)

    assert _day(rules.next_try(failed, [])) == planned


def test_a_bank_that_was_not_reached_is_asked_again_the_same_day():
    """6.6: after one hour, then after six, within the hours of collection; then by the schedule."""
    failed = replace(SOFT, code="issuer_not_available")
    again = replace(failed, at=AT + timedelta(hours=1))
    third = replace(failed, at=AT + timedelta(hours=7))
    evening = replace(failed, at=AT + timedelta(hours=9, minutes=30))

    assert RULES.next_try(failed, []) == AT + timedelta(hours=1)
    assert RULES.next_try(again, [failed]) == AT + timedelta(hours=7)
    assert _day(RULES.next_try(third, [failed, again])) == date(2026, 10, 16)
    assert _day(RULES.next_try(evening, [])) == date(2026, 10, 16)


def test_the_providers_own_advice_is_kept():
    """6.3: never before the provider wants to be asked."""
    advice = AT + timedelta(days=5)

    assert RULES.next_try(replace(SOFT, retry_after=advice), []) == advice
    early = replace(SOFT, retry_after=AT)
    assert _day(RULES.next_try(early, [])) == date(2026, 10, 16)


def test_documents_are_spread_over_the_hours_of_collection():
    """6.6: 08:00 to 20:00 in Berlin are 43,200 seconds."""
    rules = replace(RULES, spread=43_200 * 9 + 61)

    assert rules.moment_on(date(2026, 10, 16)) == datetime(2026, 10, 16, 6, 1, 1, tzinfo=UTC)


def test_attempts_are_made_within_the_hours_of_collection():
    """6.6: the end is exclusive; before and after, the next beginning counts."""
    policies = PaymentPolicies()
    early = datetime(2026, 10, 15, 5, 59, tzinfo=UTC)
    late = datetime(2026, 10, 15, 18, 0, tzinfo=UTC)

    assert is_open(policies, BERLIN, AT)
    assert not is_open(policies, BERLIN, late)
    assert next_opening(policies, BERLIN, AT) == AT
    assert next_opening(policies, BERLIN, early) == datetime(2026, 10, 15, 6, 0, tzinfo=UTC)
    assert next_opening(policies, BERLIN, late) == datetime(2026, 10, 16, 6, 0, tzinfo=UTC)


LAST = Attempt(
    UUID(int=7),
    UUID(int=1),
    UUID(int=2),
    "stripe",
    CARD,
    AttemptChannel.BACKGROUND,
    Money(3_570, "EUR"),
    "{}",
    date(2026, 10, 15),
    AT,
    state=AttemptState.FAILED,
    failure=F.HARD,
    fingerprint="visa",
)


def test_a_document_is_tried_unless_its_last_attempt_speaks_against_it():
    """6.6: never tried, cancelled, due for a retry, or another means than the one that failed."""
    assert kept_back(None, AT, "visa") is None
    assert kept_back(replace(LAST, state=AttemptState.CANCELLED, failure=None), AT, "visa") is None
    assert kept_back(replace(LAST, retry_at=AT), AT, "visa") is None
    assert kept_back(LAST, AT, "another") is None


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (LAST, "the last attempt failed (HARD), and this means is not tried again by itself"),
        (
            replace(LAST, failure=F.SOFT, retry_at=AT + timedelta(days=1)),
            "it is tried again at 2026-10-16 08:00 UTC",
        ),
        (
            replace(LAST, state=AttemptState.SUCCEEDED),
            "it was collected before, and is collected again by hand only",
        ),
    ],
)
def test_what_is_not_tried_again_is_said(last: Attempt, reason: str):
    """P43: never a silent skip; what was collected once is for a person."""
    assert kept_back(last, AT, "visa") == reason


def test_our_own_mistake_is_not_tried_by_another_means_either():
    """6.3: rejected means that our set-up is wrong."""
    said = kept_back(replace(LAST, failure=F.REJECTED), AT, "another")

    assert said == "the last attempt failed (REJECTED), and this means is not tried again by itself"


def test_what_was_called_off_says_nothing():
    """6.6: a refusal before it still counts; a try that followed by itself is due again."""
    called_off = replace(LAST, state=AttemptState.CANCELLED, failure=None)
    soft = replace(LAST, failure=F.SOFT)
    lost = replace(LAST, state=AttemptState.CHARGED_BACK, failure=F.SOFT)

    assert last_word([]) is None
    assert last_word([called_off]) is None
    assert last_word([LAST, called_off]) is LAST
    assert last_word([soft]) is soft
    assert last_word([soft, called_off]) is None
    assert last_word([lost, called_off]) is lost


def test_who_must_confirm_does_so_even_if_it_was_called_off():
    """6.6: asked for without the customer it would only be asked of them again."""
    called_off = replace(LAST, state=AttemptState.CANCELLED, failure=F.ACTION_NEEDED)

    said = kept_back(last_word([called_off]), AT, "visa")

    assert said == (
        "the last attempt failed (ACTION_NEEDED), and this means is not tried again by itself"
    )
    assert kept_back(called_off, AT, "another") is None
