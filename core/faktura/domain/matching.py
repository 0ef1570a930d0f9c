"""Which documents a bank movement settles: exact numbers and an exact sum (F097, P38, P39).

One pass over the text with an index of numbers; never movements x invoices. Whatever is not
certain waits for a person, with what may explain it.
"""

from dataclasses import dataclass

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.match_context import Case, sum_of
from faktura.domain.matches import (
    Book,
    Decision,
    OpenDocument,
    Outcome,
    Proposal,
    Reading,
    Rejected,
    TextPart,
)
from faktura.domain.movements import Movement, MovementClass
from faktura.domain.number_index import Found
from faktura.domain.proposals import discount_in_time, proposals_for
from faktura.kernel.money import Money

RULE_VERSION = 2
_SURE_TAIL = 3

# Whatever documents such a booking names: it does not settle them.
_LEFT_ALONE = {
    MovementClass.RETURN: ("return", "a returned debit takes a payment back"),
    MovementClass.CAME_BACK: ("came-back", "money that had been sent out came back"),
    MovementClass.BANK: ("bank", "the bank's own booking"),
}


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    reason: str


def decide(
    movement: Movement, found: Found, book: Book, policy: BankPolicy
) -> Decision[OpenDocument]:
    """FULL when what the text names is open in this currency and adds up to the amount exactly.

    Credits settle invoices, debits only credit. `book` is the state within the run: a document that
    an earlier movement settled is in `settled`. What the text names besides, or what could be read in
    another way, makes it a proposal.
    """
    case = Case.of(movement, found, book, policy)
    if case.kind in _LEFT_ALONE:
        return _open(case, *_LEFT_ALONE[case.kind])
    if movement.amount.minor < 0 and any(one.open.minor > 0 for one in case.said):
        return _open(case, "outgoing", "money that went out settles no invoice")
    for documents in (case.said, case.said + case.listed):
        rule = _certain(case, documents)
        if rule is not None:
            return _full(case, documents, rule)
    proposals = proposals_for(case)
    discount = _discount(case)
    if discount is not None:
        rule = _Rule("discount-exact-sum", discount.reason)
        return _full(case, case.strong, rule, (discount,))
    if proposals:
        best = proposals[0]
        rejected = _rejected(case, {number for number, _ in best.parts})
        return Decision(
            Outcome.PROPOSED, best.rule, best.reason, found.all, (), proposals, rejected
        )
    return _open(case, *_why(case))


def _full(
    case: Case,
    documents: tuple[OpenDocument, ...],
    rule: _Rule,
    proposals: tuple[Proposal, ...] = (),
) -> Decision[OpenDocument]:
    taken = {document.number for document in documents}
    hits = tuple(hit for hit in case.found.all if hit.number in taken)
    rejected = _rejected(case, taken)
    return Decision(Outcome.FULL, rule.name, rule.reason, hits, documents, proposals, rejected)


def _open(case: Case, rule: str, reason: str) -> Decision[OpenDocument]:
    return Decision(Outcome.OPEN, rule, reason, case.found.all, rejected=_rejected(case, set()))


def _certain(case: Case, documents: tuple[OpenDocument, ...]) -> _Rule | None:
    """The rule by which all these are settled, exactly and in one way only."""
    doubtful = not documents or _is_doubtful(case, documents) or _goes_out(case, documents)
    if doubtful or sum_of(documents) != case.amount.minor:
        return None
    whole = len(documents) == len(case.strong)
    count = f"{len(documents)} named, sum exact to the cent"
    if whole and not _is_only_his_id(case, documents):
        return _Rule("numbers-exact-sum", count)
    if Reading.CONFUSED in case.readings(case.named):
        reason = f"{count}; letters stand for digits, and the payer is the customer"
        vouched = case.payer.vouches_for(documents)
        return _Rule("confused-payer-exact-sum", reason) if vouched else None
    if whole or case.payer.speaks_against(documents) or not _are_of_one(case, documents):
        return None
    if case.strong:
        return _Rule("list-exact-sum", f"{count}; the list shortens the later ones")
    return _Rule("shortened-exact-sum", f"{count}; zeros are left out")


