"""Journal entries as DATEV rows: gross amounts, one row per revenue account, rate and cost centre.

The amounts are whole cents. A row is seen from its `account`: S debits it, H credits it.
"""

from collections.abc import Iterator

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import EntryKind, Slot, TaxCase
from faktura.plugin import JournalEntryData, LegData
from faktura_datev.accounts import UNTAXED, Functions, Tax
from faktura_datev.automatic_accounts import FREE
from faktura_datev.ledger import VATS, ledger_account, signed_cents
from faktura_datev.poster import Poster
from faktura_datev.row import Place, Row, SignedShares, Voucher
from faktura_datev.transfer import transfer_rows
from faktura_datev.voucher import voucher_of

_HOME = "DE"
_GREECE = "GR"
# What DATEV takes VAT out of by itself, where the account has that function.
_TURNOVER = frozenset(
    {
        Slot.REVENUE,
        Slot.DEPOSITS_RECEIVED,
        Slot.COMMISSION,
        Slot.WRITE_OFF,
        Slot.CASH_DISCOUNT,
        Slot.RECOVERED,
    }
)
_UNTAXED_KINDS = frozenset({EntryKind.DEFERRAL, EntryKind.RELEASE})
_DEFERRED = frozenset({Slot.DEFERRED_REVENUE, Slot.DEFERRAL_CONTRA})
# Parts sum to their whole's VAT; one part alone may be a cent beside DATEV's.
_TELESCOPED = frozenset(
    {
        EntryKind.CORRECTION,
        EntryKind.CREDIT_NOTE,
        EntryKind.WRITE_OFF,
        EntryKind.CASH_DISCOUNT,
        EntryKind.RECOVERY,
        EntryKind.REVERSAL,
    }
)


def rows_of(
    entry: JournalEntryData, functions: Functions, *, general_reversal: bool = False
) -> tuple[Row, ...]:
    """The rows that post an entry; raises ExportRefused naming entry and account if none can."""
    try:
        voucher = voucher_of(entry, general_reversal=general_reversal)
        post = _turnover_rows if _is_turnover(entry) else transfer_rows
        rows = tuple(post(entry, functions, voucher))
        if not rows:
            raise ExportRefused("the entry moves nothing")
    except ExportRefused as refused:
        raise refused.at(f"entry {entry.key}") from None
    return rows


def _is_turnover(entry: JournalEntryData) -> bool:
    """Whether DATEV taxes the entry. A deferral moves net of turnover that is taxed already."""
    slots = {leg.slot for leg in entry.legs}
    if entry.kind in _UNTAXED_KINDS or slots & _DEFERRED:
        return False
    return bool(slots & (_TURNOVER | VATS))


def _turnover_rows(
    entry: JournalEntryData, functions: Functions, voucher: Voucher
) -> Iterator[Row]:
    hub = _hub(entry, functions)
    vats = _vats(entry, functions)
    poster = Poster(functions, hub, voucher, may_split=entry.kind in _TELESCOPED)
    by_tax: dict[Tax, SignedShares] = {tax: {} for tax in vats}
    for place, credit in _shares(entry, functions, hub).items():
        by_tax.setdefault(place.tax, {})[place] = credit
    # Receipts in parts sum to the deposit's VAT; one part alone may be a cent beside DATEV's.
    deposits = any(leg.slot is Slot.DEPOSITS_RECEIVED for leg in entry.legs)
    post = poster.received if deposits else poster.turnover
    for tax, group in by_tax.items():
        yield from post(group, vats.get(tax, 0), tax)


def _hub(entry: JournalEntryData, functions: Functions) -> str:
    """The one account, a debtor's or a bank's, that all turnover is posted against."""
    others = [leg for leg in entry.legs if leg.slot not in _TURNOVER | VATS]
    accounts = dict.fromkeys(ledger_account(leg, functions) for leg in others)
    if len(accounts) != 1:
        raise ExportRefused(
            "several accounts on both sides have no single contra account",
            place=f"account {', '.join(accounts) or '-'}",
            mend="Post one entry per debtor or bank account",
        )
    return next(iter(accounts))


def _vats(entry: JournalEntryData, functions: Functions) -> dict[Tax, int]:
    """The VAT of the entry by tax; credits are positive."""
    vats: dict[Tax, int] = {}
    for leg in entry.legs:
        if leg.slot in VATS:
            tax = _vat_tax(leg, functions)
            vats[tax] = vats.get(tax, 0) - signed_cents(leg, entry.currency)
    return vats


def _shares(entry: JournalEntryData, functions: Functions, hub: str) -> SignedShares:
    """What is not VAT and not the hub's, by place; credits are positive."""
    shares: SignedShares = {}
    for leg in entry.legs:
        if leg.slot in _TURNOVER and (account := ledger_account(leg, functions)) != hub:
            place = _place(leg, account, functions)
            shares[place] = shares.get(place, 0) - signed_cents(leg, entry.currency)
    return {place: credit for place, credit in shares.items() if credit}


def _vat_tax(leg: LegData, functions: Functions) -> Tax:
    rate, country = leg.tax_rate or FREE, _other_country(leg)
    is_input = leg.slot is Slot.INPUT_VAT
    if country:
        return Tax(rate, leg.account, country)
    expected = functions.vat_account(rate, is_input=is_input)
    if leg.account != expected:
        raise ExportRefused(
            f"DATEV collects {rate} % on {expected}",
            place=f"account {leg.account}",
            mend="Set the VAT account of this rate to DATEV's",
        )
    return Tax(rate, expected, is_input=is_input)


def _share_tax(leg: LegData, account: str, functions: Functions) -> Tax:
    rate, country = leg.tax_rate or FREE, _other_country(leg)
    if not rate:
        return UNTAXED
    if country:
        return Tax(rate, functions.oss_vat_account(account), country)
    is_input = leg.slot is Slot.COMMISSION
    return Tax(rate, functions.vat_account(rate, is_input=is_input), is_input=is_input)


def _other_country(leg: LegData) -> str:
    """The EU country whose VAT it is (OSS), as DATEV writes it; empty for our own."""
    if not leg.tax_rate or leg.tax_country in (None, _HOME):
        if leg.tax_case is TaxCase.OSS:
            raise ExportRefused(
                "VAT of another country (OSS) without its country or rate",
                place=f"account {leg.account}",
                mend="Set up the tax of that country",
            )
        return ""
    # DATEV knows Greece by its VAT prefix, not by its ISO code.
    return "EL" if leg.tax_country == _GREECE else leg.tax_country or ""


def _place(leg: LegData, account: str, functions: Functions) -> Place:
    if leg.tax_case is TaxCase.INTRA_COMMUNITY and not leg.buyer_vat_id:
        raise ExportRefused(
            "an intra-community supply without the buyer's VAT id",
            place=f"account {account}",
            mend="Fill the customer's VAT id",  # § 18a UStG, column 40
        )
    return Place(
        account,
        leg.cost_centre or "",
        leg.cost_object or "",
        _share_tax(leg, account, functions),
        _vat_id(leg),
    )


def _vat_id(leg: LegData) -> str:
    vat_id = leg.buyer_vat_id or ""
    return "EL" + vat_id[2:] if vat_id.startswith(_GREECE) else vat_id
