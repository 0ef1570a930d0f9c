"""Attempts are written down before any provider is asked: one for what is open now (P26, P28, P43).

Everything is read for many documents at once; a document that is not tried is left with a reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.collection_dates import DebitRule, collection_dates, reachable_dates
from faktura.domain.customers import Customer
from faktura.domain.means_choice import Chosen, NotCollectable
from faktura.domain.payment_accounts import AccountLimits
from faktura.domain.retries import kept_back, last_word
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.payment_terms import AttemptChannel, MandateScheme
from faktura.kernel.terms import PaymentMethod
from faktura.services.attempt_questions import ask_about_left
from faktura.services.attempt_requests import fingerprint_of, new_attempt
from faktura.services.choosing_means import choose, owed_of
from faktura.store.attempts import (
    live_attempts,
    rewrite_attempts,
    tries_of_documents,
    tries_of_means,
    write_attempts,
)
from faktura.store.collectable import disputed_documents, own_attempts, owners, states_of
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.payable import DocumentState
from faktura.store.transaction import Tx

# Schemes count how often a card was asked over so many days (payments 6.6).
_COUNTED = timedelta(days=30)
UNDER_WAY = "a payment is under way"


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for all documents of a run of collections on the local day `on`.

    `limits` are the accounts' by instance, `rules` those of accounts whose debits go to a bank as
    files, by instance and scheme; both are read from the adapters before. `method` None means all.
    Where it `tells`, nobody sees what is left: a person gets a task for what they must mend.
    """

    tenant: Tenant
    on: date
    limits: Mapping[str, AccountLimits]
    rules: Mapping[tuple[str, MandateScheme], DebitRule] = field(default_factory=dict)
    method: PaymentMethod | None = None
    channel: AttemptChannel = AttemptChannel.BACKGROUND
    asked_by: str | None = None
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """A due document that is not tried now, and why; `for_person` where it stays so by itself."""

    number: str
    reason: str
    for_person: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """The attempts of one transaction, and what was left.

    `behind` are attempts on pages that keep documents from being tried: once they are closed, these
    can be opened.
    """

    attempts: tuple[Attempt, ...] = ()
    left: tuple[Left, ...] = ()
    behind: tuple[Attempt, ...] = ()


def open_attempts(tx: Tx, run: Run, document_ids: Collection[UUID]) -> Opened:
    """Write an attempt for each of these documents that can be collected now; nothing is sent yet.

    Customers are locked in the order of their ids. A document that is paid by now is passed over.
    """
    lock_customers(tx, sorted(set(owners(tx, document_ids).values())))
    states = states_of(tx, document_ids)
    due = [states[one] for one in document_ids if one in states and states[one].open.minor > 0]
    if not due:
        return Opened()
    choices = choose(tx, run.tenant, owed_of(tx, due), run.limits)
    desk = _read(tx, run, due, [one for one in choices if isinstance(one, Chosen)])
    opened: list[Attempt] = []
    left: list[Left] = []
    behind: list[Attempt] = []
    for document, choice in zip(due, choices, strict=True):
        reason = desk.reason_against(document, choice)
        page = desk.page_of(document)
        if reason is None and page is not None:
            behind.append(page)
        elif reason is None and isinstance(choice, Chosen):
            opened.append(desk.attempt(tx, document, choice))
        elif reason:
            left.append(Left(document.number, reason, desk.is_for_person(document, choice)))
    write_attempts(tx, opened)
    rewrite_attempts(tx, desk.followed(opened))
    if run.tells:
        ask_about_left(tx, {one.number: one.reason for one in left if one.for_person})
    return Opened(tuple(opened), tuple(left), tuple(behind))


