"""What an export holds, by kind of entry and option."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.exports import (
    NEVER_EXPORTED,
    PART_OF,
    ExportPart,
    exported_kinds,
    ranges_of,
)
from faktura.kernel.terms import EntryKind
from faktura.plugin import ExportOptions


def test_every_kind_of_entry_is_placed_once():
    """A new kind is exported by an option, always or never: somebody has to say which."""
    assert PART_OF.keys() | NEVER_EXPORTED == set(EntryKind)
    assert not PART_OF.keys() & NEVER_EXPORTED


def test_every_part_is_an_option_of_exports():
    """An option is found by the part's name."""
    assert {part.value for part in ExportPart} == ExportOptions.model_fields.keys() - {"debtors"}


def test_what_is_left_out_is_missing_and_nothing_else():
    """Without any part invoices, deposits, write-offs, dunning and entries by hand remain."""
    assert exported_kinds(()) == set(EntryKind) - {EntryKind.OPENING}
    assert exported_kinds([ExportPart.PAYMENTS]) == exported_kinds(()) - {
        EntryKind.PAYMENT,
        EntryKind.RETURN,
        EntryKind.RETURN_FEE,
        EntryKind.REFUND,
        EntryKind.SET_UNPAID,
        EntryKind.CHARGEBACK,
        EntryKind.PROVIDER_FEE,
    }
    assert exported_kinds(ExportPart) == {
        EntryKind.INVOICE,
        EntryKind.DEPOSIT,
        EntryKind.DEPOSIT_RECEIVED,
        EntryKind.DEPOSIT_DEDUCTED,
        EntryKind.WRITE_OFF,
        EntryKind.CASH_DISCOUNT,
        EntryKind.RECOVERY,
        EntryKind.DUNNING,
        EntryKind.DUNNING_WAIVED,
        EntryKind.MANUAL,
        EntryKind.REVERSAL,
    }


def test_numbers_are_kept_as_ranges():
    """Both ends belong to a range."""
    assert ranges_of([]) == ()
    assert ranges_of([7]) == ((7, 7),)
    assert ranges_of([5, 1, 2, 3, 9, 8]) == ((1, 3), (5, 5), (8, 9))


@given(st.sets(st.integers(1, 60)))
def test_ranges_hold_the_numbers_they_were_made_of(numbers):
    """Nothing is lost, nothing is added, no two ranges touch."""
    ranges = ranges_of(numbers)

    assert [n for first, last in ranges for n in range(first, last + 1)] == sorted(numbers)
    assert all(one[1] + 1 < two[0] for one, two in pairwise(ranges))
