"""What providers' facts do here: payments, chargebacks, refunds and means, in any order, any number of times.

A fact that was applied already changes nothing (O4, O5). One of ours whose payment is not known yet
waits; the last time a person is asked, with all it says (P31).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum, unique

from faktura.domain.attempts import Attempt
from faktura.domain.chargebacks import takes_chargeback
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import AttemptChannel, MeansState, PaymentFactKind
from faktura.plugin import PaymentFact, RefundAnswer, RefundOutcome, SavedMeans
from faktura.services.chargebacks import (
    ChargebackFact,
    lose_chargeback,
    note_inquiry,
    open_chargeback,
    win_chargeback,
)
from faktura.services.fact_outcomes import amount_of, given, money_in, outcome_of, saved_in
from faktura.services.fact_subjects import (
    ABOUT_MEANS,
    Standing,
    Subject,
    named,
    refund_of,
    subjects_of,
)
from faktura.services.outcomes import Report, apply_reports
from faktura.services.payment_means import means_gone, save_means, update_means
from faktura.services.provider_refunds import ForeignRefund, apply_refund, foreign_refund
from faktura.services.saved_means import keep_saved
from faktura.store.customers import lock_customers
from faktura.store.tasks import ask_once
from faktura.store.transaction import Tx

K = PaymentFactKind

_ABOUT_PAYMENTS = frozenset(
    {K.PAYMENT_SUCCEEDED, K.PAYMENT_PENDING, K.PAYMENT_FAILED, K.PAYMENT_CANCELLED, K.ACTION_NEEDED}
)
_ABOUT_CHARGEBACKS = frozenset({K.CHARGEBACK_OPENED, K.CHARGEBACK_WON, K.CHARGEBACK_LOST})
_REFUND_ANSWERS = {
    K.REFUND_SUCCEEDED: RefundAnswer.SUCCEEDED,
    K.REFUND_PENDING: RefundAnswer.PENDING,
    K.REFUND_FAILED: RefundAnswer.FAILED,
}


@unique
class Verdict(StrEnum):
    """What became of an event: applied, nothing new, not ours, waiting, or handed to a person."""

    APPLIED = "APPLIED"
    NOTHING = "NOTHING"
    FOREIGN = "FOREIGN"
    PARKED = "PARKED"
    RECOVERED = "RECOVERED"


@dataclass(frozen=True, slots=True)
class Effect:
    """What facts changed here, a sentence with ids for each, and what they wait for."""

    verdict: Verdict
    changes: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()


@dataclass(slots=True)
class _Applying:
    """One event's facts on their way into the tenant's books."""

    tx: Tx
    tenant: Tenant
    instance: str
    changes: list[str] = field(default_factory=list)
    waiting: list[Subject] = field(default_factory=list)

    def payments(self, subjects: Sequence[Subject]) -> None:
        """What providers say of attempts, all in one call: the one place that moves them."""
        reports = [
            Report(one.attempt.id, outcome_of(one.fact))
            for one in subjects
            # Where nothing is asked for, nothing is paid: a page on which a means is saved.
            if one.attempt is not None and one.attempt.amount
        ]
        if not reports:
            return
        for applied in apply_reports(self.tx, self.tenant, reports):
            if applied.moved:
                self.changes.append(f"attempt {applied.attempt.id} {applied.attempt.state}")

    def chargeback(self, subject: Subject, attempt: Attempt) -> None:
        """A chargeback that was opened, won or lost."""
        if not takes_chargeback(attempt):
            self.waiting.append(subject)
            return
        tx, tenant, fact = self.tx, self.tenant, self._chargeback_fact(subject.fact, attempt)
        match subject.fact.kind:
            case K.CHARGEBACK_OPENED:
                is_new = open_chargeback(tx, tenant, fact) is not None
            case K.CHARGEBACK_WON:
                is_new = win_chargeback(tx, tenant, fact)
            case _:
                is_new = lose_chargeback(tx, tenant, fact)
        if is_new:
            word = subject.fact.kind.removeprefix("CHARGEBACK_")
            self.changes.append(f"chargeback {fact.subject} of attempt {attempt.id} {word}")

    def inquiry(self, fact: PaymentFact, attempt: Attempt) -> None:
        """A question of the customer's bank: no money moved."""
        told = self._chargeback_fact(fact, attempt)
        if note_inquiry(self.tx, told):
            self.changes.append(f"inquiry {told.subject} of attempt {attempt.id}")

    def refund(self, subject: Subject, attempt: Attempt) -> None:
        """What became of a refund of ours, or one that somebody made at the provider."""
        fact = subject.fact
        if fact.kind is K.EXTERNAL_REFUND:
            self._foreign_refund(subject, attempt)
            return
        found = refund_of(self.tx, attempt.id, fact.refund, fact.subject)
        if found is None:
            self.waiting.append(subject)
            return
        outcome = RefundOutcome(
            answer=_REFUND_ANSWERS[fact.kind],
            reference=fact.subject,
            amount=fact.amount,
            currency=fact.currency,
            message=fact.message or fact.code,
        )
        if apply_refund(self.tx, self.tenant, found, outcome, fact.occurred_at):
            self.changes.append(f"refund {found} {outcome.answer}")

    def _foreign_refund(self, subject: Subject, attempt: Attempt) -> None:
        if not takes_chargeback(attempt):
            self.waiting.append(subject)
            return
        fact = subject.fact
        name = given(fact.subject, "subject")
        amount = Money.from_decimal(amount_of(fact), fact.currency, field="amount")
        told = ForeignRefund(attempt.id, name, amount, fact.occurred_at)
        if foreign_refund(self.tx, self.tenant, told):
            self.changes.append(f"refund {name} of attempt {attempt.id} made at the provider")

    def means(self, subject: Subject) -> None:
        """A means of payment that was saved, changed or is gone."""
        fact, known = subject.fact, subject.means
        if fact.kind is K.MEANS_GONE:
            reason = fact.message or fact.code or "its provider says so"
            if known is not None and means_gone(self.tx, known.id, reason):
                self.changes.append(f"means {known.id} {MeansState.GONE}")
            return
        saved = saved_in(fact)
        if fact.kind is K.MEANS_CHANGED:
            now = update_means(self.tx, self.instance, saved)
        else:
            now = self._saved(subject, saved)
        if now is not None and now != known:
            self.changes.append(f"means {now.id} {'SAVED' if known is None else 'CHANGED'}")

    def _saved(self, subject: Subject, saved: SavedMeans) -> PaymentMeans | None:
        """One that was saved on a page is used from now on, whether or not its customer comes back."""
        attempt, owner = subject.attempt, subject.customer_id
        is_new = subject.means is None
        if attempt is not None and attempt.channel is AttemptChannel.PAGE and is_new:
            return keep_saved(self.tx, attempt, saved, saved.means.customer)
        return None if owner is None else save_means(self.tx, owner, self.instance, saved)

    def _chargeback_fact(self, fact: PaymentFact, attempt: Attempt) -> ChargebackFact:
        """The chargeback as it is known here; without an amount it is the whole attempt's."""
        currency = fact.currency or attempt.amount.currency
        return ChargebackFact(
            subject=f"{self.instance}:{given(fact.subject, 'subject')}",
            attempt_id=attempt.id,
            occurred_at=fact.occurred_at,
            amount=money_in(fact.amount, currency, "amount"),
            fee=money_in(fact.fee, currency, "fee"),
            reason=fact.code,
        )


