"""Closed vocabularies: the words of the field that code, tables, API and documents share."""

from enum import StrEnum, unique
from typing import TypeVar

from faktura.kernel.errors import UnknownTerm, shortened

Term = TypeVar("Term", bound=StrEnum)


def term(vocabulary: type[Term], text: str, *, field: str = "") -> Term:
    """The word of a vocabulary; raises UnknownTerm with the words that would do."""
    try:
        return vocabulary(text)
    except ValueError:
        raise UnknownTerm(
            f"“{shortened(text)}” is none of its words",
            place=field,
            mend=f"{field or 'It'} is one of {', '.join(vocabulary)}",
        ) from None


@unique
class IntervalUnit(StrEnum):
    """Units of intervals, terms and payment terms (dueUnit, F011)."""

    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


@unique
class ArticleUnit(StrEnum):
    """What one of an article is; NONE prints the bare number (F025)."""

    PIECE = "PIECE"
    NONE = "NONE"
    HOUR = "HOUR"
    MINUTE = "MINUTE"
    SECOND = "SECOND"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"
    GIGABYTE = "GIGABYTE"
    KILOGRAM = "KILOGRAM"
    KILOMETRE = "KILOMETRE"
    LITRE = "LITRE"
    METRE = "METRE"
    SQUARE_METRE = "SQUARE_METRE"
    LUMP_SUM = "LUMP_SUM"


@unique
class ContractKind(StrEnum):
    """Simple: irregular services; subscription: recurring ones as well (F003)."""

    SIMPLE = "SIMPLE"
    SUBSCRIPTION = "SUBSCRIPTION"


@unique
class ContractState(StrEnum):
    """States of a contract (F004); ENDED and VOIDED are final."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    TERMINATED = "TERMINATED"
    ENDED = "ENDED"
    VOIDED = "VOIDED"


@unique
class Renewal(StrEnum):
    """What happens after the minimum term."""

    FIXED = "FIXED"
    INDEFINITE = "INDEFINITE"
    NONE = "NONE"


@unique
class DayCount(StrEnum):
    """Proration convention of a contract (P8, G2)."""

    ACTUAL = "ACTUAL"
    THIRTY_360 = "THIRTY_360"
    NONE = "NONE"


@unique
class Origin(StrEnum):
    """Where an activity comes from (F058, P54)."""

    SUBSCRIPTION = "SUBSCRIPTION"
    ONE_OFF = "ONE_OFF"
    USAGE = "USAGE"
    MIGRATION = "MIGRATION"


@unique
class Supply(StrEnum):
    """What is supplied: decides the tax case abroad (§ 3a, § 6, § 6a UStG)."""

    GOODS = "GOODS"
    SERVICE = "SERVICE"
    DIGITAL = "DIGITAL"


@unique
class TaxCase(StrEnum):
    """The tax cases of domain.md; each has a category code and needs its own set-up."""

    STANDARD = "STANDARD"
    REDUCED = "REDUCED"
    EXEMPT = "EXEMPT"
    SMALL_BUSINESS = "SMALL_BUSINESS"
    REVERSE_CHARGE = "REVERSE_CHARGE"
    INTRA_COMMUNITY = "INTRA_COMMUNITY"
    EXPORT = "EXPORT"
    NOT_TAXABLE = "NOT_TAXABLE"
    OSS = "OSS"


@unique
class TaxCategory(StrEnum):
    """VAT category codes of EN 16931 (BT-118, UNTDID 5305)."""

    S = "S"
    Z = "Z"
    E = "E"
    AE = "AE"
    K = "K"
    G = "G"
    O = "O"  # noqa: E741 - the code list's own letter


@unique
class DocumentKind(StrEnum):
    """Kinds of documents (F066).

    OPENING is an open item of another system (P54), DUNNING what a dunning notice charges.
    """

    INVOICE = "INVOICE"
    CORRECTION = "CORRECTION"
    CANCELLATION = "CANCELLATION"
    CREDIT_NOTE = "CREDIT_NOTE"
    CREDIT_NOTE_CORRECTION = "CREDIT_NOTE_CORRECTION"
    DEPOSIT = "DEPOSIT"
    FINAL = "FINAL"
    OPENING = "OPENING"
    DUNNING = "DUNNING"


@unique
class PaymentMethod(StrEnum):
    """How a customer pays; who collects it is an account at a provider."""

    TRANSFER = "TRANSFER"
    SEPA_DEBIT = "SEPA_DEBIT"
    CARD = "CARD"
    PAYPAL = "PAYPAL"


@unique
class RecipientUse(StrEnum):
    """What an e-mail address of a customer or contract is for (F085, F126)."""

    INVOICE = "INVOICE"
    DUNNING = "DUNNING"
    PAYMENT = "PAYMENT"


@unique
class Side(StrEnum):
    """Sides of a journal leg: Soll and Haben."""

    DEBIT = "D"
    CREDIT = "C"

    @property
    def other(self) -> "Side":
        """The opposite side."""
        return Side.CREDIT if self is Side.DEBIT else Side.DEBIT


@unique
class Chart(StrEnum):
    """Charts of accounts; of OWN every account is the tenant's own setting."""

    SKR03 = "SKR03"
    SKR04 = "SKR04"
    OWN = "OWN"