def _goes_out(case: Case, documents: tuple[OpenDocument, ...]) -> bool:
    """Whether money that went out would settle an invoice among what a list names."""
    return case.amount.minor < 0 and any(one.open.minor > 0 for one in documents)


def _is_only_his_id(case: Case, documents: tuple[OpenDocument, ...]) -> bool:
    """Whether somebody else names one by nothing but plain digits as his id: it may be his own count."""
    elsewhere = {
        hit.number
        for hit in case.found.hits
        if hit.part is not TextPart.END_TO_END or hit.reading is not Reading.KEYWORD
    }
    only = any(document.number not in elsewhere for document in documents)
    return only and case.payer.speaks_against(documents)


def _are_of_one(case: Case, documents: tuple[OpenDocument, ...]) -> bool:
    """Whether tails of one or two digits belong to who is named whole, or pays: “/25” may be a year."""
    hits = case.found.named + case.found.listed
    short = {hit.number for hit in hits if hit.end - hit.start < _SURE_TAIL}
    tails = [document for document in documents if document.number in short]
    owners = {document.customer_id for document in case.strong}
    of_one = owners.issuperset(tail.customer_id for tail in tails)
    return not owners or of_one or case.payer.vouches_for(tails)


def _is_doubtful(case: Case, documents: tuple[OpenDocument, ...]) -> bool:
    """Whether the text names something besides, could mean another document, or is of another kind."""
    said = {document.number for document in documents}
    return (
        case.kind is not MovementClass.PAYMENT
        or bool(case.settled or case.unknown)
        or any(not case.is_payable(document) for document in documents)
        or any(said.isdisjoint(doubt) for doubt in case.found.doubts)
        or any(one.open.minor > 0 and one.number in case.found.denied for one in documents)
        or _share_a_place(case)
    )


def _share_a_place(case: Case) -> bool:
    """Whether one place in the text was read as two numbers."""
    places = [(hit.part, hit.start) for hit in case.found.hits + case.found.named]
    return len(set(places)) < len(places)


def _discount(case: Case) -> Proposal | None:
    """The cash discount that is taken by itself: everything strong, in time, exact, in one way."""
    if not case.policy.takes_discount or case.named or not case.strong:
        return None
    if _is_doubtful(case, case.strong):
        return None
    ways = discount_in_time(case, case.strong)
    return ways[0] if len(ways) == 1 else None


def _why(case: Case) -> tuple[str, str]:
    if case.said:
        total = Money(sum_of(case.said), case.said[0].open.currency)
        return "sum-differs", f"named documents are open with {total}, not {case.amount}"
    if case.settled:
        return "already-settled", f"{', '.join(case.settled)}: nothing is open"
    if case.unknown:
        return "unknown-number", f"{', '.join(case.unknown)}: no such document"
    return "no-number", "no document number stands in the text"


def _rejected(case: Case, taken: set[str]) -> tuple[Rejected, ...]:
    """What was looked at and not taken, each once."""
    reasons: dict[str, str] = {}
    for number in dict.fromkeys(hit.number for hit in case.found.all):
        if number not in taken:
            reasons[number] = _reason_against(case, number)
    for number in case.unknown:
        reasons.setdefault(number, "no document has this number")
    return tuple(Rejected(number, reason) for number, reason in reasons.items())


def _reason_against(case: Case, number: str) -> str:
    document = case.book.open.get(number)
    if document is None:
        return "nothing is open" if number in case.book.settled else "no document has this number"
    if document.open.currency != case.amount.currency:
        return f"it is open in {document.open.currency}"
    strong = any(hit.number == number for hit in case.found.hits)
    return f"open with {document.open}, the sum does not fit" if strong else "not named for certain"
