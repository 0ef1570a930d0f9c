"""A process that dies at a commit or at a call to the outside; what it held in memory is lost.

It counts its steps: before a transaction, before its commit, after it, around each call outside. A lit
fuse says at which of them it dies; from then on it reaches nothing any more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from typing_extensions import override

from faktura.store.database import Database
from faktura.store.transaction import Tx


class Died(BaseException):
    """The process was killed; no handler of an error may hold it up."""


@dataclass(slots=True)
class Process:
    """The running process: `fuse` steps until it dies, None where it lives on.

    `has_committed` says whether it committed anything since it was last asked.
    """

    fuse: int | None = None
    is_dead: bool = False
    has_committed: bool = False

    def step(self) -> None:
        """A moment at which the machine may be switched off; raises Died."""
        if self.is_dead:
            raise Died
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            self.is_dead = True
            raise Died

    def begin(self, fuse: int | None) -> None:
        """It begins something, and dies within it after so many steps."""
        self.fuse, self.has_committed = fuse, False

    def start_again(self) -> None:
        """Another process takes its place."""
        self.fuse, self.is_dead = None, False


@dataclass(frozen=True, slots=True)
class MortalDatabase(Database):
    """The database as the process reaches it: what is not committed when it dies never happened."""

    process: Process

    @override
    @contextmanager
    def write(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that writes; the process may die before it, before its commit, and behind it."""
        self.process.step()
        with Database.write(self, tenant_id) as tx:
            yield tx
            self.process.step()
        self.process.has_committed = True
        self.process.step()

    @override
    @contextmanager
    def read(self, tenant_id: int) -> Iterator[Tx]:
        """A transaction that reads; a dead process reads nothing."""
        if self.process.is_dead:
            raise Died
        with Database.read(self, tenant_id) as tx:
            yield tx
