"""The kit of statement parsers can fail: each defect is found by the scenario that is named for it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import BinaryIO

import pytest
from tests.unit.testing.reference_folders import NOTICED, kit_tests
from typing_extensions import override

from faktura.kernel.errors import BadInput, FakturaError, FileUnreadable
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    StatementEnd,
    StatementParser,
    StatementRecord,
)
from faktura_ref_banking.parser import RefStatementParser

Records = Iterator[StatementRecord]
Change = Callable[[Records], Records]


def broken(change: Change) -> type[StatementParser]:
    """The reference parser with a defect in what it yields."""

    class Broken(RefStatementParser):
        @override
        def parse(self, source: BinaryIO, filename: str) -> Records:
            return change(super().parse(source, filename))

    return Broken


def each(change: Callable[[BankTransaction], BankTransaction | None]) -> type[StatementParser]:
    """The reference parser with a defect in each movement; None leaves it out."""

    def changed(records: Records) -> Records:
        for one in records:
            made = change(one) if isinstance(one, BankTransaction) else one
            if made is not None:
                yield made

    return broken(changed)


def without_errors(records: Records) -> Records:
    """What could be read, as if it were all."""
    try:
        yield from records
    except BadInput:
        return


def with_a_traceback(records: Records) -> Records:
    """An error that nobody named."""
    try:
        yield from records
    except BadInput as error:
        raise ValueError(error.problem) from error


def without_a_place(records: Records) -> Records:
    """An error that does not say where."""
    try:
        yield from records
    except BadInput as error:
        raise FileUnreadable(error.problem) from error


def without_twins(records: Records) -> Records:
    """Equal bookings taken for one."""
    seen = set()
    for one in records:
        if isinstance(one, BankTransaction):
            fact = (one.amount, one.booked_on, one.remittance_lines)
            if fact in seen:
                continue
            seen.add(fact)
        yield one


def sorted_by_amount(records: Records) -> Records:
    """In an order of its own."""
    found = list(records)
    movements = sorted(
        (one for one in found if isinstance(one, BankTransaction)), key=lambda one: one.amount
    )
    yield found[0]
    yield from movements
    yield from [one for one in found[1:] if not isinstance(one, BankTransaction)]


def always_balanced(records: Records) -> Records:
    """A sum that nobody added up."""
    for one in records:
        is_end = isinstance(one, StatementEnd)
        yield one.model_copy(update={"balanced": True}) if is_end else one


def changed(**facts: object) -> Callable[[BankTransaction], BankTransaction]:
    """Each movement with these facts."""
    return lambda one: one.model_copy(update=facts)


class Remembering(RefStatementParser):
    """Counts places over all files that it ever read."""

    _read = 0

    @override
    def parse(self, source: BinaryIO, filename: str) -> Records:
        for one in super().parse(source, filename):
            self._read += 1
            if isinstance(one, BankTransaction):
                one = one.model_copy(update={"place": f"record {self._read}"})
            yield one


class Keeping(RefStatementParser):
    """Holds on to what it read."""

    @override
    def parse(self, source: BinaryIO, filename: str) -> Records:
        self.source = source
        return super().parse(source, filename)


class Talking(RefStatementParser):
    """Writes names into the log."""

    @override
    def parse(self, source: BinaryIO, filename: str) -> Records:
        for one in super().parse(source, filename):
            self.runtime.log.info("read %s", one)
            yield one


class Greedy(RefStatementParser):
    """Takes every file for its own."""

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return True


class ByName(RefStatementParser):
    """Believes the name of a file."""

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return filename.endswith(".dat")


class Fragile(RefStatementParser):
    """Decodes what it has not looked at."""

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return head.decode().startswith("REFBANK")


DEFECTS: dict[str, tuple[type[StatementParser], str, tuple[object, ...]]] = {
    "cents": (
        each(lambda one: one.model_copy(update={"amount": one.amount + Decimal("0.01")})),
        "test_amounts_arrive_as_they_are_written",
        (),
    ),
    "sign": (
        each(lambda one: one.model_copy(update={"amount": abs(one.amount)})),
        "test_amounts_arrive_as_they_are_written",
        (),
    ),
    "digits": (
        each(lambda one: one.model_copy(update={"amount": one.amount.normalize()})),
        "test_amounts_arrive_as_they_are_written",
        (),
    ),
    "currency": (
        each(changed(currency="EUR")),
        "test_another_currency_stays_what_it_is",
        (),
    ),
    "day": (
        each(lambda one: one.model_copy(update={"booked_on": one.booked_on + timedelta(1)})),
        "test_a_booking_says_what_the_bank_wrote",
        (),
    ),
    "value day": (
        each(lambda one: one.model_copy(update={"value_on": one.booked_on})),
        "test_a_booking_says_what_the_bank_wrote",
        (),
    ),
    "text": (each(changed(remittance_lines=())), "test_a_booking_says_what_the_bank_wrote", ()),
    "made up": (each(changed(source_ref="")), "test_what_is_not_told_is_none", ()),
    "pending": (
        each(changed(status=BookingStatus.BOOKED)),
        "test_only_what_is_booked_is_booked",
        (),
    ),
    "order": (broken(sorted_by_amount), "test_the_order_of_the_file_is_kept", ()),
    "twins": (broken(without_twins), "test_twins_both_arrive_and_are_told_apart", ()),
    "balance": (broken(always_balanced), "test_balances_are_added_up", ("1115.51", False)),
    "skipped": (broken(without_errors), "test_an_unreadable_amount_is_an_error", ("abc",)),
    "traceback": (broken(with_a_traceback), "test_an_empty_file_is_an_error", (b"",)),
    "nowhere": (broken(without_a_place), "test_an_unreadable_day_is_an_error", ("2026-02-30",)),
    "half a list": (broken(without_errors), "test_a_cut_file_is_never_half_a_list", ()),
    "left out": (
        each(lambda one: None if one.entry_index == 1 else one),
        "test_overlapping_files_share_their_movements",
        (),
    ),
    "not the same": (Remembering, "test_the_same_file_is_the_same_movements", ()),
    "all at once": (
        broken(lambda records: iter(list(records))),
        "test_a_long_file_is_read_bit_by_bit",
        (),
    ),
    "kept": (Keeping, "test_nothing_of_a_file_is_kept", ()),
    "told": (Talking, "test_nothing_of_a_file_is_kept", ()),
    "greedy": (Greedy, "test_foreign_files_are_left_to_others", ("pdf",)),
    "by name": (ByName, "test_its_own_files_are_recognised", ()),
    "fragile": (Fragile, "test_recognising_never_raises", ()),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_broken_parser_is_found(defect: str):
    """O1: the scenario fails with the defect, and passes without it."""
    parser, scenario, case = DEFECTS[defect]
    kit = kit_tests("banking").TestRefStatementParser

    getattr(kit(), scenario)(*case)
    tried = type("Tried", (kit,), {"adapter_class": parser})()
    with pytest.raises((*NOTICED, FakturaError, ValueError)):
        getattr(tried, scenario)(*case)
