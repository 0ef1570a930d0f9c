"""What is known when money comes in: what is open, who pays from which account, whose name it is.

Read once a run, set-based and without locks; what is open is read again for each chunk of movements
under the locks of all customers concerned.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self
from uuid import UUID

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.cash_discounts import cash_discount
from faktura.domain.mandates import account_fingerprint
from faktura.domain.matches import Book, CashDiscount, OpenDocument
from faktura.domain.movements import Movement, MovementClass
from faktura.domain.number_index import NumberIndex
from faktura.domain.tight_text import tight
from faktura.kernel.terms import DocumentKind
from faktura.services.ledger import Ledger
from faktura.services.match_cases import Case
from faktura.store.payable import DocumentState, open_states, owners_of, paid_since
from faktura.store.payers import account_key, mandate_payers, names_that_owe, payers_of
from faktura.store.transaction import Tx

# So many of a customer's open documents are looked at where no number names them: oldest due first.
_MOST_OF_A_CUSTOMER = 100
# An account or a name of more customers, such as that of a payment service, says nothing of one.
_MOST_PAYERS = 20
# A second payment within that time names a document that is known by heart (banking, appendix B).
_REMEMBERED = timedelta(days=60)
_PAYING = frozenset({MovementClass.PAYMENT, MovementClass.FOREIGN})
# What may be given up with its VAT; a deposit that nobody pays is cancelled.
DISCOUNTED = frozenset({DocumentKind.INVOICE, DocumentKind.FINAL, DocumentKind.OPENING})


@dataclass(slots=True)
class Register:
    """What a run over waiting movements knows from its beginning.

    `own` are the numbers of each customer's open documents, oldest due first. `names` are written
    tight, `mandates` are by the account's fingerprint. `taken` are documents that a movement of this
    run would settle, where exact matches are only marked: for the rest of it they count as settled.
    """

    index: NumberIndex
    own: Mapping[UUID, Sequence[str]]
    names: Mapping[str, Collection[UUID]]
    mandates: Mapping[str, Collection[UUID]]
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tx: Tx, policy: BankPolicy, on: date) -> Self:
        """The register of this moment; what was paid shortly before the local day `on` is known too."""
        since = on - _REMEMBERED
        own: dict[UUID, list[str]] = {}
        documents = open_states(tx)
        for state in documents:
            own.setdefault(state.customer_id, []).append(state.number)
        index = NumberIndex.of(open_document(state, policy) for state in documents)
        for number in paid_since(tx, since):
            index.add(number)
        names: dict[str, set[UUID]] = {}
        for customer_id, name in names_that_owe(tx):
            names.setdefault(tight(name), set()).add(customer_id)
        return cls(index, own, _telling(names), _telling(mandate_payers(tx)))


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom the movements of a chunk may concern: by the account, by the name, by what they name.

    `payers` are by account key. `named` are the numbers in the texts, `own` the
    open documents of everybody concerned, `numbers` both.
    """

    payers: Mapping[str, Collection[UUID]]
    own: Mapping[UUID, Sequence[str]]
    named: frozenset[str]

    @property
    def numbers(self) -> frozenset[str]:
        """The documents whose state decides."""
        return self.named.union(*self.own.values())

    @classmethod
    def of(cls, tx: Tx, register: Register, cases: Iterable[Case]) -> Self:
        """Those of these movements; what is no payment concerns nobody but whom it names."""
        cases = list(cases)
        paying = [case for case in cases if case.kind in _PAYING]
        # What is only faintly named leads to its document, not to all that its customer owes.
        meant = {hit.number for one in paying for hit in one.found.hits + one.found.named}
        payers = _payers(tx, register, [one.movement for one in paying])
        names = [tight(one.movement.counterparty_name or "") for one in paying]
        customers = set(owners_of(tx, sorted(meant)).values())
        customers = customers.union(
            *payers.values(), *(register.names.get(name, ()) for name in names)
        )
        own = {one: register.own.get(one, ())[:_MOST_OF_A_CUSTOMER] for one in sorted(customers)}
        return cls(payers, own, frozenset[str]().union(*(one.found.numbers for one in cases)))


def book_of(register: Register, concerned: Concerned, ledger: Ledger) -> Book:
    """How the documents of a ledger stand now, as the rules see them; changes with each decision."""
    book = Book(
        payers=concerned.payers,
        names=register.names,
        own=concerned.own,
        promised=register.taken,
    )
    for state in ledger.states():
        enter(book, register, ledger, state)
    return book


def enter(book: Book, register: Register, ledger: Ledger, state: DocumentState) -> None:
    """Let the book say how a document stands now; discount is taken of it once."""
    if state.open and state.number not in register.taken:
        document = open_document(state, ledger.tenant.bank)
        if document.discount is not None and ledger.given_up_of(state.number):
            document = replace(document, discount=None)
        book.settled.pop(state.number, None)
        book.open[state.number] = document
    else:
        book.open.pop(state.number, None)
        book.settled[state.number] = state.customer_id


def open_document(state: DocumentState, policy: BankPolicy) -> OpenDocument:
    """A document as the rules see it, with the cash discount that may be taken off of an invoice."""
    return OpenDocument(
        state.number,
        state.open,
        state.customer_id,
        state.issued_on,
        state.due_on,
        _discount(state, policy),
    )


def _discount(state: DocumentState, policy: BankPolicy) -> CashDiscount | None:
    terms = policy.discount
    if terms is None or state.kind not in DISCOUNTED or state.open.minor <= 0:
        return None
    found = cash_discount(terms, state.open, state.issued_on)
    # Of a few cents the percentage is nothing.
    return found if found.amount else None


def _telling(payers: Mapping[str, set[UUID]]) -> dict[str, set[UUID]]:
    """Names and accounts that tell who pays: some are of nobody, or of many."""
    return {key: own for key, own in payers.items() if key and 0 < len(own) <= _MOST_PAYERS}


def _payers(tx: Tx, register: Register, movements: Sequence[Movement]) -> dict[str, set[UUID]]:
    accounts = {account_key(one.counterparty_iban) for one in movements if one.counterparty_iban}
    known = payers_of(tx, accounts)
    found = {
        account: known.get(account, set()).union(
            register.mandates.get(account_fingerprint(account), ())
        )
        for account in accounts
    }
    return _telling(found)
