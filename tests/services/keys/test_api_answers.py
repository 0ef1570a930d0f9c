"""The same request gets the same answer: an act behind an Idempotency-Key happens once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier

import pytest

from faktura.domain.api_keys import Scope
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.request_errors import IdempotencyKeyReused
from faktura.services.api_answers import (
    StoredAnswer,
    checked_idempotency_key,
    claim_answer,
    forget_answers,
    keep_answer,
)
from faktura.services.api_keys import NewKey, create_key

REQUEST = sha256(b"POST /api/v1/Contracts {}").digest()
OTHER = sha256(b"POST /api/v1/Contracts {1}").digest()
ANSWER = StoredAnswer(
    201, {"Location": "/api/v1/Contracts/V-1", "ETag": '"1"'}, b'{"n":"\xc3\xbc"}'
)
AT_ONCE = 8


@pytest.fixture
def key_id(company, random):
    """The id of a key."""
    with company.database.write(1) as tx:
        key, _ = create_key(tx, NewKey("shop", None, frozenset(Scope)), random)
    return key.id


def test_a_repeated_request_gets_the_answer_of_the_first(company, key_id):
    """Status, headers and every byte of the body."""
    with company.database.write(1) as tx:
        before = claim_answer(tx, key_id, "order-1", REQUEST)
        kept = keep_answer(tx, key_id, "order-1", REQUEST, ANSWER)

    with company.database.write(1) as tx:
        again = claim_answer(tx, key_id, "order-1", REQUEST)
        other = claim_answer(tx, key_id, "order-2", REQUEST)

    assert before is None
    assert kept == ANSWER
    assert again == ANSWER
    assert other is None


def test_the_same_idempotency_key_for_another_request_is_refused(company, key_id):
    """It would be answered as if it had been done."""
    with company.database.write(1) as tx:
        keep_answer(tx, key_id, "order-1", REQUEST, ANSWER)

    with company.database.write(1) as tx:
        with pytest.raises(IdempotencyKeyReused) as refused:
            claim_answer(tx, key_id, "order-1", OTHER)
        with pytest.raises(IdempotencyKeyReused):
            keep_answer(tx, key_id, "order-1", OTHER, ANSWER)

    assert refused.value.place == "Idempotency-Key"


def test_an_answer_that_stands_is_not_replaced(company, key_id):
    """What went out to the first is what the second gets."""
    later = StoredAnswer(500, {}, b"")

    with company.database.write(1) as tx:
        keep_answer(tx, key_id, "order-1", REQUEST, ANSWER)
        standing = keep_answer(tx, key_id, "order-1", REQUEST, later)

    assert standing == ANSWER


def test_an_act_that_was_rolled_back_leaves_no_answer(company, key_id):
    """The answer is written in the act's own transaction."""

    def cut_off() -> None:
        with company.database.write(1) as tx:
            keep_answer(tx, key_id, "order-1", REQUEST, ANSWER)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        cut_off()

    with company.database.write(1) as tx:
        assert claim_answer(tx, key_id, "order-1", REQUEST) is None


def test_another_key_has_answers_of_its_own(company, key_id, random):
    """Two calling systems may count alike."""
    with company.database.write(1) as tx:
        other, _ = create_key(tx, NewKey("till", None, frozenset(Scope)), random)
        keep_answer(tx, key_id, "1", REQUEST, ANSWER)

    with company.database.write(1) as tx:
        assert claim_answer(tx, other.id, "1", OTHER) is None
    with company.database.write(2) as tx:
        assert claim_answer(tx, key_id, "1", OTHER) is None


def test_of_many_at_the_same_time_one_acts_and_all_get_its_answer(company, key_id):
    """The others wait for the first, then find what it answered."""
    start, acts = Barrier(AT_ONCE), []

    def send(no: int) -> StoredAnswer:
        start.wait()
        with company.database.write(1) as tx:
            given = claim_answer(tx, key_id, "order-1", REQUEST)
            if given is None:
                acts.append(no)
                made = StoredAnswer(201, {"X-No": str(no)}, b"")
                given = keep_answer(tx, key_id, "order-1", REQUEST, made)
            return given

    with ThreadPoolExecutor(AT_ONCE) as senders:
        answers = list(senders.map(send, range(AT_ONCE)))

    assert len(acts) == 1
    assert answers == [StoredAnswer(201, {"X-No": str(acts[0])}, b"")] * AT_ONCE


def test_answers_are_forgotten_after_seven_days(company, key_id):
    """To the microsecond, and only those of the tenant."""
    with company.database.write(1) as tx:
        keep_answer(tx, key_id, "order-1", REQUEST, ANSWER)
    clock = FixedClock(datetime(2026, 10, 8, 6, tzinfo=UTC))
    later = replace(company.database, clock=clock)

    with later.write(1) as tx:
        on_time = forget_answers(tx)
    clock.advance(timedelta(microseconds=1))
    with later.write(2) as tx:
        elsewhere = forget_answers(tx)
    with later.write(1) as tx:
        too_late = forget_answers(tx)
        left = claim_answer(tx, key_id, "order-1", REQUEST)

    assert (on_time, elsewhere, too_late) == (0, 0, 1)
    assert left is None


@pytest.mark.parametrize("text", ["a", "!", "~" * 64, "4f2c0b1e-8d1c-4f7e-9b55-0d6d1a1b2c3d"])
def test_printable_ascii_is_an_idempotency_key(text):
    """1 to 64 signs."""
    assert checked_idempotency_key(text) == text


@pytest.mark.parametrize("text", ["", "a b", "a\n", "ä", "\x7f", "a" * 65])
def test_anything_else_is_no_idempotency_key(text):
    """Its place is the header."""
    with pytest.raises(FieldInvalid) as refused:
        checked_idempotency_key(text)

    assert refused.value.place == "Idempotency-Key"


def test_an_answer_prints_without_its_content():
    """It is a customer's business and must reach no log."""
    assert repr(ANSWER) == "StoredAnswer(status=201)"
