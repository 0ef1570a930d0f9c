"""What is read from a feed before it is imported: on disk, page by page, each booking once."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import IO, BinaryIO, cast

from faktura.plugin import BankTransaction, FeedMovement, FeedPage
from faktura.services.movement_view import record_from_text, record_text


@dataclass(slots=True)
class _Account:
    """The movements of one account, a line each."""

    file: IO[bytes]
    seen: set[str] = field(default_factory=set)
    count: int = 0


@contextmanager
def feed_spool() -> "Iterator[FeedSpool]":
    """An empty spool; its files are gone at the end."""
    with ExitStack() as files:
        yield FeedSpool(files)


def _file(files: ExitStack) -> IO[bytes]:
    return files.enter_context(tempfile.TemporaryFile())


class FeedSpool:
    """The pages of one reading; of it the ids of the bookings are in memory, and sentences."""

    def __init__(self, files: ExitStack) -> None:
        self._files = files
        self._raw = _file(files)
        self._accounts: dict[str, _Account] = {}
        self._adjusted: dict[str, None] = {}

    @property
    def raw(self) -> BinaryIO:
        """The answers as they came, a line feed between them."""
        return cast("BinaryIO", self._raw)

    @property
    def adjusted(self) -> tuple[str, ...]:
        """Sentences on bookings that the feed made up, each once."""
        return tuple(self._adjusted)

    @property
    def has_movements(self) -> bool:
        """Whether there is any booking."""
        return bool(self._accounts)

    def add(self, page: FeedPage) -> None:
        """The next page; what an earlier one held already counts once."""
        if self._raw.tell():
            self._raw.write(b"\n")
        self._raw.write(page.raw)
        self._adjusted |= dict.fromkeys(page.adjustments)
        for one in page.movements:
            self._take(one)

    def count(self, reference: str) -> int:
        """How many bookings there are of the account of that id at the feed."""
        account = self._accounts.get(reference)
        return 0 if account is None else account.count

    def movements(self, reference: str) -> Iterator[BankTransaction]:
        """The account's bookings in the order in which they came."""
        for line in self._lines(reference):
            yield record_from_text(line.decode())

    def digest(self, reference: str) -> str:
        """Stands for the account's bookings."""
        digest = sha256()
        for line in self._lines(reference):
            digest.update(line)
        return digest.hexdigest()

    def _take(self, one: FeedMovement) -> None:
        account = self._accounts.get(one.account)
        if account is None:
            account = self._accounts[one.account] = _Account(_file(self._files))
        reference = one.transaction.source_ref
        if reference is not None:
            if reference in account.seen:
                return
            account.seen.add(reference)
        record = one.transaction.model_copy(update={"is_doubtful": one.is_doubtful})
        account.file.write(f"{record_text(record)}\n".encode())
        account.count += 1

    def _lines(self, reference: str) -> Iterator[bytes]:
        account = self._accounts.get(reference)
        if account is not None:
            account.file.seek(0)
            yield from account.file
