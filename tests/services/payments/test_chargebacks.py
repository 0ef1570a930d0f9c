"""Disputes over payments at a provider: booked once, won again, in any order (F093-F095, P33-P35)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from tests.services.payments.refunds import Refunds
from tests.services.payments.taken_back import TakenBackScene

from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptState, ChargebackState
from faktura.kernel.terms import Chart, PaymentMethod
from faktura.services.chargebacks import note_inquiry, open_chargeback
from faktura.store.database import Database


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """Three invoices, none paid."""
    return TakenBackScene(database, tmp_path / "content")


@pytest.mark.parametrize(
    ("chart", "bank", "transit", "receivables", "fees"),
    [(Chart.SKR03, "1200", "1360", "1400", "4970"), (Chart.SKR04, "1800", "1460", "1200", "6855")],
)
def test_a_chargeback_opens_the_invoice_again_and_its_fee_is_ours(
    database: Database,
    tmp_path: Path,
    chart: Chart,
    bank: str,
    transit: str,
    receivables: str,
    fees: str,
) -> None:
    """F095: 35.70 are taken back and 20.00 are kept: two entries, the customer owes 35.70."""
    scene = TakenBackScene(database, tmp_path / "content", chart=chart, ledger_account=bank)
    attempt = scene.paid("RE-000001")
    assert "RE-000001" not in scene.open()
    assert scene.posted() == [f"PAYMENT: S {transit} 35.70, H {receivables} 35.70"]

    chargeback = scene.dispute(attempt, fee="20.00")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.posted() == [
        f"CHARGEBACK: S {receivables} 35.70, H {transit} 35.70",
        f"PROVIDER_FEE: S {fees} 20.00, H {transit} 20.00",
    ]
    assert scene.owes() == "35.70 EUR"
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    (row,) = scene.chargebacks()
    assert (row.id, row.subject, str(row.amount), str(row.fee)) == (
        chargeback, "double:dp_1", "35.70 EUR", "20.00 EUR",
    )  # fmt: skip
    assert (row.state, row.reason, row.method) == (
        ChargebackState.OPEN, "fraudulent", PaymentMethod.CARD,
    )  # fmt: skip
    assert row.course.contracts == ("V-1",)
    assert scene.violations() == []


def test_a_chargeback_is_told_once_to_subscribers_and_once_to_the_customer(
    scene: TakenBackScene,
) -> None:
    """The same dispute again writes nothing: no row, no entry, no event, no mail (P35)."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)
    written = {
        name: scene.count(name) for name in ("account_transaction", "journal_entry", "event")
    }

    assert scene.dispute(attempt) is None

    assert {name: scene.count(name) for name in written} == written
    (told,) = scene.told("CHARGEBACK_RECEIVED")
    assert (told["number"], told["amount"], told["reason"], told["method"]) == (
        "RE-000001", "35.70", "fraudulent", "CARD",
    )  # fmt: skip
    (notice,) = scene.told("CUSTOMER_NOTICE")
    assert (notice["notice"], notice["language"]) == ("CHARGEBACK", "de")
    assert "@" not in str(notice)
    assert (notice["invoices"], notice["followUp"], notice["changed"]) == (
        ["RE-000001"], "NONE", {},
    )  # fmt: skip
    assert str(notice["payUrl"]).startswith("/pay/")


def test_a_dispute_that_is_told_twice_at_the_same_moment_is_booked_once(
    scene: TakenBackScene,
) -> None:
    """A webhook and a poll: the second waits for the first and finds it done (P32)."""
    attempt = scene.paid("RE-000001")

    with ThreadPoolExecutor(2) as pool:
        opened = list(pool.map(lambda _no: scene.dispute(attempt), range(2)))

    assert opened.count(None) == 1
    assert len(scene.chargebacks()) == 1
    assert scene.owes() == "35.70 EUR"
    assert scene.violations() == []


def test_a_partial_chargeback_opens_that_part(scene: TakenBackScene) -> None:
    """40.00 of 297.50: the rest stays paid, and a second one takes what is left."""
    attempt = scene.paid("RE-000003")

    scene.dispute(attempt, "double:dp_1", "40.00")
    assert scene.open()["RE-000003"] == "40.00 EUR"
    assert scene.now(attempt).state is AttemptState.SUCCEEDED

    scene.dispute(attempt, "double:dp_2", "257.50")
    assert scene.open()["RE-000003"] == "297.50 EUR"
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    assert scene.owes(2) == "297.50 EUR"
    assert scene.tasks() == []
    assert scene.violations() == []


def test_what_was_credit_of_the_payment_is_taken_from_the_credit(scene: TakenBackScene) -> None:
    """35.70 paid while 30.00 were paid already: 5.70 counted, 30.00 were credit."""
    attempt = scene.attempt("RE-000001")
    scene.record("RE-000001", "30.00")
    scene.succeed(attempt)
    assert scene.owes() == "-30.00 EUR"

    scene.dispute(attempt)

    assert scene.open()["RE-000001"] == "5.70 EUR"
    assert scene.owes() == "5.70 EUR"
    assert [kind for kind, _ in scene.tasks()] == ["PAYMENT_UNEXPECTED"]
    assert scene.violations() == []


