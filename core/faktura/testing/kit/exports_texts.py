"""What people wrote, in an accounting export: it is data, or noted, or refused by name."""

import re
import unicodedata
from typing import ClassVar

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.kernel.terms import Side, Slot
from faktura.plugin import AccountData
from faktura.testing.export_sources import GivenSource
from faktura.testing.kit.export_entries import (
    ACCOUNTS,
    DEBTOR,
    MONTH,
    entry,
    leg,
    money_in,
    sale,
    source_of,
)
from faktura.testing.kit.exports_bench import ExportBench
from faktura.testing.kit.hostile_texts import HOSTILE_TEXTS, Fate

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_TEXT = re.compile(r"(?! )[A-Za-z0-9 +=@().:-]{1,40}(?<! )")
"""What every file can say, perhaps behind a sign that guards it."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
STRANGE_ACCOUNTS = (
    "",
    " ",
    "84;00",
    '84"00',
    "84\n00",
    "=8400",
    "8400 ",
    "８４００",
    "8" * 40,
    "ÄÖ",
)
"""Account numbers that nobody set up: refused by name, or found again as they are."""


class ExportTexts(ExportBench):
    """Hostile texts, codes, accounts and master data."""

    strange_accounts: ClassVar[tuple[str, ...]] = STRANGE_ACCOUNTS

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each hostile text and each strange account."""
        for name, values in (("hostile_text", HOSTILE_TEXTS), ("account", self.strange_accounts)):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, sorted(values), ids=ascii)

    def test_a_hostile_text_changes_nothing_but_itself(self, hostile_text: str) -> None:
        """It stands there as it was booked or is noted; it is never cut in silence (F109)."""
        text, fate = HOSTILE_TEXTS[hostile_text].text, HOSTILE_TEXTS[hostile_text].fate
        for field in ("text", "customer_name"):
            hostile = sale(2, "1.00", "0.19", "1.19", **{field: text})
            entries, may_refuse = [MONTH[0], hostile, MONTH[9]], fate is not Fate.WRITTEN

            files = self.files_unless_refused(entries, hostile, may_refuse=may_refuse)

            if files is not None:
                texts = self.assert_holds(files, entries)[1].texts
                notes = [note for file in files for note in file.notes]
                said = any(text in one for one in [*texts, *notes])
                assert said, f"{field} became {list(texts)}, and no note says so: {notes}"
                assert not _PLAIN_TEXT.fullmatch(text) or text in "".join(texts), "it was changed"
                assert [one for one in texts if any(map(_is_unseen, one))] == [], "nobody sees this"
                computed = [one for one in texts if one.startswith(_FORMULA_SIGNS)]
                assert not (self.guards_formulas and computed), "a spreadsheet would compute this"

    def test_a_text_is_shortened_where_it_says(self) -> None:
        """Just as long is written whole, one sign more is noted; what is left begins the same."""
        longest = 60 if self.longest_text is None else self.longest_text
        fits = money_in(1, "1.00", text=("Zahlung " * longest)[: longest - 1] + ".")
        beyond = money_in(2, "1.00", text=("Zahlung " * longest)[:longest] + ".")

        files = self.exported(source_of([fits, beyond]))

        whole, cut = ["".join(one.texts) for one in self.assert_holds(files, [fits, beyond])]
        noted = [key for key in ("kit:1", "kit:2") for file in files if key in str(file.notes)]
        assert "Zahlung Zahlung" in cut
        if self.longest_text is not None:
            assert (fits.text in whole, beyond.text in cut, noted) == (True, False, ["kit:2"])
            assert max(map(len, self.read_back(files)[1].texts)) == longest

    def test_an_entry_without_a_customer_says_no_other_text(self) -> None:
        """What is not known is not written as something."""
        alone = money_in(1, "1.00", text="Bankeinzug", customer_name=None, customer_number=None)

        (read,) = self.assert_holds(self.exported(source_of([alone])), [alone])

        assert {text for text in read.texts if text} == {"Bankeinzug"}

    def test_hostile_master_data_change_no_entry(self, hostile_text: str) -> None:
        """Names of accounts and customers come from people as well."""
        text, fate = HOSTILE_TEXTS[hostile_text].text, HOSTILE_TEXTS[hostile_text].fate
        accounts = [AccountData(number=one.number, name=text) for one in ACCOUNTS]
        fields = ("company", "street", "city", "last_name")
        debtor = DEBTOR.model_copy(update=dict.fromkeys(fields, text))
        source = GivenSource(MONTH, accounts=accounts, debtors=[debtor])
        refusal: ExportRefused | None = None
        try:
            self.assert_holds(self.exported(source), MONTH)
        except ExportRefused as refused:
            refusal = refused
        assert refusal is None or fate is not Fate.WRITTEN, refusal

    def test_a_hostile_code_is_refused_exact_or_noted(self, hostile_text: str) -> None:
        """A cost centre or mandate under another name would be another one."""
        text, right = HOSTILE_TEXTS[hostile_text].text, MONTH[0].legs
        costed = right[1].model_copy(update={"cost_centre": text})
        mandated = sale(1, "100.00", "19.00", "119.00", mandate=text)
        for one in (entry(1, (right[0], costed, right[2])), mandated):
            files = self.files_unless_refused([one], one)

            if files is not None:
                self.assert_holds(files, [one])

    def test_an_account_that_nobody_knows_is_refused_or_exact(self, account: str) -> None:
        """F104: the refusal names the entry or the account, and nothing is written for it."""
        paid = leg(account, Slot.BANK, Side.DEBIT, "5.00")
        owed = leg("1400", Slot.RECEIVABLES, Side.CREDIT, "5.00", debtor=DEBTOR.account)

        self.assert_exact_or_refused(entry(1, [paid, owed]))


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN
