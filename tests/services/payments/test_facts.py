"""What providers' facts do here, one by one: whose they are, and what they change (F119, P30)."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from tests.services.payments.inbox_scene import InboxScene

from faktura.domain.attempts import Attempt
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_means import PaymentMeans
from faktura.kernel.errors import FieldMissing
from faktura.kernel.payment_terms import MeansState, PaymentFactKind
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference, PaymentFact, SavedMeans
from faktura.services.applying_facts import Effect, Verdict, apply_facts
from faktura.store.customers import read_customer
from faktura.store.database import Database
from faktura.store.payment_accounts import write_account
from faktura.store.payment_means import find_means
from faktura.testing.double_steps import Do, Step

K = PaymentFactKind
NOBODY = UUID(int=7)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> InboxScene:
    """A debit of 35.70 for RE-000001 is under way."""
    made = InboxScene(database, tmp_path)
    made.store.script(Step(Do.PEND))
    made.collect()
    return made


def _fact(scene: InboxScene, kind: PaymentFactKind, **changes: object) -> PaymentFact:
    (attempt,) = scene.attempts()
    said: dict[str, object] = {
        "kind": kind,
        "occurred_at": scene.now,
        "tenant": "werk",
        "attempt": attempt.id,
        "reference": attempt.reference,
        "amount": Decimal("35.70"),
        "currency": "EUR",
    }
    return PaymentFact.model_validate(said | changes)


def _means(scene: InboxScene, reference: str = "tok_K-1") -> PaymentMeans | None:
    with scene.database.read(scene.tenant.id) as tx:
        return find_means(tx, "double", reference)


def _attempt(scene: InboxScene) -> Attempt:
    (attempt,) = scene.attempts()
    return attempt


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (K.PAYMENT_SUCCEEDED, "SUCCEEDED"),
        (K.PAYMENT_PENDING, "PENDING"),
        (K.PAYMENT_FAILED, "FAILED"),
        (K.PAYMENT_CANCELLED, "CANCELLED"),
        (K.ACTION_NEEDED, "PENDING"),
    ],
)
def test_facts_about_payments_move_their_attempt(
    scene: InboxScene, kind: PaymentFactKind, state: str
):
    """In our words, once: the same fact again is nothing new."""
    first = scene.apply(_fact(scene, kind, code="card_declined"))
    again = scene.apply(_fact(scene, kind, code="card_declined"))

    assert scene.states() == [state]
    moved = state != "PENDING"
    assert first.verdict is (Verdict.APPLIED if moved else Verdict.NOTHING)
    assert again == Effect(Verdict.NOTHING)


def test_a_payment_is_found_by_its_providers_reference(scene: InboxScene):
    """Without our mark and without our id: disputes carry neither (payments 1.9)."""
    effect = scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED, tenant="", attempt=None))

    assert effect.verdict is Verdict.APPLIED
    assert scene.states() == ["SUCCEEDED"]


def test_another_account_says_nothing_about_our_attempt(scene: InboxScene):
    """Whoever can sign for one account cannot pay the invoices of another one."""
    with scene.database.write(scene.tenant.id) as tx:
        write_account(tx, PaymentAccount("second", "double", frozenset({PaymentMethod.CARD})))
        effect = apply_facts(tx, scene.tenant, "second", [_fact(scene, K.PAYMENT_SUCCEEDED)])

    assert effect.verdict is Verdict.PARKED
    assert scene.states() == ["PENDING"]


@pytest.mark.parametrize("changes", [{"tenant": "other"}, {"tenant": "", "reference": "?"}])
def test_facts_of_others_are_foreign(scene: InboxScene, changes: dict[str, object]):
    """Another mark is theirs whatever it names; no mark is ours only by what we know."""
    unknown = {"attempt": NOBODY} if changes["tenant"] == "" else {}

    effect = scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED, **changes, **unknown))

    assert effect == Effect(Verdict.FOREIGN)
    assert scene.states() == ["PENDING"]


def test_what_concerns_no_payment_does_nothing(scene: InboxScene):
    """And what there is no fact in."""
    assert scene.apply(_fact(scene, K.IGNORED)) == Effect(Verdict.NOTHING)
    assert scene.apply() == Effect(Verdict.NOTHING)


def test_a_payment_and_its_chargeback_come_in_one_event(scene: InboxScene):
    """The money came in first, in whatever order they stand."""
    effect = scene.apply(
        _fact(scene, K.CHARGEBACK_OPENED, subject="dp_1", fee=Decimal("15.00")),
        _fact(scene, K.PAYMENT_SUCCEEDED),
    )

    attempt = _attempt(scene)
    assert effect.changes == (
        f"attempt {attempt.id} SUCCEEDED",
        f"chargeback double:dp_1 of attempt {attempt.id} OPENED",
    )
    assert scene.states() == ["CHARGED_BACK"]


def test_a_dispute_is_lost_or_won_again(scene: InboxScene):
    """Each word once."""
    scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED))
    lost = scene.apply(_fact(scene, K.CHARGEBACK_LOST, subject="dp_1"))
    won = scene.apply(_fact(scene, K.CHARGEBACK_WON, subject="dp_1"))

    attempt = _attempt(scene)
    assert lost.changes == (f"chargeback double:dp_1 of attempt {attempt.id} LOST",)
    assert won.changes == (f"chargeback double:dp_1 of attempt {attempt.id} WON",)
    assert scene.states() == ["SUCCEEDED"]


def test_an_inquiry_moves_no_money(scene: InboxScene):
    """A task for a person, and nothing else (payments 1.10)."""
    scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED))
    effect = scene.apply(_fact(scene, K.INQUIRY_OPENED, subject="iq_1"))

    assert effect.changes == (f"inquiry double:iq_1 of attempt {_attempt(scene).id}",)
    assert scene.states() == ["SUCCEEDED"]
    assert scene.task_kinds() == ["CHARGEBACK_UNCLEAR"]


def test_an_inquiry_that_became_a_chargeback_need_not_be_answered(scene: InboxScene):
    """Both orders end alike: the chargeback stands, and nobody is asked about the inquiry."""
    scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED))
    scene.apply(_fact(scene, K.INQUIRY_OPENED, subject="dp_1"))
    scene.apply(_fact(scene, K.CHARGEBACK_OPENED, subject="dp_1"))

    assert (scene.states(), scene.task_kinds()) == (["CHARGED_BACK"], [])


def test_a_refund_made_at_the_provider_is_booked_and_looked_at(scene: InboxScene):
    """Not before the payment is known; once."""
    refund = _fact(scene, K.EXTERNAL_REFUND, subject="re_1", amount=Decimal("5.70"))
    early = scene.apply(refund)
    scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED))
    booked, again = scene.apply(refund), scene.apply(refund)

    assert early.verdict is Verdict.PARKED
    attempt = _attempt(scene)
    assert booked.changes == (f"refund re_1 of attempt {attempt.id} made at the provider",)
    assert again.verdict is Verdict.NOTHING
    assert scene.balance() == "5.70 EUR"


@pytest.mark.parametrize("refund", [None, NOBODY])
def test_a_refund_of_ours_that_is_missing_waits_then_is_told(
    scene: InboxScene, refund: UUID | None
):
    """By our id or its provider's: after a restored backup a person looks."""
    fact = _fact(scene, K.REFUND_SUCCEEDED, subject="re_1", refund=refund)

    assert scene.apply(fact).verdict is Verdict.PARKED
    assert scene.apply(fact, recover=True).verdict is Verdict.RECOVERED
    ((kind, problem),) = scene.tasks()
    assert kind == "PAYMENT_UNEXPECTED"
    assert "REFUND_SUCCEEDED of 35.70 EUR" in problem


