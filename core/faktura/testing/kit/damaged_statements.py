"""Statement files that are cut, garbled, foreign or hostile: a named error with its place, or all of it."""

import time
from io import BytesIO
from pathlib import Path

import pytest

from faktura.kernel.errors import BadInput
from faktura.plugin import BankTransaction, StatementRecord
from faktura.testing.kit.foreign_heads import FOREIGN_HEADS
from faktura.testing.kit.statement_bench import StatementBench
from faktura.testing.kit.statement_samples import (
    OTHER_IBAN,
    BookingSample,
    Carried,
    StatementSample,
    bookings_of,
    statement_of,
)

_HEAD = 64 * 1024
_UNREADABLE_AMOUNTS = (
    "", "abc", "1e3", "NaN", "Infinity", "1.2.3", "1 2.00", "12.00$", "0x10.00",
    "\N{ARABIC-INDIC DIGIT ONE}2.00", "1_0.00", "1'000.00", "--5.00", "5.00-", "\x1b[31m1.00",
)  # fmt: skip
_UNREADABLE_DAYS = ("2026-02-30", "2026-13-01", "2026-00-10", "2026-1x-02")
_OTHER = StatementSample((BookingSample("4.00"),), iban=OTHER_IBAN, number=32)
_DTD = "http://127.0.0.1:9/kit.dtd"
_LAUGHS = "".join(f'<!ENTITY k{n} "{f"&k{n - 1};" * 10}">' for n in range(1, 12))
_CPU_SECONDS = 5


