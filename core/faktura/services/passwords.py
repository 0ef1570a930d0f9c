"""Passwords as argon2id hashes (RFC 9106): slow on purpose, so hash outside of transactions."""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """What one hash takes: rounds, KiB of memory and lanes."""

    rounds: int
    memory: int
    lanes: int


class Passwords:
    """Hashes passwords at one cost, by default the library's, and compares them with any hash."""

    def __init__(self, cost: PasswordCost | None = None) -> None:
        self._cost = cost

    def hash(self, password: str) -> str:
        """The hash of a password, with its salt and its cost in it."""
        return self._hasher().hash(_bytes(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether `stored` is the password's hash.

        Where there is none the password is hashed all the same: who has no account here, and who
        has one without a password, cannot be told by the time it takes.
        """
        from argon2.exceptions import InvalidHashError, VerificationError

        hasher = self._hasher()
        try:
            return hasher.verify(stored or _nobodys(hasher), _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made at another cost and is worth making again."""
        return self._hasher().check_needs_rehash(stored)

    def _hasher(self) -> "PasswordHasher":
        # Imported when it is needed: most commands ask for no password.
        from argon2 import PasswordHasher

        if self._cost is None:
            return PasswordHasher()
        return PasswordHasher(self._cost.rounds, self._cost.memory, self._cost.lanes)


def _nobodys(hasher: "PasswordHasher") -> str:
    """A hash at the hasher's cost that is of no password, made without hashing one."""
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def _bytes(password: str) -> bytes:
    # One letter may come composed or not, depending on the keyboard.
    return normalize("NFKC", password).encode("utf-8", errors="surrogatepass")
