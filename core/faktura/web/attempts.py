"""Wrong passwords make whoever guesses wait, longer each time, for an account and for an address.

Counted in memory and bounded: each process counts for itself, and a restart forgets.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_network

from faktura.domain.users import folded_email, token_hash
from faktura.kernel.clock import Clock
from faktura.kernel.request_errors import RateLimited
from faktura.web.peer import Address

_MOST = 10_000
_FORGOTTEN_AFTER = timedelta(hours=1)
_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(minutes=5)
# Somebody mistypes now and then; an office has one address for all of its people.
_FREE_FOR_ACCOUNT, _FREE_FOR_ADDRESS = 5, 20
# A house is given 2^64 addresses of IPv6: they count as one.
_HOUSE = 64


@dataclass(slots=True)
class _Count:
    """How many attempts failed or are under way, and when the last one began."""

    failed: int
    at: datetime


class Attempts:
    """Attempts to sign in, or at `what`; each counts as failed until it succeeds."""

    def __init__(self, clock: Clock, what: str = "attempts to sign in") -> None:
        self._clock = clock
        self._what = what
        self._counts: OrderedDict[Hashable, _Count] = OrderedDict()

    def begin(self, address: Address, email: str = "") -> None:
        """Count an attempt; raises RateLimited with the seconds to wait where one must wait first.

        It counts before the password is compared, or a hundred at once would all be the first.
        """
        now = self._clock.now()
        wait = max(self._wait(key, free, now) for key, free in _keys(address, email))
        if wait > timedelta(0):
            seconds = -(-wait // timedelta(seconds=1))
            raise RateLimited(
                f"too many {self._what}",
                mend=f"Wait {seconds} seconds",
                retry_after=seconds,
            )
        for key, _ in _keys(address, email):
            count = self._counts.setdefault(key, _Count(0, now))
            count.failed, count.at = count.failed + 1, now
            self._counts.move_to_end(key)
        while len(self._counts) > _MOST:
            self._counts.popitem(last=False)

    def succeeded(self, address: Address, email: str = "") -> None:
        """Take the attempt back; the account's earlier ones are forgotten with it.

        Not the address's: whoever has an account of their own must not wash their guesses off.
        """
        for key, free in _keys(address, email):
            count = self._counts.get(key)
            if count is not None:
                count.failed = 0 if free == _FREE_FOR_ACCOUNT else count.failed - 1

    def _wait(self, key: Hashable, free: int, now: datetime) -> timedelta:
        count = self._counts.get(key)
        if count is not None and now - count.at >= _FORGOTTEN_AFTER:
            del self._counts[key]
            count = None
        if count is None or count.failed < free:
            return timedelta(0)
        doublings = min(count.failed - free, 10)
        return count.at + min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE) - now


def _keys(address: Address, email: str) -> Iterator[tuple[Hashable, int]]:
    """What is counted, with how many failures cost nothing."""
    if isinstance(address, IPv4Address):
        yield address, _FREE_FOR_ADDRESS
    else:
        yield ip_network((address.packed, _HOUSE), strict=False), _FREE_FOR_ADDRESS
    if email:
        # By its hash: what was typed may be of any length, and may be a password.
        yield token_hash(folded_email(email)), _FREE_FOR_ACCOUNT
