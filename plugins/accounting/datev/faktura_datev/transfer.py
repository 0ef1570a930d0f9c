"""Entries without VAT as rows: payments, deferrals, manual entries; any account against any other.

A row has one amount, two accounts and one cost centre. So an entry is one account against all
others; where it has several on both sides, its cost centres may part it into such entries, or it
goes over a clearing account.
"""

from collections.abc import Iterator, Sequence

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Slot
from faktura.plugin import JournalEntryData
from faktura_datev.accounts import Functions
from faktura_datev.ledger import ledger_account, of_length, signed_cents
from faktura_datev.poster import Poster
from faktura_datev.row import Place, Row, SignedShares, Voucher

_PAIR = 2
# What all other accounts of an entry are posted against where it has one of them: clearing of open
# items looks for the bank, and a deferral is read off its own account.
_CENTRAL = frozenset({Slot.BANK, Slot.DEFERRED_REVENUE})
# Sachverhalt 40 is a dunning fee, 31 dunning interest: open items tell both from the claim itself.
_MATTERS = {Slot.DUNNING_FEES: "40", Slot.DUNNING_INTEREST: "31"}


def transfer_rows(entry: JournalEntryData, functions: Functions, voucher: Voucher) -> Iterator[Row]:
    """The rows of an entry that moves amounts without VAT; ExportRefused where none can."""
    shares, central = _shares(entry, functions)
    for part in _parts(shares):
        hub = _hub(part, central, functions)
        poster = Poster(functions, hub, voucher)
        centre = next((place for place in part if place.account == hub), Place(hub))
        for place, credit in part.items():
            if place.account != hub:
                yield from poster.transfer(_costed(place, centre), credit)


def _shares(entry: JournalEntryData, functions: Functions) -> tuple[SignedShares, set[str]]:
    """What the entry moves, by place, credits positive; and the accounts that are central to it."""
    shares: SignedShares = {}
    central: set[str] = set()
    for leg in entry.legs:
        account = ledger_account(leg, functions)
        place = Place(
            account,
            leg.cost_centre or "",
            leg.cost_object or "",
            matter=_MATTERS.get(leg.slot, ""),
        )
        shares[place] = shares.get(place, 0) - signed_cents(leg, entry.currency)
        if leg.slot in _CENTRAL:
            central.add(account)
    return {place: credit for place, credit in shares.items() if credit}, central


def _parts(shares: SignedShares) -> Sequence[SignedShares]:
    """The entry by cost centre and object where each of them is balanced, else as a whole."""
    parts: dict[tuple[str, str], SignedShares] = {}
    for place, credit in shares.items():
        parts.setdefault((place.cost_centre, place.cost_object), {})[place] = credit
    if any(sum(part.values()) for part in parts.values()):
        return [shares]
    return list(parts.values())


def _hub(shares: SignedShares, central: set[str], functions: Functions) -> str:
    """The one account all others are posted against: a central one, else the only of its side."""
    debited = dict.fromkeys(place.account for place, credit in shares.items() if credit < 0)
    credited = dict.fromkeys(place.account for place, credit in shares.items() if credit > 0)
    accounts = dict.fromkeys((*debited, *credited))
    found = central & accounts.keys() if len(debited) + len(credited) > _PAIR else set()
    hubs = list(found) if len(found) == 1 else []
    hubs += [account for side in (debited, credited) if len(side) == 1 for account in side]
    hubs.sort(key=lambda hub: _is_costed(hub, shares))
    # Last, one that gives as much as it takes: only cost centres change.
    hubs += sorted(central - accounts.keys())
    for hub in hubs:
        if _fits(hub, shares):
            return hub
    if functions.clearing:
        return of_length(functions.clearing, functions.account_length)
    raise ExportRefused(
        "several accounts on both sides have no single contra account",
        place=f"account {', '.join(accounts)}",
        mend="Split the entry, one per debtor or bank account, or set a `clearing_account`",
    )


def _fits(hub: str, shares: SignedShares) -> bool:
    """Whether rows against the hub can say all cost centres: a row has one for both accounts."""
    own = [place for place in shares if place.account == hub]
    others = [place for place in shares if place.account != hub]
    if len(own) > 1 or not others:
        return False
    return (
        not own
        or not _centre(own[0])
        or all(_centre(each) in ((), _centre(own[0])) for each in others)
    )


def _is_costed(account: str, shares: SignedShares) -> bool:
    return any(_centre(place) for place in shares if place.account == account)


def _centre(place: Place) -> tuple[str, ...]:
    named = bool(place.cost_centre or place.cost_object)
    return (place.cost_centre, place.cost_object) if named else ()


def _costed(place: Place, centre: Place) -> Place:
    """The place with its cost centre and matter, or with those of the hub."""
    if centre.matter and not place.matter:
        place = place._replace(matter=centre.matter)
    if _centre(place):
        return place
    return place._replace(cost_centre=centre.cost_centre, cost_object=centre.cost_object)
