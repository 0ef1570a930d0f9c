"""Our way to the simulated bank: the files of debits it takes, and the statements it gives."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import BinaryIO, ClassVar

from pydantic import TypeAdapter
from typing_extensions import override

from faktura.kernel.money import Money
from faktura.kernel.payment_terms import LookUp, MandateScheme
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    AttemptReference,
    Balance,
    BankTransaction,
    BookingStatus,
    Capabilities,
    CollectRequest,
    DebitFile,
    DebitFiling,
    DebitItem,
    DebitTiming,
    Outcome,
    PaymentAdapter,
    Pending,
    StatementEnd,
    StatementParser,
    StatementRecord,
    StatementStart,
    WrittenFile,
)
from faktura.testing.simulation.bank import Entry

NAME = "simulated-bank"
_MAGIC = b"SIMULATED-STATEMENT\n"
_record: TypeAdapter[StatementRecord] = TypeAdapter(StatementRecord)


class HouseBank(PaymentAdapter, DebitFiling):
    """Debits by files: accepted at once, decided by statements."""

    provider: ClassVar[str] = NAME

    @override
    def capabilities(self) -> Capabilities:
        """Euros, from accounts with a mandate."""
        return Capabilities(
            methods=frozenset({PaymentMethod.SEPA_DEBIT}),
            currencies=frozenset({"EUR"}),
            look_up=LookUp.CONSISTENT,
            partial_refunds=False,
        )

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        """Pending under the request's key, every time."""
        return Pending(reference=request.key, amount=request.amount, currency=request.currency)

    @override
    async def look_up(self, attempt: AttemptReference) -> Outcome:
        """The same: the bank tells by statements alone."""
        return await self.collect(attempt.request)

    @override
    def timing(self, scheme: MandateScheme) -> DebitTiming:
        """A TARGET day before it is due, until noon."""
        return DebitTiming(lead_days=1, cut_off=time(12), advance_days=14)

    @property
    @override
    def most_items(self) -> int:
        """A thousand a file."""
        return 1_000

    @property
    @override
    def creditor_iban(self) -> str:
        """The seller's own."""
        return ""

    @override
    def problems_of(self, item: DebitItem) -> Sequence[str]:
        """None."""
        return ()

    @override
    def write(self, file: DebitFile) -> WrittenFile:
        """The file as JSON."""
        items = [
            {
                "endToEnd": item.end_to_end,
                "minor": Money.from_decimal(item.amount, "EUR").minor,
                "currency": "EUR",
                "mandate": item.mandate.reference,
                "name": item.mandate.debtor_name,
                "iban": item.mandate.iban,
                "remittance": item.remittance,
                "dueOn": item.due_on.isoformat(),
            }
            for item in file.items
        ]
        content = json.dumps({"messageId": file.message_id, "items": items}).encode()
        return WrittenFile(
            filename=f"{file.message_id}.json", media_type="application/json", content=content
        )


class SimulatedStatements(StatementParser):
    """Reads what `statement_of` wrote: one record a line."""

    format_id: ClassVar[str] = NAME

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether it begins as one."""
        return head.startswith(_MAGIC)

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """Its records."""
        source.readline()
        for line in source:
            yield _record.validate_json(line)


def statement_of(
    no: int, iban: str, entries: Sequence[Entry], closing: tuple[Money, date], at: datetime
) -> bytes:
    """A statement over these bookings, as the bank's file; `closing` is the balance at its end."""
    balance, on = closing
    opening = Money(balance.minor - sum(one.booking.amount.minor for one in entries), "EUR")
    records: list[StatementRecord] = [
        StatementStart(
            account_iban=iban,
            message_id=f"SIM-{no}",
            statement_id=f"S-{no}",
            sequence=no,
            created_at=at,
        ),
        *(_told(index, entry) for index, entry in enumerate(entries)),
        StatementEnd(
            opening=Balance(amount=opening.decimal, currency="EUR", on=on),
            closing=Balance(amount=balance.decimal, currency="EUR", on=on),
            balanced=True,
            entries=len(entries),
        ),
    ]
    return _MAGIC + b"".join(one.model_dump_json().encode() + b"\n" for one in records)


def _told(index: int, entry: Entry) -> BankTransaction:
    booking = entry.booking
    is_return, is_debit = entry.return_reason != "", entry.end_to_end != ""
    return BankTransaction(
        entry_index=index,
        place=f"entry {index + 1}",
        status=BookingStatus.BOOKED,
        booked_on=booking.day,
        value_on=booking.day,
        amount=booking.amount.decimal,
        currency=booking.amount.currency,
        source_ref=f"B{booking.no:09}",
        end_to_end_id=entry.end_to_end or None,
        mandate_id=entry.mandate or None,
        counterparty_name=entry.name,
        counterparty_iban=entry.iban or None,
        remittance_lines=(booking.purpose,),
        gvc="109" if is_return else "171" if is_debit else "166",
        bank_code=_code(is_return=is_return, is_debit=is_debit),
        return_reason=entry.return_reason or None,
        instructed=None if entry.original is None else entry.original.decimal,
        instructed_currency=None if entry.original is None else entry.original.currency,
    )


def _code(*, is_return: bool, is_debit: bool) -> str:
    if is_return:
        return "PMNT/IDDT/UPDD"
    return "PMNT/IDDT/ESDD" if is_debit else "PMNT/RCDT/ESCT"
