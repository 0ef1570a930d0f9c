"""Accounts as hledger and beancount name them."""

import re
from collections.abc import Mapping

from faktura.kernel.errors import ExportRefused
from faktura.plugin import ExportBatch, ExportSource
from faktura_journal.account_roots import Root, root_of
from faktura_journal.books import Place

# What both programs take as a part of an account's name.
_PART = re.compile(r"[0-9A-Z][0-9A-Za-z-]*")


class Names:
    """The places that occur in a file, in the order of their numbers, with what they are called."""

    def __init__(self, batch: ExportBatch, own: Mapping[str, Root]) -> None:
        self._batch = batch
        self._own = own
        self._used: dict[Place, str] = {}

    def of(self, place: Place) -> str:
        """`1400`, `1400:10001`; raises ExportRefused for a number that cannot be a name."""
        known = self._used.get(place)
        if known is None:
            parts = [part for part in place if part is not None]
            for part in parts:
                if not _PART.fullmatch(part):
                    raise ExportRefused(
                        f"“{part}” cannot be the name of an account",
                        place=f"account {place.account}",
                        mend="Use digits, letters and hyphens, a digit or capital first",
                    )
            known = self._used[place] = ":".join(parts)
        return known

    def root(self, place: Place) -> Root:
        """Where the place belongs."""
        return root_of(place.account, self._batch.chart, self._own)

    def used(self, source: ExportSource) -> list[tuple[Place, str]]:
        """The places used so far and what people call them; empty where nobody does."""
        called = {account.number: account.name for account in source.accounts()}
        persons: dict[str, str] = {}
        if self._batch.options.debtors:
            for debtor in source.debtors():
                name = debtor.company or f"{debtor.first_name} {debtor.last_name}".strip()
                persons[debtor.account] = name
        return [
            (place, called.get(place.account, "") if place.debtor is None
             else persons.get(place.debtor, ""))
            for place in sorted(self._used, key=lambda one: (one.account, one.debtor or ""))
        ]  # fmt: skip
