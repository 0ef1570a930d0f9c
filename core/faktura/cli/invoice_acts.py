"""What an act on issued documents did, in sentences: numbers, amounts, what became of the credit."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from faktura.cli.output import print_json, say
from faktura.domain.document_kinds import CORRECTING
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact, DocumentLinkKind
from faktura.store.invoice_details import invoice_details

if TYPE_CHECKING:
    from faktura.domain.invoices import DraftDocument
    from faktura.store.facts import FrozenDocument
    from faktura.store.transaction import Tx

Record = dict[str, object]


class Issued:
    """Documents that an act issued, looked at in its transaction, told once that is committed."""

    def __init__(self, tx: "Tx", documents: Sequence["FrozenDocument"]) -> None:
        """Look at the documents as they stand now."""
        self._records = [_record(tx, one) for one in documents]
        self._sentences = [told for one in documents for told in _sentences(tx, one, documents)]

    def tell(self, *more: str, as_json: bool) -> None:
        """Sentences for people, then `more` of them; the documents for scripts."""
        if as_json:
            print_json(self._records)
            return
        for told in (*self._sentences, *more):
            say(told, as_json=False)


def _record(tx: "Tx", one: "FrozenDocument") -> Record:
    draft = one.draft
    return {
        "number": one.number,
        "kind": draft.kind,
        "net": draft.net.decimal,
        "vat": draft.tax.decimal,
        "gross": draft.gross.decimal,
        "currency": draft.currency,
        "open": _open(tx, one.number).decimal,
        "corrects": _corrected(draft),
    }


def _sentences(
    tx: "Tx", one: "FrozenDocument", documents: Sequence["FrozenDocument"]
) -> Iterator[str]:
    draft, rest = one.draft, _open(tx, one.number)
    named = f"{one.number} ({draft.kind})"
    if draft.kind not in CORRECTING:
        left = f"{rest} of it are open" if rest.minor >= 0 else _credit(draft, rest)
        yield f"{named} over {draft.gross} is issued; {left}."
        return
    originals = _corrected(draft)
    yield f"{named} over {draft.gross} corrects {', '.join(originals)}."
    others = [other.number for other in documents if other is not one]
    spent = _spent(tx, originals, others, draft.gross - rest)
    settled = " and ".join(f"{amount} against {number}" for number, amount in spent)
    yield f"Set off: {settled}; {_left(draft, rest)}." if settled else f"{_left(draft, rest)}."


def _left(draft: "DraftDocument", rest: Money) -> str:
    if not rest:
        return "nothing is left of it"
    return _credit(draft, rest) if rest.minor < 0 else f"{rest} are open"


def _credit(draft: "DraftDocument", rest: Money) -> str:
    return f"{-rest} are credit on the account of {draft.customer.number}"


def _spent(
    tx: "Tx", originals: Sequence[str], others: Sequence[str], whole: Money
) -> list[tuple[str, Money]]:
    """What of a correction was set off against which document; nothing is left out."""
    if not whole:
        return []
    if not others:
        return [(originals[0], abs(whole))]
    sums = [(number, _set_off(tx, number)) for number in (*originals, *others)]
    return [(number, amount) for number, amount in sums if amount]


def _set_off(tx: "Tx", number: str) -> Money:
    details = invoice_details(tx, number, None)
    found = [one.amount for one in details.settlements if one.fact is AccountFact.CORRECTION]
    return sum(found, Money.zero(details.record.currency))


def _open(tx: "Tx", number: str) -> Money:
    return invoice_details(tx, number, None).open


def _corrected(draft: "DraftDocument") -> list[str]:
    return [one.number for one in draft.originals if one.why is DocumentLinkKind.CORRECTS]
