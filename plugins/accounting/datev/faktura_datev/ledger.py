"""A leg of the journal as DATEV knows it: whole cents on one account of the client."""

from faktura.kernel.errors import BadInput, ExportRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import Side, Slot
from faktura.plugin import LegData
from faktura_datev.accounts import Functions

_DEBTOR_DIGITS = "123456"  # 10000-69999 at length 4; 7 and above are creditors
# Their VAT is in rows of turnover: DATEV posts these accounts by itself.
VATS = frozenset({Slot.VAT, Slot.INPUT_VAT})


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
    if leg.debtor:
        return debtor_account(leg.debtor, functions)
    if leg.slot is Slot.RECEIVABLES:
        raise ExportRefused(
            "a receivable without a debtor number",
            place=f"account {leg.account}",
            mend="Give the customer a debtor number; the collective account is never posted",
        )
    if leg.slot not in VATS and functions.is_collected(leg.account):
        raise ExportRefused(
            "DATEV collects on this account by itself; nobody posts to it directly",
            place=f"account {leg.account}",
            mend="If the adviser wants it posted to, name the account in `direct_accounts`",
        )
    return of_length(leg.account, functions.account_length)


def debtor_account(account: str, functions: Functions) -> str:
    """A customer's personal account, checked: one digit longer, of the debtors' range."""
    if account[0] not in _DEBTOR_DIGITS:
        raise ExportRefused(
            "debtor numbers start with 1 to 6",
            place=f"account {account}",
            mend="Give the customer a number of the debtors' range",
        )
    return of_length(account, functions.account_length + 1)


def of_length(account: str, length: int) -> str:
    """The account, if it has that many digits and nothing else; ExportRefused otherwise."""
    if len(account) != length or not (account.isascii() and account.isdigit()):
        raise ExportRefused(
            f"an account of this kind has {length} digits at this client",
            place=f"account {account}",
            mend="Set up the accounts in the client's length, or correct `account_length`",
        )
    return account