def _saved(reference: str, **changes: object) -> SavedMeans:
    said: dict[str, object] = {
        "means": MeansReference(reference=reference, customer="cus_1"),
        "method": PaymentMethod.CARD,
        "label": "Visa 1881",
        "fingerprint": "fp-2",
        "expires_on": date(2030, 4, 30),
    }
    return SavedMeans.model_validate(said | changes)


def test_means_are_saved_changed_and_gone(scene: InboxScene):
    """For the customer whose payment it was, or whose number we gave."""
    saved = _fact(scene, K.MEANS_SAVED, means=_saved("tok_new"))
    by_number = _fact(
        scene, K.MEANS_SAVED, attempt=None, reference="", means=_saved("tok_two"),
        customer_number="K-1",
    )  # fmt: skip
    changed = _fact(
        scene, K.MEANS_CHANGED, tenant="", attempt=None, reference="",
        means=_saved("tok_new", label="Visa 4000"),
    )  # fmt: skip
    gone = _fact(
        scene, K.MEANS_GONE, tenant="", attempt=None, reference="", means_reference="tok_new"
    )
    told = [scene.apply(one).changes for one in (saved, saved, by_number, changed, gone, gone)]

    means, second = _means(scene, "tok_new"), _means(scene, "tok_two")
    assert means is not None
    assert second is not None
    assert told == [
        (f"means {means.id} SAVED",),
        (),
        (f"means {second.id} SAVED",),
        (f"means {means.id} CHANGED",),
        (f"means {means.id} GONE",),
        (),
    ]
    with scene.database.read(scene.tenant.id) as tx:
        owner = read_customer(tx, "K-1").id
    assert (means.customer_id, second.customer_id) == (owner, owner)
    assert (means.label, means.state) == ("Visa 4000", MeansState.GONE)


def test_a_means_nobody_knows_is_foreign_or_waits(scene: InboxScene):
    """Without our mark it is somebody else's; with it its saving may still come. It asks nobody."""
    foreign = _fact(
        scene, K.MEANS_GONE, tenant="", attempt=None, reference="", means_reference="tok_x"
    )
    ours = _fact(scene, K.MEANS_GONE, attempt=None, reference="", means_reference="tok_x")
    unsigned = _fact(
        scene, K.MEANS_SAVED, tenant="", attempt=None, reference="", means=_saved("tok_x"),
        customer_number="K-1",
    )  # fmt: skip

    assert scene.apply(foreign).verdict is Verdict.FOREIGN
    assert scene.apply(ours) == Effect(Verdict.PARKED, (), ("MEANS_GONE tok_x",))
    assert scene.apply(ours, recover=True).verdict is Verdict.RECOVERED
    assert scene.apply(unsigned).verdict is Verdict.FOREIGN
    assert scene.task_kinds() == []
    assert _means(scene, "tok_x") is None


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (K.PAYMENT_SUCCEEDED, {"amount": None}),
        (K.PAYMENT_PENDING, {"currency": ""}),
        (K.MEANS_SAVED, {}),
        (K.CHARGEBACK_OPENED, {}),
    ],
)
def test_a_fact_that_lacks_what_it_is_about_is_an_error(
    scene: InboxScene, kind: PaymentFactKind, changes: dict[str, object]
):
    """Nothing is guessed, and nothing of it is kept."""
    if kind is K.CHARGEBACK_OPENED:
        scene.apply(_fact(scene, K.PAYMENT_SUCCEEDED))
    before = scene.money()

    with pytest.raises(FieldMissing):
        scene.apply(_fact(scene, kind, **changes))

    assert scene.money() == before
