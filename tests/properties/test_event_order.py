"""One payment's events in whatever order, any number of times: the last state is the same (O5, P31).

Each event brings what was so when it happened, not what is so now: the worst a provider may do.
"""

import random
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.services.company import opened
from tests.services.payments.taken_back import NOON, TakenBackScene

from faktura.domain.attempts import Attempt, moves
from faktura.kernel.payment_terms import AttemptState, PaymentFactKind
from faktura.plugin import PaymentFact
from faktura.services.applying_facts import Verdict, apply_facts
from faktura.store.payable import read_document_states
from faktura.store.tables import (
    account_transaction,
    chargeback,
    leg,
    payment_attempt,
    task,
)
from faktura.store.transaction import Tx

K = PaymentFactKind
S = AttemptState

# What may happen to one payment of 35.70, in the order in which it does.
LIVES = {
    "taken back, then won": (
        K.PAYMENT_PENDING, K.PAYMENT_SUCCEEDED, K.CHARGEBACK_OPENED, K.CHARGEBACK_WON,
    ),
    "refused, then paid after all, taken back and lost": (
        K.ACTION_NEEDED, K.PAYMENT_PENDING, K.PAYMENT_FAILED, K.PAYMENT_SUCCEEDED,
        K.CHARGEBACK_OPENED, K.CHARGEBACK_LOST,
    ),
    "partly refunded there, and taken back": (
        K.PAYMENT_PENDING, K.PAYMENT_SUCCEEDED, K.EXTERNAL_REFUND, K.CHARGEBACK_OPENED,
    ),
    "called off": (K.ACTION_NEEDED, K.PAYMENT_CANCELLED),
    "refused": (K.ACTION_NEEDED, K.PAYMENT_PENDING, K.PAYMENT_FAILED),
}  # fmt: skip


@pytest.mark.parametrize(
    ("reported", "last"),
    [
        ((S.SENT, S.UNKNOWN, S.ACTION_NEEDED, S.PENDING, S.FAILED, S.SUCCEEDED), S.SUCCEEDED),
        ((S.SENT, S.UNKNOWN, S.ACTION_NEEDED, S.PENDING, S.CANCELLED, S.SUCCEEDED), S.SUCCEEDED),
        ((S.SENT, S.UNKNOWN, S.ACTION_NEEDED, S.PENDING, S.FAILED), S.FAILED),
        ((S.SENT, S.ACTION_NEEDED, S.PENDING), S.PENDING),
        ((S.SENT, S.UNKNOWN), S.UNKNOWN),
    ],
)
def test_an_attempt_ends_alike_in_every_order(
    reported: tuple[AttemptState, ...], last: AttemptState
):
    """All permutations, each report twice: the later one by rank stays."""
    ends = {
        reduce(lambda now, said: said if moves(now, said) else now, order * 2, S.CREATED)
        for order in permutations(reported)
    }

    assert ends == {last}


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[TakenBackScene]:
    """RE-000001 over 35.70 is with the provider."""
    database = opened(database_url)
    yield TakenBackScene(database, tmp_path / "content")
    database.close()


def _fact(attempt: Attempt, kind: PaymentFactKind, minute: int) -> PaymentFact:
    of_dispute = kind.startswith(("CHARGEBACK", "INQUIRY"))
    amounts = {K.EXTERNAL_REFUND: "5.70", K.CHARGEBACK_OPENED: "20.00", K.CHARGEBACK_WON: "20.00",
               K.CHARGEBACK_LOST: "20.00"}  # fmt: skip
    return PaymentFact(
        kind=kind,
        occurred_at=NOON + timedelta(minutes=minute),
        tenant="werk",
        attempt=attempt.id,
        reference=attempt.reference or "",
        subject="dp_1" if of_dispute else "re_1",
        amount=Decimal(amounts.get(kind, "35.70")),
        currency="EUR",
        fee=Decimal("15.00") if kind.startswith("CHARGEBACK") else None,
        code="fraudulent" if of_dispute else "card_declined",
    )


def _applied(tx: Tx, scene: TakenBackScene, order: Sequence[PaymentFact]) -> None:
    """Each on its own; what is parked comes again after the others, as it does by the clock."""
    waiting = deque(order)
    parked = 0
    while waiting and parked < len(waiting):
        fact = waiting.popleft()
        effect = apply_facts(tx, scene.tenant, "double", [fact])
        assert effect.verdict in (Verdict.APPLIED, Verdict.NOTHING, Verdict.PARKED)
        if effect.verdict is Verdict.PARKED:
            waiting.append(fact)
            parked += 1
        else:
            parked = 0
    assert not waiting


def _state(tx: Tx) -> tuple[object, ...]:
    """Attempt, account, journal, open item, chargeback, and tasks in no order."""
    sums = select(leg.c.account, leg.c.side, func.sum(leg.c.minor)).group_by(
        leg.c.account, leg.c.side
    )
    balance = select(func.sum(account_transaction.c.amount))
    attempts = select(payment_attempt.c.state, payment_attempt.c.retry_at)
    disputes = select(chargeback.c.state, chargeback.c.amount, chargeback.c.fee)
    (document,) = read_document_states(tx, ["RE-000001"])
    return (
        [tuple(row) for row in tx.connection.execute(attempts)],
        str(document.open),
        tx.connection.execute(balance).scalar_one(),
        sorted(tuple(row) for row in tx.connection.execute(sums)),
        [tuple(row) for row in tx.connection.execute(disputes)],
        Counter(str(kind) for kind in tx.connection.execute(select(task.c.kind)).scalars()),
    )


def _ends(
    scene: TakenBackScene, orders: Sequence[tuple[PaymentFact, ...]]
) -> list[tuple[object, ...]]:
    """How each order ends; nothing of it is kept."""
    ends = []
    for order in orders:
        with scene.database.rehearse(scene.tenant.id) as tx:
            _applied(tx, scene, order)
            ends.append(_state(tx))
    return ends


@pytest.mark.parametrize("life", LIVES)
def test_a_payments_events_end_alike_in_some_orders(scene: TakenBackScene, life: str):
    """As it happened, backwards, and a sample of all orders with duplicates."""
    attempt = scene.attempt("RE-000001")
    facts = tuple(_fact(attempt, kind, no) for no, kind in enumerate(LIVES[life]))
    chance = random.Random(life)
    sample = [tuple(chance.sample(facts * 2, 2 * len(facts))) for _ in range(6)]

    first, *others = _ends(scene, [facts, facts[::-1], *sample])

    assert [end for end in others if end != first] == []


@pytest.mark.nightly
@pytest.mark.parametrize("life", LIVES)
def test_a_payments_events_end_alike_in_every_order(scene: TakenBackScene, life: str):
    """All permutations, and each with one of its events once more at its end."""
    attempt = scene.attempt("RE-000001")
    facts = tuple(_fact(attempt, kind, no) for no, kind in enumerate(LIVES[life]))
    orders = [(*order, order[no % len(order)]) for no, order in enumerate(permutations(facts))]

    (first,) = _ends(scene, [facts])

    assert [end for end in _ends(scene, orders) if end != first] == []
