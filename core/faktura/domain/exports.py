"""What an accounting export holds: kinds of entries by the option that asks for them, and ranges."""

from collections.abc import Iterable, Mapping
from enum import StrEnum, unique

from faktura.kernel.terms import EntryKind

Ranges = tuple[tuple[int, int], ...]
"""Numbers of entries as (first, last), both inclusive, ascending and apart from each other."""


@unique
class ExportPart(StrEnum):
    """The parts of the journal that a person may leave out of an export; values are the options."""

    PAYMENTS = "payments"
    CORRECTIONS = "corrections"
    DEFERRALS = "deferrals"


# A write-off, a cash discount, a recovery and the VAT of a deposit are no movements of money: nobody who books the
# bank statement for themselves would have them. None is in every export.
PART_OF: Mapping[EntryKind, ExportPart | None] = {
    EntryKind.INVOICE: None,
    EntryKind.DEPOSIT: None,
    EntryKind.DEPOSIT_RECEIVED: None,
    EntryKind.DEPOSIT_DEDUCTED: None,
    EntryKind.WRITE_OFF: None,
    EntryKind.CASH_DISCOUNT: None,
    EntryKind.RECOVERY: None,
    EntryKind.DUNNING: None,
    EntryKind.DUNNING_WAIVED: None,
    EntryKind.MANUAL: None,
    EntryKind.REVERSAL: None,
    EntryKind.CORRECTION: ExportPart.CORRECTIONS,
    EntryKind.CREDIT_NOTE: ExportPart.CORRECTIONS,
    EntryKind.PAYMENT: ExportPart.PAYMENTS,
    EntryKind.RETURN: ExportPart.PAYMENTS,
    EntryKind.RETURN_FEE: ExportPart.PAYMENTS,
    EntryKind.REFUND: ExportPart.PAYMENTS,
    EntryKind.SET_UNPAID: ExportPart.PAYMENTS,
    EntryKind.CHARGEBACK: ExportPart.PAYMENTS,
    EntryKind.PROVIDER_FEE: ExportPart.PAYMENTS,
    EntryKind.DEFERRAL: ExportPart.DEFERRALS,
    EntryKind.RELEASE: ExportPart.DEFERRALS,
}
# Whoever keeps the books has them from the system that they come from (P54).
NEVER_EXPORTED = frozenset({EntryKind.OPENING})


def exported_kinds(left_out: Iterable[ExportPart]) -> frozenset[EntryKind]:
    """The kinds of an export that leaves these parts out."""
    without = frozenset(left_out)
    return frozenset(kind for kind, part in PART_OF.items() if part not in without)


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Distinct numbers, in any order, as ranges."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return tuple(found)
