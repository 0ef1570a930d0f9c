"""Claims that are given up: what of their net and VAT is written off, and its entry (§ 17 UStG).

An uncollectible claim corrects its VAT (§ 17 Abs. 2 Nr. 1 Satz 1 UStG), and so does cash discount
that was taken: it lowers the price (§ 17 Abs. 1 Satz 1 UStG). A part of a claim is spread over what
it consists of, with the VAT computed out of its gross; all parts sum to its VAT, to the cent.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.deposit_facts import DepositShare, Shares, added, negated
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.tenants import Tenant
from faktura.kernel.rounding import round_ratio
from faktura.kernel.terms import AccountFact, EntryKind, Side, Slot

# How each fact that gives something up is posted, and what its texts say.
GIVEN_UP = {
    AccountFact.WRITE_OFF: (EntryKind.WRITE_OFF, Slot.WRITE_OFF, "Ausbuchung"),
    AccountFact.CASH_DISCOUNT: (EntryKind.CASH_DISCOUNT, Slot.CASH_DISCOUNT, "Skonto"),
}


@dataclass(frozen=True, slots=True)
class WriteOff:
    """What of a document is given up, written off or as cash discount; `minor` > 0 is its gross.

    What `shares` lack of it has no VAT to correct: that was corrected before, or, of an opening
    item, never was in these books.
    """

    key: str
    document_id: UUID
    number: str
    customer_id: UUID
    debtor: str
    currency: str
    minor: int
    value_date: date
    shares: Shares
    fact: AccountFact = AccountFact.WRITE_OFF


def written_off(claim: Shares, before: int, minor: int) -> Shares:
    """The shares of the next `minor` that are written off of a claim, after `before`.

    Cumulative rounding: the difference of what is written off by then and what was before. At most
    what the claim is over, whatever is written off.
    """
    return added(_upto(claim, before + minor), negated(_upto(claim, before)))


def write_off_entry(tenant: Tenant, given: WriteOff) -> Entry:
    """Loss net and VAT per case and rate to receivable gross; an account that lacks is a draft."""
    kind, slot, word = GIVEN_UP[given.fact]
    legs = _taxed_legs(tenant, slot, given.shares)
    rest = given.minor - sum(share.gross for share in given.shares)
    if rest:
        account = account_of(tenant.chart, tenant.accounts, slot)
        legs.append(Leg(slot, account, Side.DEBIT, rest))
    receivables = account_of(tenant.chart, tenant.accounts, Slot.RECEIVABLES)
    legs.append(Leg(Slot.RECEIVABLES, receivables, Side.CREDIT, given.minor, given.debtor))
    return checked(
        Entry(
            given.key,
            kind,
            given.value_date,
            given.currency,
            f"{word} {given.number}",
            tuple(legs),
            given.document_id,
            given.customer_id,
        )
    )


def _upto(claim: Shares, gross: int) -> Shares:
    whole = sum(share.gross for share in claim)
    if whole <= 0:
        return ()
    found, seen, done = [], 0, 0
    for share in claim:
        seen += share.gross
        upto = round_ratio(min(gross, whole) * seen, whole)
        tax = _tax_within(share, upto - done)
        found.append(DepositShare(share.taxed, upto - done - tax, tax))
        done = upto
    return tuple(found)


def _tax_within(share: DepositShare, part: int) -> int:
    if not share.gross:
        return 0
    sign = 1 if share.gross > 0 else -1
    return round_ratio(sign * part * share.tax, sign * share.gross)


def _taxed_legs(tenant: Tenant, loss: Slot, shares: Shares) -> list[Leg]:
    legs = []
    for share in shares:
        for slot, minor in ((loss, share.net), (Slot.VAT, share.tax)):
            if minor:
                taxed = share.taxed
                how = taxed.case, taxed.rate, taxed.country
                account = account_of(tenant.chart, tenant.accounts, slot, *how)
                side = Side.DEBIT if minor > 0 else Side.CREDIT
                legs.append(Leg(slot, account, side, abs(minor), None, *how))
    return legs
