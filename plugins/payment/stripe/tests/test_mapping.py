"""Reading whatever comes: fields may be missing, null or of another kind, and nothing is guessed."""

from datetime import date

import pytest

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Declined, HttpAnswer, Rejected, Succeeded, Unclear
from faktura_stripe.answers import StripeRefused, check
from faktura_stripe.mapping import decided_by, outcome_of, refund_outcome, refused
from faktura_stripe.reading import inners, moment, text, uuid, whole
from faktura_stripe.transport import _time


@pytest.mark.parametrize(
    "payment",
    [
        {},
        {"status": "succeeded"},
        {"id": "pi_1"},
        {"id": "pi_1", "status": None},
        {"id": "pi_1", "status": "succeeded"},
        {"id": "pi_1", "status": "succeeded", "amount_received": "11900", "currency": "eur"},
        {"id": "pi_1", "status": "succeeded", "amount_received": True, "currency": "eur"},
        {"id": "pi_1", "status": "succeeded", "amount_received": 11900},
        {"id": "pi_1", "status": "processing", "currency": "eur"},
    ],
)
def test_a_payment_that_says_too_little_decides_nothing(payment):
    assert isinstance(outcome_of(payment), Unclear)


def test_the_amount_is_what_was_received_and_not_what_was_asked_for():
    payment = {
        "id": "pi_1",
        "status": "succeeded",
        "amount": 11900,
        "amount_received": 10000,
        "currency": "usd",
        "created": 1796112000,
    }

    found = outcome_of(payment)

    assert isinstance(found, Succeeded)
    assert (str(found.amount), found.currency, found.fee) == ("100.00", "USD", None)


@pytest.mark.parametrize(
    ("begun", "decided"),
    [
        (date(2026, 12, 1), date(2026, 12, 10)),
        (date(2026, 12, 4), date(2026, 12, 15)),
        (date(2026, 12, 5), date(2026, 12, 15)),
        (date(2026, 12, 6), date(2026, 12, 15)),
    ],
)
def test_a_debit_is_decided_seven_weekdays_later(begun, decided):
    assert decided_by(begun) == decided


def test_a_decline_without_any_code_is_soft():
    found = refused({"type": "card_error", "payment_intent": {"id": "pi_1"}})

    assert isinstance(found, Declined)
    assert (found.code, found.hard) == ("unknown", False)


def test_a_missing_thing_that_is_not_the_means_is_our_mistake():
    found = refused({"code": "resource_missing", "param": "transfer_data"})

    assert found == Rejected(code="resource_missing")


def test_a_refund_without_an_amount_is_unclear():
    assert refund_outcome({"id": "re_1", "status": "succeeded"}).answer == "UNCLEAR"


def test_what_is_not_there_is_empty():
    said = {"a": {"b": 1}, "list": [1, {"id": "x"}], "created": 10**30}

    assert text(said, "a", "b", "c") == ""
    assert whole(said, "a", "x") is None
    assert inners(said, "a") == ()
    assert inners(said, "list") == ({"id": "x"},)
    assert moment(said, "created") is None
    assert uuid(said, "a") is None


def test_not_now_without_a_time_is_a_few_seconds():
    for headers in ({}, {"retry-after": "Tue, 01 Dec 2026 08:00:00 GMT"}):
        with pytest.raises(OutsideUnavailable) as caught:
            check(HttpAnswer(429, headers, b'{"error": {}}'), "place")
        assert caught.value.retry_after == 5


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error": "invalid_client"}', OutcomeUnknown),
        (404, b"", OutcomeUnknown),
        (302, b"{}", OutcomeUnknown),
        (408, b'{"error": {"message": "x"}}', OutcomeUnknown),
        (400, b'{"error": {"code": "rate_limit"}}', OutsideUnavailable),
        (409, b'{"error": {}}', OutsideUnavailable),
        (400, b'{"error": {"message": "no\\nway"}}', StripeRefused),
        (200, b"[" * 100_000, OutcomeUnknown),
    ],
)
def test_every_answer_is_a_yes_a_no_not_now_or_unknown(status, body, error):
    with pytest.raises(error) as caught:
        check(HttpAnswer(status, {"request-id": "req_1"}, body), "place")

    assert "\n" not in caught.value.problem
    assert "(request req_1)" in caught.value.problem


def test_a_date_that_is_none_tells_nothing_of_the_clock():
    assert _time("yesterday") is None
    assert str(_time("Tue, 01 Dec 2026 08:00:00 GMT")) == "2026-12-01 08:00:00+00:00"
