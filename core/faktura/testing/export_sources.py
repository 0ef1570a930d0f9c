"""A source of exports that is in memory, for tests of exporters."""

from collections.abc import Iterable, Iterator

from faktura.plugin import (
    AccountBalanceData,
    AccountData,
    BookedDocument,
    DebtorData,
    JournalEntryData,
)


class GivenSource:
    """What a test says is there, in the order that an exporter may rely on (ExportSource)."""

    def __init__(
        self,
        entries: Iterable[JournalEntryData] = (),
        *,
        accounts: Iterable[AccountData] = (),
        debtors: Iterable[DebtorData] = (),
        documents: Iterable[BookedDocument] = (),
        balances: Iterable[AccountBalanceData] = (),
    ) -> None:
        self._entries = sorted(entries, key=lambda entry: (entry.booked_on, entry.seq))
        self._accounts = sorted(accounts, key=lambda account: account.number)
        self._debtors = sorted(debtors, key=lambda debtor: debtor.account)
        self._documents = sorted(documents, key=lambda document: document.number)
        self._balances = sorted(
            balances, key=lambda row: (row.on, row.account, row.debtor or "", row.currency)
        )

    def entries(self) -> Iterator[JournalEntryData]:
        """The entries, by (booked_on, seq)."""
        return iter(self._entries)

    def accounts(self) -> Iterator[AccountData]:
        """The accounts, by number."""
        return iter(self._accounts)

    def debtors(self) -> Iterator[DebtorData]:
        """The customers, by account."""
        return iter(self._debtors)

    def documents(self) -> Iterator[BookedDocument]:
        """The documents, by number."""
        return iter(self._documents)

    def balances(self) -> Iterator[AccountBalanceData]:
        """The balances, by (on, account, debtor, currency)."""
        return iter(self._balances)
