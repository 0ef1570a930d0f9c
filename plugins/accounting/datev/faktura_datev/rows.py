"""Journal entries as DATEV rows: gross amounts, one row per revenue account, rate and cost centre.

The amounts are whole cents. A row is seen from its `account`: S debits it, H credits it.
"""

from collections.abc import Iterator
from decimal import Decimal

from faktura.kernel.errors import BadInput, ExportRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase
from faktura.plugin import JournalEntryData, LegData
from faktura_datev.accounts import FREE, Functions
from faktura_datev.document_field import to_field
from faktura_datev.poster import Poster
from faktura_datev.row import Place, Row, SignedShares, Voucher
from faktura_datev.text import as_cp1252, shortened_to

TEXT_LENGTH = 60
_HOME = "DE"
# What DATEV takes VAT out of by itself, where the account has that function.
_TURNOVER = frozenset({Slot.REVENUE, Slot.DEPOSITS_RECEIVED, Slot.COMMISSION})
_VATS = frozenset({Slot.VAT, Slot.INPUT_VAT})
# What corrections take back sums to their original's VAT; one alone may be a cent beside DATEV's.
_TELESCOPED = frozenset({EntryKind.CORRECTION, EntryKind.CREDIT_NOTE})
_DEBTOR_DIGITS = "123456"  # 10000-69999 at length 4; 7 and above are creditors


def signed_cents(leg: LegData, currency: str) -> int:
    """The leg's amount in cents: debits positive, credits negative; ExportRefused if not whole."""
    try:
        cents = Money.from_decimal(leg.amount, currency).minor
    except BadInput as unusable:
        raise ExportRefused(
            unusable.problem,
            place=f"account {leg.account}",
            mend="A journal entry has whole cents: check where it was posted",
        ) from None
    return cents if leg.side is Side.DEBIT else -cents


def ledger_account(leg: LegData, functions: Functions) -> str:
    """The account DATEV knows: the debtor instead of the collective account; ExportRefused."""
    account, length = leg.account, functions.account_length
    if leg.slot is Slot.RECEIVABLES:
        account, length = leg.debtor or "", length + 1
        if not account:
            raise ExportRefused(
                "a receivable without a debtor number",
                place=f"account {leg.account}",
                mend="Give the customer a debtor number; the collective account is never posted",
            )
        if account[0] not in _DEBTOR_DIGITS:
            raise ExportRefused(
                "debtor numbers start with 1 to 6",
                place=f"account {account}",
                mend="Give the customer a number of the debtors' range",
            )
    if len(account) != length or not (account.isascii() and account.isdigit()):
        raise ExportRefused(
            f"an account of this kind has {length} digits at this client",
            place=f"account {account}",
            mend="Set up the accounts in the client's length, or correct `account_length`",
        )
    return account


def voucher_text(entry: JournalEntryData) -> str:
    """Customer and text of an entry before it is fitted into Buchungstext."""
    name = entry.customer_name or ""
    return entry.text if name in entry.text else f"{name} {entry.text}"


def rows_of(entry: JournalEntryData, functions: Functions) -> tuple[Row, ...]:
    """The rows that post an entry; raises ExportRefused naming entry and account if none can."""
    try:
        rows = tuple(_postings(entry, functions))
        if not rows:
            raise ExportRefused("the entry moves nothing")
    except ExportRefused as refused:
        raise refused.at(f"entry {entry.key}") from None
    return rows


def _voucher(entry: JournalEntryData) -> Voucher:
    infos = [("Journal", entry.key)]
    if entry.customer_number:
        infos.append(("Kunde", entry.customer_number))
    if entry.reverses_key:
        infos.append(("Kehrt um", entry.reverses_key))
    return Voucher(
        on=entry.value_date,
        document=to_field(entry.document_number) if entry.document_number else "",
        due=entry.due_on,
        text=shortened_to(as_cp1252(voucher_text(entry)), TEXT_LENGTH),
        mandate=entry.mandate or "",
        infos=tuple(infos),
    )


def _postings(entry: JournalEntryData, functions: Functions) -> Iterator[Row]:
    hub, shares, vats = _sorted(entry, functions)
    poster = Poster(functions, hub, _voucher(entry), may_split=entry.kind in _TELESCOPED)
    slots = {leg.slot for leg in entry.legs}
    if not slots & _TURNOVER and not vats:
        for place, credit in shares.items():
            yield from poster.transfer(place, credit)
        return
    by_rate: dict[Decimal, SignedShares] = {rate: {} for rate in vats}
    for place, credit in shares.items():
        by_rate.setdefault(place.rate, {})[place] = credit
    # Receipts in parts sum to the deposit's VAT; one part alone may be a cent beside DATEV's.
    post = poster.received if Slot.DEPOSITS_RECEIVED in slots else poster.turnover
    for rate, group in by_rate.items():
        yield from post(group, vats.get(rate, 0), rate)


def _sorted(
    entry: JournalEntryData, functions: Functions
) -> tuple[str, SignedShares, dict[Decimal, int]]:
    """The hub account, the shares against it and the VAT by rate; credits are positive."""
    hub = _hub(entry, functions)
    shares: SignedShares = {}
    vats: dict[Decimal, int] = {}
    for leg in entry.legs:
        credit = -signed_cents(leg, entry.currency)
        if leg.slot in _VATS:
            rate = _rate(leg)
            expected = functions.vat_account(rate, is_input=leg.slot is Slot.INPUT_VAT)
            if leg.account != expected:
                raise ExportRefused(
                    f"DATEV collects {rate} % on {expected}",
                    place=f"account {leg.account}",
                    mend="Set the VAT account of this rate to DATEV's",
                )
            vats[rate] = vats.get(rate, 0) + credit
        elif (account := ledger_account(leg, functions)) != hub:
            place = _place(leg, account)
            shares[place] = shares.get(place, 0) + credit
    return hub, {place: credit for place, credit in shares.items() if credit}, vats


def _hub(entry: JournalEntryData, functions: Functions) -> str:
    """The one account all other legs are posted against."""
    others = [leg for leg in entry.legs if leg.slot not in _TURNOVER | _VATS]
    taxed = len(others) != len(entry.legs)
    banks = [leg for leg in others if leg.slot is Slot.BANK]
    accounts = [ledger_account(leg, functions) for leg in (others if taxed else banks or others)]
    if not accounts or (len(set(accounts)) > 1 and (taxed or banks or len(set(accounts)) > 2)):
        raise ExportRefused(
            "several accounts on both sides have no single contra account",
            place=f"account {', '.join(dict.fromkeys(accounts)) or '-'}",
            mend="Post one entry per debtor or bank account",
        )
    return accounts[0]


def _rate(leg: LegData) -> Decimal:
    rate = leg.tax_rate or FREE
    foreign = bool(rate) and leg.tax_country not in (None, _HOME)
    if foreign or leg.tax_case is TaxCase.OSS:
        raise ExportRefused(
            "VAT of another country (OSS) has no row yet",
            place=f"account {leg.account}",
            mend="Export the period without this document and hand it to the adviser by itself",
        )
    return rate


def _place(leg: LegData, account: str) -> Place:
    if leg.tax_case is TaxCase.INTRA_COMMUNITY and not leg.buyer_vat_id:
        raise ExportRefused(
            "an intra-community supply without the buyer's VAT id",
            place=f"account {account}",
            mend="Fill the customer's VAT id",  # § 18a UStG, column 40
        )
    return Place(
        account,
        _rate(leg),
        leg.buyer_vat_id or "",
        leg.cost_centre or "",
        leg.cost_object or "",
        leg.slot is Slot.COMMISSION,
    )