def test_a_won_chargeback_is_booked_again_and_a_person_is_asked(scene: TakenBackScene) -> None:
    """The invoice is paid again; the fee stays a cost."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt, fee="20.00")
    scene.posted()

    assert scene.won(attempt)
    assert not scene.won(attempt)

    assert "RE-000001" not in scene.open()
    assert scene.posted() == ["PAYMENT: S 1360 35.70, H 1400 35.70"]
    assert scene.owes() == "0.00 EUR"
    assert scene.now(attempt).state is AttemptState.SUCCEEDED
    assert scene.chargebacks()[0].state is ChargebackState.WON
    assert scene.tasks() == [("CHARGEBACK_WON", "double:dp_1")]
    assert len(scene.told("CHARGEBACK_WON")) == 1
    assert scene.violations() == []


def test_what_is_won_after_the_customer_paid_otherwise_is_credit(scene: TakenBackScene) -> None:
    """Paid by transfer meanwhile: 35.70 are theirs, visible (P37)."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)
    scene.record("RE-000001", "35.70")

    scene.won(attempt)

    assert "RE-000001" not in scene.open()
    assert scene.owes() == "-35.70 EUR"
    assert scene.violations() == []


def test_a_second_dispute_after_a_won_one_takes_the_payment_again(scene: TakenBackScene) -> None:
    """What was won counts as the attempt's payment."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)
    scene.won(attempt)

    scene.dispute(attempt, "double:dp_2")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.owes() == "35.70 EUR"
    assert scene.now(attempt).state is AttemptState.CHARGED_BACK
    assert scene.violations() == []


@pytest.mark.parametrize("order", list(permutations(("opened", "won", "opened again"))))
def test_opened_and_won_end_in_the_same_state_in_any_order(
    scene: TakenBackScene, order: tuple[str, ...]
) -> None:
    """Won before it was opened is opened first; opened after that changes nothing."""
    attempt = scene.paid("RE-000001")

    for step in order:
        (scene.won if step == "won" else scene.dispute)(attempt)

    assert "RE-000001" not in scene.open()
    assert scene.owes() == "0.00 EUR"
    assert [one.state for one in scene.chargebacks()] == [ChargebackState.WON]
    assert scene.now(attempt).state is AttemptState.SUCCEEDED
    assert [kind for kind, _ in scene.tasks()] == ["CHARGEBACK_WON"]
    assert len(scene.told("CHARGEBACK_RECEIVED")) == 1
    assert scene.violations() == []


def test_a_lost_chargeback_only_changes_its_state(scene: TakenBackScene) -> None:
    """Known or not; a won one stays won."""
    attempt = scene.paid("RE-000001")
    assert scene.lost(attempt)
    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert not scene.lost(attempt)
    assert scene.chargebacks()[0].state is ChargebackState.LOST

    other = scene.paid("RE-000002")
    scene.won(other, "double:dp_2")
    assert not scene.lost(other, "double:dp_2")
    assert scene.chargebacks()[0].state is ChargebackState.WON


def test_an_inquiry_moves_no_money(scene: TakenBackScene) -> None:
    """A bank asks: a person answers; asked twice it is one task."""
    attempt = scene.paid("RE-000001")
    for _ in range(2):
        with scene.database.write(scene.tenant.id) as tx:
            note_inquiry(tx, scene.fact(attempt))

    assert "RE-000001" not in scene.open()
    assert scene.tasks() == [("CHARGEBACK_UNCLEAR", "double:dp_1")]
    scene.dispute(attempt)
    with scene.database.write(scene.tenant.id) as tx:
        assert not note_inquiry(tx, scene.fact(attempt))


def test_a_chargeback_of_a_payment_that_is_not_known_yet_is_refused(scene: TakenBackScene) -> None:
    """Whoever tells it keeps it until the payment is known: nothing is guessed."""
    attempt = scene.attempt("RE-000001")

    for act in (scene.dispute, scene.won, scene.lost):
        with pytest.raises(TransitionRefused, match="is PENDING"):
            act(attempt)

    assert scene.chargebacks() == []


def test_a_cancelled_invoice_is_not_opened_beyond_what_its_correction_covers(
    scene: TakenBackScene,
) -> None:
    """P34: the cancellation's 35.70 credit pays what is open again; nothing is owed twice."""
    attempt = scene.paid("RE-000001")
    scene.cancel("RE-000001")
    assert scene.owes() == "-35.70 EUR"

    scene.dispute(attempt)

    assert scene.open().keys().isdisjoint({"RE-000001", "RK-000001"})
    assert scene.owes() == "0.00 EUR"
    assert scene.tasks() == []
    assert scene.violations() == []


