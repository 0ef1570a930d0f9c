"""How much a caller may ask: a bucket of requests a key, and of failed sign-ins an address.

Buckets live in memory: each process counts for itself, and a restart forgets.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from faktura.kernel.clock import Clock
from faktura.kernel.request_errors import RateLimited

_SECONDS = 60
_MOST_CALLERS = 10_000
_FAILURES_A_MINUTE = 30


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


@dataclass(slots=True)
class Buckets:
    """Token buckets by caller; those not seen for longest are forgotten, so memory is bounded."""

    clock: Clock
    _held: OrderedDict[Hashable, _Bucket] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: Hashable, a_minute: int) -> None:
        """Take one of `a_minute` requests; raises RateLimited with the seconds to wait."""
        with self._lock:
            bucket = self._filled(caller, a_minute)
            if bucket.level < 1:
                raise _limited(bucket, a_minute)
            bucket.level -= 1

    def check(self, caller: Hashable, a_minute: int) -> None:
        """Raise RateLimited where nothing is left, without taking anything."""
        with self._lock:
            bucket = self._filled(caller, a_minute)
            if bucket.level < 1:
                raise _limited(bucket, a_minute)

    def _filled(self, caller: Hashable, a_minute: int) -> _Bucket:
        now = self.clock.now().timestamp()
        bucket = self._held.setdefault(caller, _Bucket(a_minute, now))
        self._held.move_to_end(caller)
        if len(self._held) > _MOST_CALLERS:
            self._held.popitem(last=False)
        gained = max(0.0, now - bucket.at) * a_minute / _SECONDS
        bucket.level, bucket.at = min(a_minute, bucket.level + gained), now
        return bucket


def _limited(bucket: _Bucket, a_minute: int) -> RateLimited:
    wait = int((1 - bucket.level) * _SECONDS / a_minute) + 1
    return RateLimited(
        f"more than {a_minute} requests a minute",
        mend=f"Wait {wait} seconds",
        retry_after=wait,
    )


@dataclass(slots=True)
class Limits:
    """The buckets of this process."""

    requests: Buckets
    failures: Buckets

    def check_address(self, address: Hashable) -> None:
        """Raise RateLimited for an address that gave too many wrong keys."""
        self.failures.check(address, _FAILURES_A_MINUTE)

    def note_failure(self, address: Hashable) -> None:
        """Count a wrong key."""
        self.failures.take(address, _FAILURES_A_MINUTE)


def new_limits(clock: Clock) -> Limits:
    """Full buckets."""
    return Limits(Buckets(clock), Buckets(clock))