class DamagedStatements(StatementBench):
    """Scenarios of files that nobody should send."""

    @pytest.mark.parametrize("amount", _UNREADABLE_AMOUNTS)
    def test_an_unreadable_amount_is_an_error(self, amount: str) -> None:
        """Nobody guesses what was meant, skips it or takes it for nothing."""
        good, bad = BookingSample("1.00"), BookingSample(amount)

        early = self.refusal(self.write(statement_of(good, bad)))
        late = self.refusal(self.write(statement_of(good, good, good, bad)))

        assert early.place != late.place, "the place does not tell which booking it is"

    @pytest.mark.parametrize("day", _UNREADABLE_DAYS)
    def test_an_unreadable_day_is_an_error(self, day: str) -> None:
        """There is no 30th of February, and no other day is taken for it."""
        good, bad = BookingSample("1.00"), BookingSample(booked_on=day, value_on=day)

        early = self.refusal(self.write(statement_of(good, bad)))
        late = self.refusal(self.write(statement_of(good, good, good, bad)))

        assert early.place != late.place, "the place does not tell which booking it is"

    @pytest.mark.parametrize("currency", ["", "EU", "12E"])
    def test_an_unreadable_currency_is_an_error(self, currency: str) -> None:
        """Else a field has shifted."""
        self.needs(Carried.CURRENCY)

        self.refusal(self.write(StatementSample((BookingSample(),), currency=currency)))

    def test_of_a_bad_booking_nothing_is_seen(self) -> None:
        """What comes before the error is whole; the statement does not end as if it were."""
        content = self.write(statement_of(*bookings_of("1.00", "2.00", "bad", "4.00")))
        seen: list[StatementRecord] = []
        with pytest.raises(BadInput):
            # What came before the error stays in the list.
            seen.extend(self.built().parse(BytesIO(content), self.filename))

        assert [one.record for one in seen if one.record == "end"] == []
        amounts = [str(one.amount) for one in seen if isinstance(one, BankTransaction)]
        assert amounts == ["1.00", "2.00"][: len(amounts)]

    @pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"], ids=repr)
    def test_an_empty_file_is_an_error(self, content: bytes) -> None:
        """A failed download is not a day without movements."""
        self.refusal(content)

    @pytest.mark.parametrize("head", sorted(FOREIGN_HEADS))
    def test_a_foreign_file_is_an_error(self, head: str) -> None:
        """Whatever a person uploads by mistake."""
        if head in self.own_formats():
            pytest.skip("its own format")

        self.refusal(FOREIGN_HEADS[head])

    def test_a_cut_file_is_never_half_a_list(self) -> None:
        """Wherever the download broke off: an error, or the first movements untouched."""
        amounts = bookings_of("119.00", "-3.50", "20.25")
        content = self.write(statement_of(*amounts, closing="1135.75"))
        whole = self.read(content)
        last = len(content.rstrip())

        # Of a long file not each byte, but each of its end, where a cut is noticed last.
        cuts = {*range(0, last, 1 + last // 500), *range(max(last - 60, 0), last)}
        for cut in sorted(cuts):
            read = self.read_or_refused(content[:cut])
            if read is not None:
                assert not self.says(Carried.END), f"cut at byte {cut} of {last}, nobody notices"
                assert read.facts == whole.facts[: len(read.facts)], f"cut at byte {cut}"

    def test_a_file_without_its_beginning_is_an_error(self) -> None:
        """What is not recognised is not read either."""
        content = self.write(statement_of(*bookings_of("1.00", "2.00")))
        parser = self.built()

        for cut in range(1, 24):
            rest = content[cut:]
            assert parser.recognises(rest, self.filename) or self.read_or_refused(rest) is None

    def test_a_line_that_is_lost_or_garbled_changes_no_other(self) -> None:
        """Refused, or what is read stands in the whole file, in this order."""
        others = () if Carried.MANY in self.lacks else (_OTHER,)
        lines = self.write(statement_of(*bookings_of("1.00", "2.00", "3.00")), *others).split(b"\n")
        facts = self.read(b"\n".join(lines)).facts

        for place, line in enumerate(lines):
            for instead in ([], [line[: len(line) // 2]], [b"KITMARK"]):
                read = self.read_or_refused(
                    b"\n".join([*lines[:place], *instead, *lines[place + 1 :]])
                )
                left = iter(facts)
                assert read is None or all(one in left for one in read.facts), f"line {place + 1}"
            self.read_or_refused(b"\n".join([*lines[:place], line, *lines[place:]]))

    @pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=repr)
    def test_lines_may_end_either_way(self, end: bytes) -> None:
        """Mail and editors change them."""
        content = self.write(statement_of(*bookings_of("1.00", "2.00")))
        read = self.read(content.replace(b"\r\n", b"\n").replace(b"\n", end))

        assert read.amounts == ["1.00", "2.00"]
        texts = ["".join(one.remittance_lines) for one in read.movements]
        assert not self.says(Carried.TEXT) or texts == ["RE-0", "RE-1"]

    def test_a_byte_order_mark_is_no_text(self) -> None:
        """Editors and spreadsheets write one."""
        content = self.write(statement_of(BookingSample()))

        assert self.read(b"\xef\xbb\xbf" + content).facts == self.read(content).facts

    @pytest.mark.parametrize("bad", [b"\xfc", b"\x81", b"\xc3", b"\xed\xa0\x80"], ids=repr)
    def test_a_wrong_encoding_is_not_glossed_over(self, bad: bytes) -> None:
        """Refused, or read another way and said so: no sign is dropped or replaced in silence."""
        content = self.write(statement_of(BookingSample(text="KITMARK")))
        assert b"KITMARK" in content or Carried.TEXT in self.lacks

        read = self.read_or_refused(content.replace(b"KITMARK", b"Gr" + bad + b"n"))

        if read is not None and b"KITMARK" in content:
            assert any(one.warnings for one in read.ends), "nobody is told of the encoding"

    @pytest.mark.parametrize("codec", ["utf-16", "utf-32", "utf-7"])
    def test_another_encoding_is_refused_or_read(self, codec: str) -> None:
        """Never something in between."""
        text = self.write(statement_of(*bookings_of("119.00", "-3.50"))).decode()
        facts = self.read(text.encode()).facts

        read = self.read_or_refused(text.encode(codec))

        assert read is None or read.facts == facts

    @pytest.mark.parametrize("text", ["\x00", "\x1b[31mred", "a\x00b", "\x07", "\ud7ff\uffff"])
    def test_control_signs_do_not_steer(self, text: str) -> None:
        """Refused in printable words, or taken with amounts and order unharmed."""
        content = self.write(statement_of(BookingSample("1.00", text=text), BookingSample("2.00")))

        read = self.read_or_refused(content)

        assert read is None or read.amounts == ["1.00", "2.00"]

    @pytest.mark.parametrize(
        "text",
        ['"', "'", ";", ",", "a;b;c", "<a>&amp;", "{1:}", "=1+1", "\\", "%s{0}", "?20x", "/OCMT/"],
    )
    def test_no_text_breaks_out(self, text: str) -> None:
        """What a payer types never becomes a booking, a column or another amount."""
        content = self.write(statement_of(BookingSample("1.00", text=text), BookingSample("2.00")))

        assert self.read(content).amounts == ["1.00", "2.00"]

    @pytest.mark.parametrize("filling", ["x", "<a>", "(", "\n"])
    def test_an_endless_text_is_refused(self, filling: str) -> None:
        """No honest bank writes three million signs into one booking."""
        content = self.write(statement_of(BookingSample(text="KITMARK")))
        mark = b"KITMARK" if b"KITMARK" in content else b"119"
        flood = filling.encode() * (3_000_000 // len(filling))
        began = time.process_time()

        read = self.read_or_refused(content.replace(mark, flood))

        assert read is None or (filling == "\n" and read.amounts == ["119.00"])
        assert time.process_time() - began < _CPU_SECONDS

    @pytest.mark.parametrize(
        "doctype",
        [
            "<!DOCTYPE Document>",
            f'<!DOCTYPE Document [<!ENTITY k0 "kit">{_LAUGHS}]>',
            '<!DOCTYPE Document [<!ENTITY kit SYSTEM "file://SECRET">]>',
            f'<!DOCTYPE Document SYSTEM "{_DTD}">',
            '<!DOCTYPE Document [<!ENTITY % kit SYSTEM "file://SECRET"> %kit;]>',
        ],
        ids=["bare", "laughs", "file", "dtd", "parameter"],
    )
    def test_hostile_xml_is_refused(self, doctype: str, tmp_path: Path) -> None:
        """Entities, files and addresses: no bank sends a document type."""
        content = self.write(statement_of(BookingSample(text="KITMARK")))
        if not content.lstrip().startswith(b"<"):
            pytest.skip("the format is not XML")
        secret = tmp_path / "secret"
        secret.write_text("kit-secret-4711")
        declaration, _, rest = content.rpartition(b"?>")
        begun = declaration + b"?>" if declaration else b""
        mark = doctype.replace("SECRET", str(secret)).encode()
        entity = b"&k11;" if b"k11" in mark else b"&kit;"

        error = self.refusal(begun + mark + rest.replace(b"KITMARK", entity))

        assert "kit-secret" not in str(error)
        self.refusal(begun + mark + rest)
        self.refusal(content.replace(b"KITMARK", b"&kit;"))

    def test_its_own_files_are_recognised(self) -> None:
        """By content: under any name, with a mark in front, however much of it is shown."""
        contents = [one.content for one in self.samples()]
        contents.append(self.write(statement_of(*bookings_of("1.00", "-2.00"))))
        contents.append(b"\xef\xbb\xbf" + contents[-1])
        parser = self.built()

        for content in contents:
            for name in (self.filename, "x", "", "../../etc/passwd", "a\x00b.pdf"):
                assert parser.recognises(content[:_HEAD], name) is True

    @pytest.mark.parametrize("head", sorted(FOREIGN_HEADS))
    def test_foreign_files_are_left_to_others(self, head: str) -> None:
        """Whatever they are called."""
        if head in self.own_formats():
            pytest.skip("its own format")

        assert self.built().recognises(FOREIGN_HEADS[head][:_HEAD], self.filename) is False

    def test_recognising_never_raises(self) -> None:
        """Not for any beginning of its own files, and not for garbled ones."""
        content = self.write(statement_of(BookingSample()))
        parser = self.built()

        for cut in range(len(content)):
            garbled = content[:cut] + b"\xff\x00" + content[cut + 2 :]
            assert parser.recognises(content[:cut], self.filename) in (True, False)
            assert parser.recognises(garbled, self.filename) in (True, False)