def test_a_cancelled_invoice_whose_credit_was_paid_out_is_owed_on_the_account_alone(
    scene: TakenBackScene,
) -> None:
    """P34: 35.70 refunded and taken back: they owe 35.70, and no cancelled invoice is open."""
    attempt = scene.paid("RE-000001")
    scene.cancel("RE-000001")
    scene.refund("K-1", "35.70", invoiceNumber="RE-000001")

    scene.dispute(attempt)

    assert scene.open().keys().isdisjoint({"RE-000001", "RK-000001"})
    assert scene.owes() == "35.70 EUR"
    assert scene.tasks() == [("CHARGEBACK_UNCLEAR", "double:dp_1")]
    scene.won(attempt)
    assert scene.owes() == "0.00 EUR"
    assert scene.violations() == []


def test_another_currency_is_left_to_a_person(scene: TakenBackScene) -> None:
    """Nothing is converted: the money waits with a task."""
    attempt = scene.paid("RE-000001")
    fact = replace(scene.fact(attempt), amount=Money(4000, "USD"))
    with scene.database.write(scene.tenant.id) as tx:
        assert open_chargeback(tx, scene.tenant, fact) is None

    assert "RE-000001" not in scene.open()
    assert scene.tasks() == [("CHARGEBACK_UNCLEAR", "double:dp_1")]


def test_a_fee_that_comes_back_with_the_money_is_booked_back(scene: TakenBackScene) -> None:
    """20.00 were a cost, and are none any more; told twice it is booked once."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt, fee="20.00")
    scene.posted()

    for _ in range(2):
        scene.won(attempt, "double:dp_1", "35.70", "-20.00")

    assert scene.posted() == [
        "PAYMENT: S 1360 35.70, H 1400 35.70",
        "PROVIDER_FEE: H 4970 20.00, S 1360 20.00",
    ]
    assert scene.violations() == []


def test_one_that_was_won_before_it_was_heard_of_has_no_fee_of_its_own(
    scene: TakenBackScene,
) -> None:
    """What came back is booked as told, nothing else is guessed."""
    attempt = scene.paid("RE-000001")
    scene.posted()

    scene.won(attempt, "double:dp_1", "35.70", "-20.00")

    assert scene.chargebacks()[0].fee == Money.zero("EUR")
    assert scene.posted() == [
        "CHARGEBACK: S 1400 35.70, H 1360 35.70",
        "PAYMENT: S 1360 35.70, H 1400 35.70",
        "PROVIDER_FEE: H 4970 20.00, S 1360 20.00",
    ]
    assert scene.violations() == []


def test_a_chargeback_over_nothing_takes_nothing_back(scene: TakenBackScene) -> None:
    """0.00 is not "all of the payment": a person looks."""
    attempt = scene.paid("RE-000001")

    assert scene.dispute(attempt, amount="0.00") is None

    assert "RE-000001" not in scene.open()
    assert scene.chargebacks() == []
    assert scene.tasks() == [("CHARGEBACK_UNCLEAR", "double:dp_1")]


def test_what_was_credit_of_the_payment_and_was_paid_out_is_owed_and_a_person_looks(
    scene: TakenBackScene,
) -> None:
    """30.00 of 35.70 were credit and went out; taken back, no document asks for them."""
    attempt = scene.attempt("RE-000001")
    scene.record("RE-000001", "30.00")
    scene.succeed(attempt)
    scene.refund("K-1", "30.00")

    scene.dispute(attempt)

    assert scene.open()["RE-000001"] == "5.70 EUR"
    assert scene.owes() == "35.70 EUR"
    assert ("CHARGEBACK_UNCLEAR", "double:dp_1") in scene.tasks()
    assert scene.violations() == []


@pytest.mark.parametrize("first", ["refund", "dispute"])
def test_a_refund_and_a_chargeback_end_alike_in_either_order(
    database: Database, tmp_path: Path, first: str
) -> None:
    """5.70 refunded and 30.00 taken back of 35.70: charged back in part only."""
    scene = Refunds(database, tmp_path / "content")
    attempt = scene.paid("RE-000001")
    for step in (first, "dispute" if first == "refund" else "refund"):
        if step == "refund":
            scene.foreign(attempt, "5.70")
        else:
            scene.dispute(attempt, amount="30.00")

    assert scene.now(attempt).state is AttemptState.SUCCEEDED
    assert scene.open()["RE-000001"] == "30.00 EUR"
    assert scene.owes() == "35.70 EUR"
    assert scene.violations() == []


def test_another_amount_than_was_taken_back_is_not_booked_again(scene: TakenBackScene) -> None:
    """A part came back: how much is whose, a person says."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt)

    assert not scene.won(attempt, "double:dp_1", "20.00")

    assert scene.open()["RE-000001"] == "35.70 EUR"
    assert scene.chargebacks()[0].state is ChargebackState.OPEN
    assert scene.tasks() == [("CHARGEBACK_UNCLEAR", "double:dp_1")]