def apply_facts(
    tx: Tx, tenant: Tenant, instance: str, facts: Sequence[PaymentFact], *, recover: bool = False
) -> Effect:
    """Apply what an account's provider says; `recover`: what still waits is handed to a person.

    Locks all customers concerned, then attempts, then the rest. Raises what makes a fact
    unreadable: FieldMissing, TooPrecise.
    """
    subjects = subjects_of(tx, tenant, instance, facts)
    lock_customers(tx, sorted({one.customer_id for one in subjects if one.customer_id}))
    applying = _Applying(tx, tenant, instance)
    known = [one for one in subjects if one.standing is Standing.KNOWN]
    payments = [one for one in known if one.fact.kind in _ABOUT_PAYMENTS]
    others = [one for one in known if one.fact.kind not in _ABOUT_PAYMENTS]
    applying.payments(payments)
    if payments:
        # As the reports have left them: what is paid now can be charged back.
        others = subjects_of(tx, tenant, instance, [one.fact for one in others])
    for subject in others:
        _apply(applying, subject)
    waiting = [*applying.waiting, *(one for one in subjects if one.standing is Standing.MISSING)]
    if waiting and recover:
        for subject in waiting:
            _recover(tx, instance, subject)
        return Effect(Verdict.RECOVERED, tuple(applying.changes), _names(waiting))
    return Effect(_verdict(subjects, applying, waiting), tuple(applying.changes), _names(waiting))


def _apply(applying: _Applying, subject: Subject) -> None:
    kind, attempt = subject.fact.kind, subject.attempt
    if kind in ABOUT_MEANS:
        applying.means(subject)
    elif attempt is None:
        return
    elif kind in _ABOUT_CHARGEBACKS:
        applying.chargeback(subject, attempt)
    elif kind is K.INQUIRY_OPENED:
        applying.inquiry(subject.fact, attempt)
    else:
        applying.refund(subject, attempt)


def _verdict(
    subjects: Sequence[Subject], applying: _Applying, waiting: Sequence[Subject]
) -> Verdict:
    if waiting:
        return Verdict.PARKED
    if applying.changes:
        return Verdict.APPLIED
    if subjects and all(one.standing is Standing.FOREIGN for one in subjects):
        return Verdict.FOREIGN
    return Verdict.NOTHING


def _recover(tx: Tx, instance: str, subject: Subject) -> None:
    """Ask a person, once, about what nobody here knows; a means that is not kept costs nobody money."""
    fact = subject.fact
    if fact.kind in ABOUT_MEANS:
        return
    money = "" if fact.amount is None else f" of {fact.amount} {fact.currency}"
    attempt = "" if fact.attempt is None else f", attempt {fact.attempt}"
    other = "" if not fact.subject else f", {fact.subject}"
    ask_once(
        tx,
        TaskKind.PAYMENT_UNEXPECTED,
        f"{instance}:{fact.subject or named(subject)}",
        f"{instance} reports {fact.kind}{money} at {fact.occurred_at:%Y-%m-%d %H:%M} UTC"
        f" ({named(subject)}{attempt}{other}), and nothing here fits it. If a backup was restored,"
        " book it by hand: faktura payments record; else look at the provider's own pages",
    )


def _names(subjects: Sequence[Subject]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.fact.kind} {named(one)}" for one in subjects))
