"""The payment double refuses what a provider would, so that a mistake of ours shows (payments 2.2)."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from tests.services.company import NoState

from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    CollectRequest,
    MeansReference,
    PageRequest,
    RefundAnswer,
    RefundRequest,
    Rejected,
    Runtime,
    Succeeded,
    Unclear,
)
from faktura.testing.payment_double import DoubleProvider, DoubleSettings

NOON = datetime(2026, 10, 15, 12, tzinfo=UTC)
ASKED = CollectRequest(
    attempt=UUID(int=1),
    tenant="werk",
    amount=Decimal("35.70"),
    currency="EUR",
    method=PaymentMethod.CARD,
    means=MeansReference(reference="tok"),
    invoice_number="RE-1",
    customer_number="K-1",
    customer_name="Kunde",
    description="RE-1",
    created_at=NOON,
)
REFUND = RefundRequest(
    refund=UUID(int=2),
    tenant="werk",
    payment_reference="dp_1",
    attempt=ASKED.attempt,
    amount=Decimal("35.70"),
    currency="EUR",
    whole=True,
    created_at=NOON,
)
T = TypeVar("T")


@pytest.fixture
def clock() -> FixedClock:
    """Noon of 15 October 2026."""
    return FixedClock(NOON)


@pytest.fixture
def double(tmp_path: Path, clock: FixedClock) -> DoubleProvider:
    """A double with empty books."""
    settings = DoubleSettings(file=str(tmp_path / "double.sqlite3"))
    return DoubleProvider(settings, Runtime(clock, logging.getLogger("test"), NoState()))


def _of(answer: Coroutine[object, object, T]) -> T:
    return asyncio.run(answer)


def test_the_same_request_under_a_key_is_done_once(double: DoubleProvider):
    """The first answer again, one charge."""
    first, second = _of(double.collect(ASKED)), _of(double.collect(ASKED))

    assert isinstance(first, Succeeded)
    assert first == second
    assert (double.store.audit().charges, double.store.audit().violations) == ({"RE-1": 1}, ())


def test_a_key_for_another_request_is_refused(double: DoubleProvider):
    """A frozen request that was thawed."""
    _of(double.collect(ASKED))

    answer = _of(double.collect(ASKED.model_copy(update={"amount": Decimal("35.71")})))

    assert answer == Unclear(why="the key was used for another request")
    assert double.store.audit().violations == (f"{ASKED.key} was another request",)


def test_a_key_is_forgotten_after_its_time(double: DoubleProvider, clock: FixedClock):
    """Who relies on a key for longer charges twice, and the audit sees it."""
    _of(double.collect(ASKED))
    clock.advance(timedelta(hours=24))

    _of(double.collect(ASKED))

    assert double.store.audit().twice == ("RE-1",)


@pytest.mark.parametrize("wrong", [{"amount": Decimal("0.49")}, {"currency": "USD"}])
def test_what_it_cannot_collect_is_refused(double: DoubleProvider, wrong: dict[str, object]):
    """Capabilities are looked at before, never here."""
    answer = _of(double.collect(ASKED.model_copy(update=wrong)))

    assert isinstance(answer, Rejected)
    assert double.store.audit().violations == (f"{ASKED.key} asks for what it cannot do",)


def test_no_more_is_refunded_than_was_paid(double: DoubleProvider):
    """Nor is a payment that is not there; the same refund is done once."""
    early = _of(double.refund(REFUND))
    _of(double.collect(ASKED))
    again = REFUND.model_copy(update={"refund": UUID(int=3)})
    first, second = _of(double.refund(again)), _of(double.refund(again))
    over = _of(double.refund(REFUND.model_copy(update={"refund": UUID(int=4)})))

    assert early.answer is RefundAnswer.FAILED
    assert first == second
    assert (first.answer, over.answer) == (RefundAnswer.SUCCEEDED, RefundAnswer.FAILED)
    assert double.store.audit().violations == ("dp_1 was not paid", "dp_1: over-refunded")
    assert double.store.audit().taken == Decimal("0.00")


def test_a_page_is_opened_once_for_one_request_and_paid_once(double: DoubleProvider):
    """A page that is closed or paid cannot be paid on."""
    wanted = PageRequest(
        attempt=UUID(int=9),
        tenant="werk",
        amount=Decimal("35.70"),
        currency="EUR",
        method=PaymentMethod.CARD,
        save=False,
        invoice_number="RE-1",
        customer_number="K-1",
        customer_name="Kunde",
        return_url="https://billing.example/back",
        created_at=NOON,
        expires_at=NOON + timedelta(hours=1),
    )
    opened = _of(double.open_page(wanted))
    same = _of(double.open_page(wanted))
    _of(double.open_page(wanted.model_copy(update={"amount": Decimal("1.00")})))
    double.store.pay_page(opened.reference, NOON)

    assert opened == same
    assert double.store.audit().violations == (f"page {wanted.key}",)
    with pytest.raises(ValueError, match="PAID"):
        double.store.pay_page(opened.reference, NOON)
