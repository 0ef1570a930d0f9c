"""The parser keeps what the core relies on: the statement parsers' kit."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from faktura.plugin import Adapter
from faktura.testing.kit.statement_samples import (
    BookingSample,
    Carried,
    Expected,
    FileSample,
    StatementSample,
)
from faktura.testing.kit.statements import StatementParserKit
from faktura_mt940.parser import Mt940StatementParser

NOVEMBER = "\r\n".join(
    [
        ":20:STARTUMSE",
        ":25:DE02120300000000202051",
        ":28C:00031/001",
        ":60F:C261101EUR1000,00",
        ":61:2611021102CR119,00N166NONREF//POS-1",
        ":86:166?00GUTSCHRIFT?20SVWZ+RE-1001?32Erika Muster",
        ":61:2611031103DR3,50N808NONREF",
        ":86:808?00ENTGELT?20Kontoführung",
        ":62F:C261103EUR1115,50",
        "-",
    ]
).encode()
_LINE = 27


class TestMt940StatementParser(StatementParserKit):
    """MT940 with the German field 86."""

    adapter_class: ClassVar[type[Adapter]] = Mt940StatementParser
    filename = "november.sta"
    lacks = frozenset({Carried.PENDING, Carried.END})

    @override
    def write(self, *statements: StatementSample) -> bytes:
        return "".join(map(_statement, statements)).encode("utf-8", "surrogatepass")

    @override
    def samples(self) -> Sequence[FileSample]:
        credit = Expected("119.00", "2026-11-02", text="RE-1001", name="Erika Muster")
        fee = Expected("-3.50", "2026-11-03", value_on="2026-11-03", text="Kontoführung")
        return [FileSample(NOVEMBER, (credit, fee))]


def _statement(sample: StatementSample) -> str:
    lines = [
        ":20:STARTUMSE",
        f":25:{sample.iban}",
        f":28C:{sample.number:05}/001",
        f":60F:{_balance(sample.opening, sample.currency)}",
    ]
    for one in sample.bookings:
        lines += [_booking(one), _details(one)]
    lines += [f":62F:{_balance(sample.closing, sample.currency)}", "-", ""]
    return "\r\n".join(lines)


def _balance(amount: str, currency: str) -> str:
    mark, digits = _signed(amount)
    return f"{mark}261102{currency}{digits}"


def _signed(amount: str) -> tuple[str, str]:
    return ("D" if amount.startswith("-") else "C", amount.removeprefix("-").replace(".", ","))


def _booking(one: BookingSample) -> str:
    mark, digits = _signed(one.amount)
    value, booked = (day.replace("-", "") for day in (one.value_on, one.booked_on))
    reference = f"NONREF//{one.bank_reference}" if one.bank_reference else "NONREF"
    return f":61:{value[2:]}{booked[4:]}{mark}{digits}N166{reference}"


def _details(one: BookingSample) -> str:
    text = f"SVWZ+{one.text}" if one.text else ""
    if one.end_to_end:
        text = f"EREF+{one.end_to_end} {text}"
    parts = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    fields = [f"?{20 + number}{part}" for number, part in enumerate(parts[:10])]
    return "".join([":86:166?00GUTSCHRIFT", *fields, f"?31{one.iban}?32{one.name}"])