@unique
class Slot(StrEnum):
    """What an account is used for; a chart or tenant setting fills each slot."""

    RECEIVABLES = "RECEIVABLES"
    REVENUE = "REVENUE"
    VAT = "VAT"
    BANK = "BANK"
    BANK_FEES = "BANK_FEES"
    DEPOSITS_REQUESTED = "DEPOSITS_REQUESTED"
    DEPOSITS_RECEIVED = "DEPOSITS_RECEIVED"
    OPENING_BALANCE = "OPENING_BALANCE"
    COMMISSION = "COMMISSION"
    INPUT_VAT = "INPUT_VAT"
    DEFERRED_REVENUE = "DEFERRED_REVENUE"
    DEFERRAL_CONTRA = "DEFERRAL_CONTRA"
    WRITE_OFF = "WRITE_OFF"
    RECOVERED = "RECOVERED"
    MANUAL = "MANUAL"
    TRANSIT = "TRANSIT"
    CASH_DISCOUNT = "CASH_DISCOUNT"
    DUNNING_FEES = "DUNNING_FEES"
    DUNNING_INTEREST = "DUNNING_INTEREST"


@unique
class RunState(StrEnum):
    """Where a billing run stands; one that was interrupted is RUNNING until it is finished."""

    RUNNING = "RUNNING"
    DONE = "DONE"


@unique
class AccountFact(StrEnum):
    """Facts on a customer account; each is another fact with its own posting."""

    OPENING = "OPENING"
    INVOICE = "INVOICE"
    CORRECTION = "CORRECTION"
    PAYMENT = "PAYMENT"
    RETURN = "RETURN"
    CHARGEBACK = "CHARGEBACK"
    REFUND = "REFUND"
    WRITE_OFF = "WRITE_OFF"
    SET_UNPAID = "SET_UNPAID"
    CREDIT_NOTE = "CREDIT_NOTE"
    DEPOSIT = "DEPOSIT"
    DEPOSIT_DEDUCTED = "DEPOSIT_DEDUCTED"
    RECOVERY = "RECOVERY"
    CASH_DISCOUNT = "CASH_DISCOUNT"
    DUNNING = "DUNNING"
    DUNNING_WAIVED = "DUNNING_WAIVED"


@unique
class EntryKind(StrEnum):
    """Kinds of journal entries."""

    INVOICE = "INVOICE"
    CORRECTION = "CORRECTION"
    PAYMENT = "PAYMENT"
    RETURN = "RETURN"
    RETURN_FEE = "RETURN_FEE"
    REFUND = "REFUND"
    WRITE_OFF = "WRITE_OFF"
    SET_UNPAID = "SET_UNPAID"
    CREDIT_NOTE = "CREDIT_NOTE"
    DEPOSIT = "DEPOSIT"
    DEPOSIT_RECEIVED = "DEPOSIT_RECEIVED"
    DEPOSIT_DEDUCTED = "DEPOSIT_DEDUCTED"
    OPENING = "OPENING"
    DEFERRAL = "DEFERRAL"
    RELEASE = "RELEASE"
    MANUAL = "MANUAL"
    REVERSAL = "REVERSAL"
    RECOVERY = "RECOVERY"
    CHARGEBACK = "CHARGEBACK"
    PROVIDER_FEE = "PROVIDER_FEE"
    CASH_DISCOUNT = "CASH_DISCOUNT"
    DUNNING = "DUNNING"
    DUNNING_WAIVED = "DUNNING_WAIVED"


@unique
class DocumentLinkKind(StrEnum):
    """Why a document names an earlier one (BG-3): it corrects it, replaces it, or deducts it."""

    CORRECTS = "CORRECTS"
    REBILLS = "REBILLS"
    DEDUCTS = "DEDUCTS"
