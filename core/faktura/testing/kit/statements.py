"""The kit of statement parsers: to the cent, each booking once, in order, the same every time."""

import gc
import re
import weakref
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest

from faktura.plugin import BankTransaction, BookingStatus, StatementEnd, StatementStart
from faktura.plugin.dto import Dto
from faktura.testing.kit.damaged_statements import DamagedStatements
from faktura.testing.kit.statement_samples import (
    OTHER_IBAN,
    OWN_IBAN,
    BookingSample,
    Carried,
    StatementSample,
    bookings_of,
    seen_of,
    statement_of,
)
from faktura.testing.kit.surroundings import Surroundings

_AMOUNTS = (
    "0.01", "-0.01", "0.10", "119.00", "-3.50", "1234.56", "-99999.99", "1000000000.05", "8.00",
)  # fmt: skip
_MODELS: Mapping[str, type[Dto]] = {
    "start": StatementStart,
    "transaction": BankTransaction,
    "end": StatementEnd,
}
_MANY = 1_500


class StatementParserKit(DamagedStatements):
    """Scenarios of a StatementParser; a maker gives `adapter_class`, `lacks`, `write`, `samples`."""

    def test_its_format_has_a_name(self) -> None:
        """By which settings and messages call it."""
        assert re.fullmatch(r"[a-z][a-z0-9-]*", self.parser_class.format_id)

    def test_each_sample_is_read_to_the_cent(self) -> None:
        """The maker's own files: every movement, in the file's order, with what it says."""
        samples = self.samples()

        assert samples, "give at least one file of the bank"
        for sample in samples:
            found = self.read(sample.content).movements
            assert len(found) == len(sample.movements)
            for movement, expected in zip(found, sample.movements, strict=True):
                assert seen_of(movement, expected) == expected

    def test_amounts_arrive_as_they_are_written(self) -> None:
        """Sign and digits of credits and debits, one cent and a billion."""
        read = self.read_of(*bookings_of(*_AMOUNTS))

        assert read.amounts == list(_AMOUNTS)
        assert {one.currency for one in read.movements} == {"EUR"}
        assert {one.status for one in read.movements} == {BookingStatus.BOOKED}

    def test_another_currency_stays_what_it_is(self) -> None:
        """Nothing is taken for euros."""
        self.needs(Carried.CURRENCY)
        sample = StatementSample((BookingSample("12.50"),), currency="CHF", closing="1012.50")

        read = self.read(self.write(sample))

        assert [(str(one.amount), one.currency) for one in read.movements] == [("12.50", "CHF")]
        assert [one.account_currency for one in read.starts] == ["CHF"]

    def test_a_booking_says_what_the_bank_wrote(self) -> None:
        """Days of booking and of value, who paid, the text with its umlauts, the references."""
        sample = BookingSample(
            booked_on="2024-02-29",
            value_on="2024-03-01",
            name="Käthe Groß",
            iban=OTHER_IBAN,
            text="Rechnung RE-7 für März",
            end_to_end="E2E-7",
            bank_reference="BANK-9",
        )

        (found,) = self.read_of(sample).movements

        assert found.booked_on.isoformat() == "2024-02-29"
        written = {
            Carried.VALUE_DAY: (f"{found.value_on}", "2024-03-01"),
            Carried.NAME: (found.counterparty_name, "Käthe Groß"),
            Carried.IBAN: (found.counterparty_iban, "DE89370400440532013000"),
            Carried.TEXT: ("".join(found.remittance_lines), "Rechnung RE-7 für März"),
            Carried.END_TO_END: (found.end_to_end_id, "E2E-7"),
            Carried.BANK_REFERENCE: (found.source_ref, "BANK-9"),
        }
        for carried, (read, wrote) in written.items():
            assert not self.says(carried) or read == wrote, carried.value

    def test_what_is_not_told_is_none(self) -> None:
        """Nothing is made up: no empty names, no empty references."""
        (found,) = self.read_of(BookingSample(name="", iban="", text="")).movements

        assert found.counterparty_name is None
        assert found.counterparty_iban is None
        assert found.remittance_lines == ()
        assert found.end_to_end_id is None
        assert found.source_ref is None

    def test_only_what_is_booked_is_booked(self) -> None:
        """A booking that the bank only announces is no money yet."""
        self.needs(Carried.PENDING)
        read = self.read_of(BookingSample(is_pending=True), BookingSample())

        assert [one.status.value for one in read.movements] == ["PENDING", "BOOKED"]

    def test_what_is_announced_is_not_added_up(self) -> None:
        """The closing balance does not know it yet."""
        self.needs(Carried.PENDING, Carried.BALANCES)
        announced = BookingSample("7.00", is_pending=True)
        sample = statement_of(announced, BookingSample("1.00"), closing="1001.00")

        (end,) = self.read(self.write(sample)).ends

        assert end.balanced is True

    def test_the_order_of_the_file_is_kept(self) -> None:
        """Neither by day nor by amount: entries count up from 0."""
        days = ("2026-11-05", "2026-11-02", "2026-11-09", "2026-11-02")
        amounts = ("5.00", "-7.00", "1.00", "-9.00")
        pairs = zip(amounts, days, strict=True)

        read = self.read_of(*(BookingSample(amount, booked_on=day) for amount, day in pairs))

        assert read.amounts == ["5.00", "-7.00", "1.00", "-9.00"]
        assert [one.booked_on.isoformat() for one in read.movements] == list(days)
        assert [one.entry_index for one in read.movements] == [0, 1, 2, 3]
        assert len({one.place for one in read.movements}) == 4, "places must tell them apart"

    def test_a_statement_has_a_head_and_an_end(self) -> None:
        """Whose it is, normalised, and how many entries stand between."""
        read = self.read(self.write(statement_of(*bookings_of("1.00", "2.00"))))

        assert [one.record for one in read.records] == [
            "start",
            "transaction",
            "transaction",
            "end",
        ]
        (start,), (end,) = read.starts, read.ends
        assert (start.account_iban or start.account_other) == OWN_IBAN
        assert start.account_currency in (None, "EUR")
        assert start.message_id
        assert start.statement_id
        assert end.entries == 2

    def test_records_are_what_the_border_allows(self) -> None:
        """Each is proved against its own model, whatever way it was made."""
        for sample in self.samples():
            for one in self.read(sample.content).records:
                assert _MODELS[one.record].model_validate(one.model_dump()) == one

    def test_several_statements_of_a_file_stay_apart(self) -> None:
        """Each with its account, its own bookings and its own counting."""
        self.needs(Carried.MANY)
        first = StatementSample(tuple(bookings_of("1.00", "2.00")), closing="1003.00")
        other = StatementSample(
            tuple(bookings_of("-4.00")), iban=OTHER_IBAN, number=32, closing="996.00"
        )

        read = self.read(self.write(first, other))

        assert [one.record for one in read.records] == [
            "start", "transaction", "transaction", "end", "start", "transaction", "end",
        ]  # fmt: skip
        assert [one.account_iban or one.account_other for one in read.starts] == [
            OWN_IBAN, OTHER_IBAN,
        ]  # fmt: skip
        assert [one.entry_index for one in read.movements] == [0, 1, 0]
        assert [one.entries for one in read.ends] == [2, 1]
        assert read.amounts == ["1.00", "2.00", "-4.00"]

    @pytest.mark.parametrize(
        ("closing", "balanced"), [("1115.50", True), ("1115.51", False), ("-1115.50", False)]
    )
    def test_balances_are_added_up(self, closing: str, balanced: bool) -> None:  # noqa: FBT001 - a case
        """One cent off is off: then nothing is booked without a person."""
        self.needs(Carried.BALANCES)
        sample = statement_of(*bookings_of("119.00", "-3.50"), closing=closing)

        (end,) = self.read(self.write(sample)).ends

        assert end.balanced is balanced
        assert end.opening is not None
        assert end.closing is not None
        assert (str(end.opening.amount), str(end.closing.amount)) == ("1000.00", closing)
        assert (end.opening.currency, end.closing.currency) == ("EUR", "EUR")

    def test_twins_both_arrive_and_are_told_apart(self) -> None:
        """Two equal bookings are two (P40): each has an identity and a place of its own."""
        twin = BookingSample("50.00", text="Monatsbeitrag")

        read = self.read_of(twin, twin, BookingSample("1.00"), twin)

        assert read.amounts == ["50.00", "50.00", "1.00", "50.00"]
        assert len(set(read.identities)) == 4
        assert len({one.place for one in read.movements}) == 4

    def test_the_same_file_is_the_same_movements(self) -> None:
        """Read again, by the same parser, another one, in another year: nothing is new (P40)."""
        content = self.write(statement_of(*bookings_of("5.00", "5.00", "-1.00")))
        later = Surroundings()
        later.clock.advance(timedelta(days=700))
        parser = self.built()

        first, again = self.read(content, parser=parser), self.read(content, parser=parser)
        elsewhere = self.read(content, parser=self.built(later))

        assert first.records == again.records == elsewhere.records
        assert first.identities == again.identities == elsewhere.identities

    def test_overlapping_files_share_their_movements(self) -> None:
        """The later export begins before the end of the earlier one: only what is new is new."""
        one, two, twin = bookings_of("5.00", "-1.00", "7.00")
        earlier = self.read_of(one, two, twin)
        sample = StatementSample((two, twin, twin, BookingSample("8.00")), number=32)

        later = self.read(self.write(sample))

        shared = set(earlier.identities) & set(later.identities)
        assert later.identities[:2] == earlier.identities[1:]
        assert len(shared) == 2
        assert len(set(later.identities)) == 4

    def test_files_read_at_once_do_not_mix(self) -> None:
        """Nothing of one reading is kept where another one finds it."""
        parser = self.built()
        contents = [
            self.write(StatementSample(tuple(bookings_of(*amounts)), iban=iban))
            for amounts, iban in ((("1.00", "2.00"), OWN_IBAN), (("3.00", "4.00"), OTHER_IBAN))
        ]
        readings = [parser.parse(BytesIO(one), self.filename) for one in contents]

        mixed = list(zip(*readings, strict=True))

        for place, content in enumerate(contents):
            assert [pair[place] for pair in mixed] == self.read(content).records

    def test_nothing_of_a_file_is_kept(self) -> None:
        """Not its bytes, not in the state, not in the log: statements are people's business."""
        around, source = Surroundings(), BytesIO(self.write(statement_of(BookingSample())))
        parser = self.built(around)
        told = weakref.ref(source)

        found = list(parser.parse(source, self.filename))

        assert not source.closed, "whoever opened the file closes it"
        del source
        gc.collect()
        assert told() is None, "the parser holds on to the file"
        assert found
        assert around.state.values == {}
        assert around.log.secrets_in(["Erika Muster", "DE21500500001234567897", "RE-1001"]) == []

    def test_a_long_file_is_read_bit_by_bit(self) -> None:
        """The first movement is there long before the end is read, and all of them arrive."""
        self.needs(Carried.MANY)
        ibans = [f"DE{number:020d}" for number in range(10, 70)]
        rows = [BookingSample("1.25", text=f"Beitrag für Käthe {number} €") for number in range(25)]
        sizes = [StatementSample(tuple(rows), iban=iban, closing="1031.25") for iban in ibans]
        content = self.write(*sizes)
        source = BytesIO(content)
        reading = self.built().parse(source, self.filename)

        first = next(one for one in reading if isinstance(one, BankTransaction))
        position = source.tell()
        rest = [one for one in reading if isinstance(one, BankTransaction)]

        assert str(first.amount) == "1.25"
        assert position <= len(content) // 2, "the whole file was read for one movement"
        assert 1 + len(rest) == _MANY
        if self.says(Carried.TEXT):
            texts = ["".join(one.remittance_lines) for one in (first, *rest)]
            assert texts == [f"Beitrag für Käthe {number} €" for number in range(25)] * 60
