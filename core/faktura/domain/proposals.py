"""What may explain a movement that is not certain, best first, for a person to confirm (F097, P36-P38).

Each explanation rests on a number in the text or on who paid; an amount alone is none.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from faktura.domain.match_context import Case, sum_of
from faktura.domain.matches import OpenDocument, Proposal, Reading
from faktura.domain.movements import MovementClass
from faktura.domain.shares import oldest_first, proposal
from faktura.domain.subset_sums import MOST, subsets
from faktura.kernel.money import Money

_MOST_PROPOSALS = 10
_MOST_NAMED = 14

_LATE = "cash-discount-late"

Explanations = Iterable[Proposal]


def proposals_for(case: Case) -> tuple[Proposal, ...]:
    """Every explanation once, best first, ten at most; none for money that went out without credit."""
    found: dict[tuple[object, ...], Proposal] = {}
    for rule in _RULES:
        for one in rule(case):
            found.setdefault((one.parts, one.rest, one.given_up), one)
    return tuple(found.values())[:_MOST_PROPOSALS]


def discount_in_time(case: Case, documents: Sequence[OpenDocument]) -> list[Proposal]:
    """Ways in which cash discounts that may still be taken explain what is missing; two at most."""
    short = sum_of(documents) - case.amount.minor
    if short <= 0:
        return []
    granted = [one for one in documents if one.discount is not None and _days_late(case, one) <= 0]
    return [
        _discounted(case, documents, {granted[place].number for place in way}, "cash-discount")
        for way in subsets([_discount_of(one) for one in granted], short)
    ]


def _named_exact(case: Case) -> Explanations:
    """The sum fits, but something else speaks against booking it by itself."""
    documents = case.said
    if not _payable(case, documents) or sum_of(documents) != case.amount.minor:
        return
    readings = case.readings(case.named)
    rule, why = "named-exact", "the text names something besides"
    if case.kind is MovementClass.FOREIGN:
        why = "it was sent in another currency, or charges were taken off"
    elif any(document.number in case.found.denied for document in documents):
        why = "the words beside it say something else"
    elif Reading.CONFUSED in readings:
        rule, why = "confused", "letters stand for digits"
    elif readings:
        rule, why = "list" if case.strong else "shortened", "numbers are not whole"
    yield proposal(case, rule, f"the sum fits; {why}", documents)


def _part_of_named(case: Case) -> Explanations:
    documents = case.said + tuple(one for one in case.likely if case.strong)
    documents = tuple(one for one in documents if case.is_payable(one))[:_MOST_NAMED]
    strong = {one.number for one in case.strong}
    for way in subsets([one.open.minor for one in documents], case.amount.minor):
        chosen = [documents[place] for place in way]
        if len(chosen) == 1:
            if chosen[0].number in strong or not case.strong:
                yield proposal(case, "one-of-named", "one of the named is the amount", chosen)
        elif strong <= {one.number for one in chosen}:
            yield proposal(case, "list", "numbers that are not whole complete the sum", chosen)
        else:
            yield proposal(case, "part-of-named", "some of the named add up to the amount", chosen)


def _one_more(case: Case) -> Explanations:
    """Everything named and exactly one other document of the same customer, or of who paid."""
    documents = case.said
    lacking = case.amount.minor - sum_of(documents)
    if not _payable(case, documents) or not lacking:
        return
    named = {one.number for one in documents}
    owners = {one.customer_id for one in documents} | case.payer.customers
    for owner in sorted((one for one in owners if one is not None), key=str):
        for other in case.of_customer(owner):
            if other.open.minor == lacking and other.number not in named:
                why = f"with {other.number}, of the same customer, the sum fits"
                yield proposal(case, "named-and-one-more", why, [*documents, other])


def _cash_discount(case: Case) -> Explanations:
    if _payable(case, case.said):
        yield from discount_in_time(case, case.said)


def _charges(case: Case) -> Explanations:
    """What is missing is what banks took off: stated, or the difference to what was sent."""
    documents, movement = case.said, case.movement
    short = sum_of(documents) - case.amount.minor
    if not _payable(case, documents) or short <= 0:
        return
    lost = Money(short, case.amount.currency)
    sent = movement.instructed if movement.instructed_currency == lost.currency else None
    booked = abs(case.amount)
    if movement.charges == lost.decimal or (sent is not None and sent == (booked + lost).decimal):
        yield proposal(
            case, "charges", f"charges of {lost} were taken off", documents, given_up=lost
        )


def _weak_numbers(case: Case) -> Explanations:
    """Numbers that the text may mean, open with just this amount; several are several proposals."""
    if not case.said:
        for document in case.likely:
            if case.is_payable(document) and document.open == case.amount:
                yield proposal(
                    case, "weak-number", "a part of its number and the amount", [document]
                )


def _payer_and_amount(case: Case) -> Explanations:
    for customer_id in _payers(case):
        for document in case.of_customer(customer_id):
            if document.open == case.amount:
                why = f"the amount and {_known_by(case, customer_id)}"
                yield proposal(case, "payer-and-amount", why, [document])


def _already_paid(case: Case) -> Explanations:
    """A document that has nothing open is named: the money is the customer's credit (P37)."""
    if not case.settled or case.amount.minor <= 0:
        return
    documents = [one for one in case.said if case.is_payable(one)]
    if 0 <= sum_of(documents) <= case.amount.minor:
        owner = next((case.book.settled[number] for number in case.settled), None)
        promised = any(number in case.book.promised for number in case.settled)
        how = "another movement is marked for it" if promised else "paid already"
        why = f"{', '.join(case.settled)}: {how}, the rest is credit"
        yield proposal(case, "already-paid", why, documents, owner=owner)


