"""How long whoever guesses waits, and that remembering it takes no more than so much memory."""

from datetime import timedelta
from ipaddress import ip_address

from faktura.kernel.request_errors import RateLimited
from faktura.web.attempts import Attempts

HERE = ip_address("203.0.113.9")


def pause(attempts: Attempts, address=HERE, email: str = "") -> int:
    """How many seconds to wait; 0 where the attempt was let through."""
    try:
        attempts.begin(address, email)
    except RateLimited as limited:
        return limited.retry_after
    return 0


def test_an_account_waits_twice_as_long_each_time_up_to_five_minutes(clock):
    """Five for nothing, then 2, 4, 8 ... 256, 300, 300."""
    attempts, waited = Attempts(clock), []
    addresses = (ip_address(f"198.51.100.{number}") for number in range(100))
    for _ in range(5):
        assert pause(attempts, next(addresses), "mia@verlag.example") == 0

    for _ in range(10):
        seconds = pause(attempts, next(addresses), "Mia@Verlag.example ")
        clock.advance(timedelta(seconds=seconds))
        waited.append(seconds)
        assert pause(attempts, next(addresses), "mia@verlag.example") == 0

    assert waited == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_an_address_waits_whatever_accounts_it_tries(clock):
    """Twenty for nothing: an office has one address."""
    attempts = Attempts(clock)
    for number in range(20):
        assert pause(attempts, HERE, f"user{number}@verlag.example") == 0

    assert pause(attempts, HERE, "another@verlag.example") == 2
    assert pause(attempts, ip_address("203.0.113.10"), "another@verlag.example") == 0


def test_a_house_of_ipv6_counts_as_one_address(clock):
    """Its 2^64 addresses are one customer's."""
    attempts = Attempts(clock)
    for number in range(20):
        assert pause(attempts, ip_address(f"2001:db8::{number:x}")) == 0

    assert pause(attempts, ip_address("2001:db8::ffff:1:2:3")) == 2
    assert pause(attempts, ip_address("2001:db8:0:1::1")) == 0


def test_who_succeeds_starts_anew_but_their_address_does_not(clock):
    """Whoever has an account of their own must not wash their guesses off with it."""
    attempts = Attempts(clock)
    for _ in range(4):
        attempts.begin(HERE, "mia@verlag.example")
    attempts.begin(HERE, "mia@verlag.example")
    attempts.succeeded(HERE, "mia@verlag.example")
    for _ in range(4):
        assert pause(attempts, HERE, "mia@verlag.example") == 0
    for number in range(12):
        assert pause(attempts, HERE, f"user{number}@verlag.example") == 0

    # 4 + 4 + 12 that were wrong.
    assert pause(attempts, HERE, "another@verlag.example") == 2


def test_many_at_once_are_counted_before_any_is_compared(clock):
    """A hundred in parallel are not each the first."""
    attempts = Attempts(clock)

    waits = [pause(attempts, HERE, "mia@verlag.example") for _ in range(100)]

    assert waits.count(0) == 5


def test_an_hour_later_it_is_forgotten(clock):
    """Nobody waits for ever."""
    attempts = Attempts(clock)
    for _ in range(5):
        attempts.begin(HERE, "mia@verlag.example")
    clock.advance(timedelta(hours=1))

    assert [pause(attempts, HERE, "mia@verlag.example") for _ in range(6)] == [0] * 5 + [2]


def test_memory_is_bounded(clock, monkeypatch):
    """Those not seen for longest are forgotten first."""
    monkeypatch.setattr("faktura.web.attempts._MOST", 10)
    attempts = Attempts(clock)
    for _ in range(5):
        attempts.begin(HERE, "mia@verlag.example")
    for number in range(100):
        attempts.begin(ip_address(f"198.51.100.{number}"))
    attempts.succeeded(HERE, "mia@verlag.example")

    assert len(attempts._counts) == 10
    assert pause(attempts, HERE, "mia@verlag.example") == 0
