"""SEPA mandates: what they say, and until when they can be collected by (F103, F104, P41)."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from faktura.kernel.payment_terms import MandateScheme, MandateSequence
from faktura.kernel.periods import add_months

# Rulebook: a mandate that was not collected by for 36 months must not be used again.
_MONTHS = 36


@dataclass(frozen=True, slots=True)
class MandateAmendment:
    """What a mandate said at its last collection, and does not any more; empty for what stayed."""

    iban: str = ""
    reference: str = ""
    creditor_id: str = ""


@dataclass(frozen=True, slots=True)
class MandateDetails:
    """What a mandate of ours says; `holder` is whose account it is, `confirmed_on` B2B's only.

    `amendment` is told to the bank with the next collection.
    """

    signed_on: date
    iban: str
    holder: str
    bic: str = ""
    scheme: MandateScheme = MandateScheme.CORE
    sequence: MandateSequence = MandateSequence.RECURRENT
    confirmed_on: date | None = None
    amendment: MandateAmendment | None = None


def usable_until(mandate: MandateDetails, last_used_on: date | None) -> date:
    """The last day on which it can be collected by: 36 months after the last collection.

    One that was never collected by counts from its signature.
    """
    return add_months(last_used_on or mandate.signed_on, _MONTHS)


def not_usable(
    mandate: MandateDetails, *, last_used_on: date | None, is_business: bool, on: date
) -> str | None:
    """Why it cannot be collected by on that day, in words; None where it can."""
    last = usable_until(mandate, last_used_on)
    if mandate.signed_on > on:
        return f"is signed on {mandate.signed_on} only"
    if on > last:
        return f"expired on {last}: it was not used for 36 months"
    if mandate.sequence is MandateSequence.ONE_OFF and last_used_on is not None:
        return f"is for one collection and was used on {last_used_on}"
    if mandate.scheme is MandateScheme.B2B:
        return _b2b(mandate, is_business=is_business)
    return None


def amended(
    mandate: MandateDetails, iban: str, *, bic: str = "", holder: str = "", is_collected: bool
) -> MandateDetails:
    """The mandate on another account; what the bank knows of it is kept to be told (3.4).

    A mandate that was never collected by is new to the bank: nothing of it was amended.
    """
    changed = replace(mandate, iban=iban, bic=bic, holder=holder or mandate.holder)
    if not is_collected:
        return changed
    before = mandate.amendment or MandateAmendment()
    known = before.iban or mandate.iban
    told = replace(before, iban="" if known == iban else known)
    return replace(changed, amendment=told if told != MandateAmendment() else None)


def account_label(iban: str) -> str:
    """What people recognise an account by: country and the last four digits."""
    return f"{iban[:2]} … {iban[-4:]}"


def account_fingerprint(iban: str) -> str:
    """The same for the same account under whichever mandate; shows no digit of it."""
    return sha256(iban.encode()).hexdigest()[:32]


def _b2b(mandate: MandateDetails, *, is_business: bool) -> str | None:
    if not is_business:
        return "is a B2B mandate, and the customer is a consumer"
    if mandate.confirmed_on is None:
        return "is not confirmed at the debtor's bank yet (B2B)"
    return None
