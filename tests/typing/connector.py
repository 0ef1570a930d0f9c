"""What a connector author's type checker sees; mypy reads this file, nothing runs it.

Lines with an ignore must fail: `warn_unused_ignores` makes it an error when they stop failing.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import BinaryIO, assert_type

from typing_extensions import override

from faktura.kernel.money import Money
from faktura.kernel.periods import Interval, Period, nth_period
from faktura.kernel.rounding import split
from faktura.kernel.terms import IntervalUnit
from faktura.plugin import Balance, Runtime, StatementParser, StatementRecord


class Good(StatementParser):
    """Keeps the contract."""

    format_id = "good"

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return head.startswith(b"GOOD")

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        yield from ()


class WrongResult(StatementParser):
    """Answers with another type than the contract says."""

    format_id = "wrong"

    @override
    def recognises(self, head: bytes, filename: str) -> str:  # type: ignore[override]  # must fail
        return "yes"

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        yield from ()


class Incomplete(StatementParser):
    """Forgets a method."""

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return True


def built(runtime: Runtime) -> StatementParser:
    """An adapter is built from its settings and a runtime."""
    Incomplete(Incomplete.Settings(), runtime)  # type: ignore[abstract]  # must fail
    return Good(Good.Settings(), runtime)


def money_is_exact() -> None:
    """Floats do not enter, and the results are typed."""
    Money(11.9, "EUR")  # type: ignore[arg-type]  # must fail
    Balance(amount=11.9, currency="EUR", on=date(2026, 11, 30))  # type: ignore[arg-type]  # must fail
    assert_type(Money(1190, "EUR") + Money(10, "EUR"), Money)
    assert_type(Money(1190, "EUR").decimal, Decimal)
    assert_type(split(Money(100, "EUR"), [1, 2]), list[Money])


def periods_are_dates() -> None:
    """A unit is a word of the vocabulary, never a bare string."""
    Interval(1, "MONTH")  # type: ignore[arg-type]  # must fail
    assert_type(nth_period(date(2026, 1, 31), Interval(1, IntervalUnit.MONTH), 1), Period)