def _other_currency(case: Case) -> Explanations:
    for document in case.said:
        if document.open.currency != case.amount.currency:
            zero = Money.zero(case.amount.currency)
            why = f"{document.number} is open with {document.open}"
            yield Proposal(
                "other-currency",
                why,
                ((document.number, case.amount),),
                zero,
                zero,
                document.customer_id,
            )


def _late_discount(case: Case) -> Explanations:
    """Short by the discounts, but too late for them: the rest stays open."""
    documents = case.said
    granted = [one for one in documents if one.discount is not None]
    days = max((_days_late(case, one) for one in granted), default=0)
    if days <= 0 or not _payable(case, documents):
        return
    if sum_of(documents) - case.amount.minor == sum(map(_discount_of, granted)):
        why = f"short by the cash discount, {days} days too late"
        yield _discounted(case, documents, {one.number for one in granted}, _LATE, why)


def _under_or_over(case: Case) -> Explanations:
    """The named documents as far as the money goes; what is over is credit (P36, P37)."""
    documents = case.said or _only_likely(case)
    difference = case.amount.minor - sum_of(documents)
    if not difference or not _payable(case, documents) or not _same_sign(case, documents):
        return
    over = (difference > 0) == (case.amount.minor > 0)
    apart = abs(Money(difference, case.amount.currency))
    if over:
        yield proposal(case, "overpaid", f"{apart} more than is open", documents)
    else:
        yield proposal(case, "underpaid", f"{apart} less than is open", documents)


def _payer_and_discount(case: Case) -> Explanations:
    for customer_id in _payers(case):
        for document in case.of_customer(customer_id):
            for one in discount_in_time(case, [document]):
                why = f"the amount less cash discount, and {_known_by(case, customer_id)}"
                yield Proposal(
                    "payer-and-discount", why, one.parts, one.rest, one.given_up, customer_id
                )


def _subset_of_payer(case: Case) -> Explanations:
    """Several documents of one customer that add up; two ways are both told (P38)."""
    if case.said or case.amount.minor <= 0:
        return
    for customer_id in _payers(case):
        own = case.of_customer(customer_id)
        if not 1 < len(own) <= MOST:
            continue
        ways = subsets([one.open.minor for one in own], case.amount.minor)
        how = "in one way only" if len(ways) == 1 else "in more than one way"
        for way in ways:
            why = f"{len(way)} of the payer's documents add up, {how}"
            yield proposal(case, "subset-of-payer", why, [own[place] for place in way])


_RULES: tuple[Callable[[Case], Explanations], ...] = (
    _named_exact,
    _part_of_named,
    _one_more,
    _cash_discount,
    _charges,
    _weak_numbers,
    _payer_and_amount,
    _already_paid,
    _other_currency,
    _late_discount,
    _under_or_over,
    _payer_and_discount,
    _subset_of_payer,
)


def _payable(case: Case, documents: Sequence[OpenDocument]) -> bool:
    return bool(documents) and all(case.is_payable(document) for document in documents)


def _same_sign(case: Case, documents: Sequence[OpenDocument]) -> bool:
    total = sum_of(documents)
    return bool(total) and (total > 0) == (case.amount.minor > 0)


def _only_likely(case: Case) -> tuple[OpenDocument, ...]:
    """The one weak number that is the payer's own, where there is but one."""
    own = tuple(one for one in case.likely if one.customer_id in case.payer.customers)
    return own if len(own) == 1 and not case.settled else ()


def _payers(case: Case) -> list[UUID]:
    """Who may have paid, those known by the account first."""
    by_name = case.payer.by_name - case.payer.by_iban
    return [*sorted(case.payer.by_iban, key=str), *sorted(by_name, key=str)]


def _known_by(case: Case, customer_id: UUID) -> str:
    return "the payer's account" if customer_id in case.payer.by_iban else "the payer's name"


def _discount_of(document: OpenDocument) -> int:
    return document.discount.amount.minor if document.discount is not None else 0


def _days_late(case: Case, document: OpenDocument) -> int:
    """Days after the discount's end and the grace; 0 or less is in time."""
    assert document.discount is not None  # noqa: S101 - asked for documents with a discount only
    return (case.paid_on - document.discount.until).days - case.policy.grace_days


def _discounted(
    case: Case, documents: Sequence[OpenDocument], less: set[str], rule: str, why: str = ""
) -> Proposal:
    """Each document paid; those in `less` but for their discount, which is given up when in time."""
    currency = case.amount.currency
    parts = tuple(
        (one.number, Money(one.open.minor - _discount_of(one) * (one.number in less), currency))
        for one in documents
    )
    rest = case.amount.minor - sum(part.minor for _, part in parts)
    taken = sum(_discount_of(one) for one in documents if one.number in less)
    in_time = rule != _LATE
    return Proposal(
        rule,
        why or f"cash discount of {Money(taken, currency)}, in time",
        parts,
        Money(rest, currency),
        Money(taken if in_time else 0, currency),
        oldest_first(documents)[0].customer_id,
    )
