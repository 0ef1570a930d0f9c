"""REFBANK on the kit of statement parsers: nothing else tests this connector."""

from collections.abc import Sequence
from typing import ClassVar

from faktura.plugin import Adapter
from faktura.testing.kit.statement_samples import Expected, FileSample, StatementSample
from faktura.testing.kit.statements import StatementParserKit
from typing_extensions import override

from faktura_ref_banking.parser import RefStatementParser

NOVEMBER = (
    b"REFBANK 1\r\n"
    b"S\tDE02120300000000202051\tEUR\t31\t1000.00\r\n"
    b"B\t2026-11-02\t2026-11-03\t119.00\tErika Muster\t\t\t\tRE-1001\r\n"
    b"B\t2026-11-03\t2026-11-03\t-3.50\t\t\t\t\tFee\r\n"
    b"E\t2026-11-03\t1115.50\r\n"
)


class TestRefStatementParser(StatementParserKit):
    """REFBANK carries everything that the kit asks for."""

    adapter_class: ClassVar[type[Adapter]] = RefStatementParser

    @override
    def write(self, *statements: StatementSample) -> bytes:
        lines = ["REFBANK 1"]
        for one in statements:
            lines.append("\t".join(("S", one.iban, one.currency, f"{one.number}", one.opening)))
            for booking in one.bookings:
                days = (booking.booked_on, booking.value_on, booking.amount)
                who = (booking.name, booking.iban, booking.end_to_end, booking.bank_reference)
                kind = "P" if booking.is_pending else "B"
                lines.append("\t".join((kind, *days, *who, booking.text)))
            lines.append(f"E\t2026-11-30\t{one.closing}")
        return "\n".join([*lines, ""]).encode("utf-8", "surrogatepass")

    @override
    def samples(self) -> Sequence[FileSample]:
        credit = Expected(
            "119.00", "2026-11-02", value_on="2026-11-03", text="RE-1001", name="Erika Muster"
        )
        return [FileSample(NOVEMBER, (credit, Expected("-3.50", "2026-11-03", text="Fee")))]