@dataclass(slots=True)
class _Desk:
    """What was read for the documents of one transaction; counts what it lets through."""

    tx: Tx
    run: Run
    customers: Mapping[UUID, Customer]
    history: Mapping[UUID, list[Attempt]]
    live: Mapping[UUID, Attempt]
    disputed: Collection[UUID]
    tries: Mapping[UUID, int]
    of_means: dict[str, int]

    def reason_against(
        self, document: DocumentState, choice: Chosen | NotCollectable
    ) -> str | None:
        """Why the document is not tried; empty where nobody asked for it, None where it is."""
        if self.run.method not in (None, choice.method):
            return ""
        if isinstance(choice, NotCollectable):
            return "" if choice.method is PaymentMethod.TRANSFER else choice.reason
        if not self._is_due(document, choice):
            return ""
        return self._under_way(document) or self._guarded(document, choice)

    def is_for_person(self, document: DocumentState, choice: Chosen | NotCollectable) -> bool:
        """Whether a due document that is left stays uncollected until a person mends something.

        Not where a try failed and none follows: that was told, and dunning has it.
        """
        if document.due_on > self.run.on or document.id in self.live or self._under_way(document):
            return False
        if isinstance(choice, Chosen):
            return self._used_up(document, choice) is not None
        last = last_word(self.history.get(document.id, ()))
        return not choice.is_known and (last is None or last.retry_at is not None)

    def page_of(self, document: DocumentState) -> Attempt | None:
        """The attempt on a page on which the customer may pay the document."""
        live = self.live.get(document.id)
        return live if live is not None and live.channel is AttemptChannel.PAGE else None

    def _is_due(self, document: DocumentState, choice: Chosen) -> bool:
        if self.run.channel is not AttemptChannel.BACKGROUND:
            return True
        rule = self._rule(choice)
        if rule is None:
            return document.due_on <= self.run.on
        return collection_dates(document.due_on, rule).opens_on <= self.run.on

    def _under_way(self, document: DocumentState) -> str | None:
        if document.id in self.live and self.page_of(document) is None:
            return UNDER_WAY
        if document.id in self.disputed:
            return "a chargeback of it is not decided yet"
        return None

    def _guarded(self, document: DocumentState, choice: Chosen) -> str | None:
        """The limits of schemes hold for people as well, the schedule does not (payments 6.6)."""
        used_up = self._used_up(document, choice)
        if used_up is not None or self.run.channel is not AttemptChannel.BACKGROUND:
            return used_up
        history = self.history.get(document.id, ())
        return kept_back(last_word(history), self.tx.now(), fingerprint_of(choice.means))

    def _used_up(self, document: DocumentState, choice: Chosen) -> str | None:
        policies, fingerprint = self.run.tenant.payments, fingerprint_of(choice.means)
        if self.tries.get(document.id, 0) >= policies.most_tries:
            return f"it was tried {policies.most_tries} times, which is the most"
        if self.of_means.get(fingerprint, 0) >= policies.most_tries_of_means:
            return (
                f"{choice.means.label} was asked {policies.most_tries_of_means} times in 30 days,"
                " which is the most"
            )
        return None

    def attempt(self, tx: Tx, document: DocumentState, choice: Chosen) -> Attempt:
        """The document's new attempt."""
        rule, on = self._rule(choice), max(document.due_on, self.run.on)
        if rule is not None:
            time_zone = zone(self.run.tenant.time_zone)
            on = reachable_dates(document.due_on, rule, tx.now(), time_zone).collect_on
        customer = self.customers[document.customer_id]
        new = new_attempt(tx, self.run.tenant, document, customer, choice, on)
        fingerprint = fingerprint_of(choice.means)
        self.of_means[fingerprint] = self.of_means.get(fingerprint, 0) + 1
        last = self._last(document)
        return replace(
            new,
            channel=self.run.channel,
            asked_by=self.run.asked_by,
            previous_id=None if last is None else last.id,
        )

    def followed(self, opened: Collection[Attempt]) -> list[Attempt]:
        """The failed attempts that are followed by these: no other one follows them."""
        lasts = (self.history.get(one.document_id, [])[-1:] for one in opened)
        return [replace(one, retry_at=None) for last in lasts for one in last if one.retry_at]

    def _last(self, document: DocumentState) -> Attempt | None:
        attempts = self.history.get(document.id)
        return attempts[-1] if attempts else None

    def _rule(self, choice: Chosen) -> DebitRule | None:
        mandate = choice.means.mandate
        if mandate is None:
            return None
        return self.run.rules.get((choice.account.instance, mandate.scheme))


def _read(tx: Tx, run: Run, due: Collection[DocumentState], chosen: Collection[Chosen]) -> _Desk:
    ids = [one.id for one in due]
    fingerprints = {fingerprint_of(one.means) for one in chosen}
    return _Desk(
        tx,
        run,
        read_customers_by_id(tx, {one.customer_id for one in due}),
        own_attempts(tx, ids),
        live_attempts(tx, ids),
        disputed_documents(tx, ids),
        tries_of_documents(tx, ids),
        tries_of_means(tx, fingerprints, tx.now() - _COUNTED),
    )
