"""Signing in with a password: look up, compare outside of any transaction, then begin the session."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from faktura.flows.transactions import in_read_tx, in_tx
from faktura.services.passwords import Passwords
from faktura.services.sign_in import NewSession, begin_session, whom_it_may_be
from faktura.store.database import Database

T = TypeVar("T")

_NO_TENANT = 0
# A hash takes 64 MiB and one processor: many at once would starve everything else.
_HASHES_AT_ONCE = 2


class PasswordSignIn:
    """Compares passwords, a few at a time; the others wait."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords
        self._hashing = asyncio.Semaphore(_HASHES_AT_ONCE)

    async def __call__(
        self, email: str, password: str, *, instead_of: str | None
    ) -> NewSession | None:
        """The session of who has this address and password; None for any other pair.

        Each refusal costs one look-up and one comparison, whether there is such a user or not.
        `instead_of` is the token of the session that ends with this.
        """
        passwords = self._passwords
        user = await in_read_tx(self._database, _NO_TENANT, whom_it_may_be, email)
        stored = None if user is None else user.usable_hash
        matches = await self._hashed(lambda: passwords.matches(password, stored))
        if not matches or user is None or stored is None:
            return None
        rehashed = None
        if passwords.is_outdated(stored):
            rehashed = await self._hashed(lambda: passwords.hash(password))
        return await in_tx(
            self._database,
            _NO_TENANT,
            begin_session,
            user,
            rehashed=rehashed,
            instead_of=instead_of,
        )

    async def _hashed(self, work: Callable[[], T]) -> T:
        async with self._hashing:
            return await asyncio.to_thread(work)
