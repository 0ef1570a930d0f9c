"""The kit of accounting exporters: every entry once, to the cent, in order, or a refusal by name."""

import re
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

from faktura.testing.kit.another_process import OTHER_NOW, exported_elsewhere
from faktura.testing.kit.export_entries import (
    ACCOUNTS,
    DEBTOR,
    END,
    MONTH,
    START,
    CountingSource,
    batch,
    entry,
    money_in,
    sale,
    source_of,
)
from faktura.testing.kit.exports_texts import ExportTexts
from faktura.testing.kit.network_watch import network_watched

_MANY = 3_000
_DAY = timedelta(days=1)


class AccountingExporterKit(ExportTexts):
    """What every exporter must keep; its maker gives `read_back`, the entries of the files."""

    def test_a_month_is_in_the_files_entry_by_entry(self) -> None:
        """Every entry once, in the order of the journal, balanced and to the cent."""
        before = [one.model_copy(deep=True) for one in MONTH]

        files = self.exported(source_of(MONTH))

        self.assert_holds(files, MONTH)
        assert list(MONTH) == before
        names = [file.name for file in files]
        assert len(set(names)) == len(names)
        for file in files:
            assert re.fullmatch(r"[A-Za-z0-9][-A-Za-z0-9._]{0,99}", file.name)
            assert re.fullmatch(r"[a-z]+/[-+.a-z0-9]+(; ?charset=[-a-z0-9]+)?", file.media_type)
            assert file.rows > 0
            assert file.content
            assert file.notes == (), "a plain month has nothing to be written otherwise"

    def test_one_entry_alone_is_a_file_too(self) -> None:
        """Each of the month for itself."""
        for one in MONTH:
            self.assert_holds(self.exported(source_of([one])), [one])

    def test_no_entries_are_no_error(self) -> None:
        """Of an empty month no file holds an entry."""
        files = self.exported(source_of([]))

        assert [file.name for file in files if file.entry_keys or not file.rows] == []
        assert list(self.read_back(files)) == []

    def test_the_order_is_that_of_the_journal(self) -> None:
        """By accounting date, then by number, whatever the amounts and texts are."""
        entries = [
            money_in(number, f"{101 - number}.00", text=f"Z{101 - number:03}", booked_on=day)
            for first, day in ((1, START), (31, START + _DAY), (61, END))
            for number in range(first, first + 30)
        ]

        self.assert_holds(self.exported(source_of(reversed(entries))), entries)

    def test_equal_batches_give_equal_bytes(self) -> None:
        """O20: the same exporter again, another one at another time; names and notes too."""
        own, files = self.build(), self.exported(source_of(MONTH))

        assert list(own.export(batch(), source_of(MONTH))) == files
        list(own.export(batch(number=4), source_of(MONTH[:2])))
        assert list(own.export(batch(), source_of(MONTH))) == files
        assert list(self.build(OTHER_NOW).export(batch(), source_of(MONTH))) == files

    def test_another_process_gives_the_same_bytes(self) -> None:
        """Another hash seed, time zone, language, folder and clock."""
        rows = {"entries": MONTH, "accounts": ACCOUNTS, "debtors": [DEBTOR]}

        said = exported_elsewhere(self.adapter_class, self.settings, batch(), rows)

        files = self.exported(source_of(MONTH))
        assert said["sha256"] == [sha256(file.content).hexdigest() for file in files]

    def test_both_ends_of_the_batch_belong_to_it(self) -> None:
        """A day before or after is refused with the entry; no time zone moves an accounting date."""
        first = sale(1, "100.00", "19.00", "119.00", booked_on=START)
        last = money_in(2, "1.00", booked_on=END)

        for time_zone in ("Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"):
            files = self.exported(source_of([first, last]), batch(time_zone=time_zone))
            self.assert_holds(files, [first, last])
        self.assert_refused([money_in(1, "1.00", booked_on=START - _DAY), last])
        self.assert_refused([first, money_in(2, "1.00", booked_on=END + _DAY)], at=1)

    def test_an_entry_that_does_not_balance_is_refused(self) -> None:
        """The core never posts one: a cent more or less, or one side alone."""
        right = MONTH[0].legs
        for amount in ("119.01", "118.99"):
            legs = (right[0].model_copy(update={"amount": Decimal(amount)}), *right[1:])
            self.assert_refused([entry(1, legs)])
        self.assert_refused([MONTH[1], entry(3, right[:1])], at=1)
        self.assert_refused([entry(1, right[1:])])

    def test_an_amount_that_is_none_is_refused_or_exact(self) -> None:
        """Below zero, nothing at all, less than a cent, very large: never another amount."""
        for amount in ("-5.00", "0.00", "0.001", "1E+3", "12345678901.23"):
            self.assert_exact_or_refused(money_in(1, amount))

    def test_another_currency_is_refused_or_exact(self) -> None:
        """In a batch of euros and in one of its own; yen have no decimals, dinars three."""
        for currency, amount in (("CHF", "12.35"), ("JPY", "1235"), ("KWD", "1.235")):
            one = money_in(1, amount, currency=currency)
            self.assert_exact_or_refused(one)
            self.assert_exact_or_refused(one, batch(currency=currency))

    def test_many_entries_are_never_held_at_once(self) -> None:
        """A year of a large company fits into a small machine: entries are streamed."""
        source = CountingSource(_MANY)

        keys = [key for file in self.build().export(batch(), source) for key in file.entry_keys]

        assert keys == [f"kit:{seq}" for seq in range(1, _MANY + 1)]
        assert source.most_alive <= self.most_entries_held

    def test_nothing_reaches_for_the_network(self) -> None:
        """Exporting is pure: no connection, no name looked up."""
        with network_watched() as seen:
            self.exported(source_of(MONTH))

        assert seen == []

    def test_the_target_is_a_name(self) -> None:
        """People choose it, and it stands in addresses."""
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.adapter_class.target)
