"""Sessions and links: begun, used once, ended, forgotten; on both databases."""

import threading
from datetime import timedelta

import pytest
from tests.services.users.conftest import MIA, PASSWORD
from typing_extensions import override

from faktura.domain.users import token_hash
from faktura.flows.sign_in import PasswordSignIn
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.services.passwords import PasswordCost, Passwords
from faktura.services.sign_in import (
    NewSession,
    begin_session,
    begin_session_by_link,
    end_session,
    forget_expired_sessions,
    note_seen,
    who_is_here,
)
from faktura.services.users import (
    create_user,
    disable_user,
    enable_user,
    make_link,
    set_password,
    user_of,
)
from faktura.store.database import Database
from faktura.store.sessions import find_session
from faktura.store.users import write_disabled


def link(database) -> str:
    """A fresh link of Mia's."""
    with database.write(0) as tx:
        return make_link(tx, MIA)


def signed_in(database: Database, token: str, instead_of: str | None = None) -> NewSession:
    """The session that a good link begins."""
    new = by_link(database, token, instead_of)
    assert new is not None
    return new


def by_link(database: Database, token: str, instead_of: str | None = None) -> NewSession | None:
    """The session that a link begins."""
    with database.write(0) as tx:
        return begin_session_by_link(tx, token, instead_of=instead_of)


def session(database) -> str:
    """The token of a fresh session of Mia's."""
    return signed_in(database, link(database)).token


def here(database, token: str):
    """Whose session it is now."""
    with database.read(0) as tx:
        return who_is_here(tx, token)


def test_a_session_is_known_by_its_cookies_hash_alone(database, mia):
    """What lies in the database signs nobody in: neither the hash nor its text."""
    token = session(database)
    found = here(database, token)

    assert found.user == mia
    assert found.session.token_hash == token_hash(token)
    assert len(token) == 43
    assert here(database, found.session.token_hash.hex()) is None
    assert here(database, "") is None
    assert found.session.form_token not in (token, "")


def test_a_session_ends_where_nobody_comes_for_twelve_hours(database, mia, clock):
    """Being seen puts it off."""
    token = session(database)
    clock.advance(timedelta(hours=11))
    with database.write(0) as tx:
        note_seen(tx, here(database, token).session)
    clock.advance(timedelta(hours=11))
    assert here(database, token).user == mia

    clock.advance(timedelta(hours=1))

    assert here(database, token) is None


def test_a_session_ends_after_seven_days(database, mia, clock):
    """However often it is seen."""
    token = session(database)
    for _ in range(15):
        clock.advance(timedelta(hours=11))
        with database.write(0) as tx:
            note_seen(tx, here(database, token).session)
    clock.advance(timedelta(hours=2, minutes=59))
    assert here(database, token) is not None

    clock.advance(timedelta(minutes=1))

    assert here(database, token) is None


def test_who_signs_in_again_has_another_token_and_the_old_one_is_gone(database, mia):
    """No fixation: the browser never chooses the token."""
    old = session(database)

    new = signed_in(database, link(database), instead_of=old)

    assert new.token != old
    assert here(database, old) is None
    assert here(database, new.token).user == mia


def test_signing_out_ends_this_session_only(database, mia):
    """The one on the other machine goes on."""
    first, second = session(database), session(database)

    with database.write(0) as tx:
        here_now = who_is_here(tx, first)
        assert here_now is not None
        end_session(tx, here_now.session)

    assert here(database, first) is None
    assert here(database, second).user == mia


@pytest.mark.parametrize(
    "act",
    [lambda tx: disable_user(tx, MIA), lambda tx: set_password(tx, MIA, "another")],
    ids=["disable", "password"],
)
def test_a_disabled_user_or_another_password_ends_sessions_and_links(database, mia, act):
    """Everywhere, at once."""
    first, second, unused = session(database), session(database), link(database)

    with database.write(0) as tx:
        act(tx)
        enable_user(tx, MIA)

    assert (here(database, first), here(database, second)) == (None, None)
    assert by_link(database, unused) is None


def test_a_session_of_somebody_disabled_is_none(database, mia):
    """Also one that was begun at the same moment and was not deleted with the others."""
    with database.write(0) as tx:
        disable_user(tx, MIA)
        token = begin_session_by_link_of_disabled(tx)

    assert here(database, token) is None


def begin_session_by_link_of_disabled(tx) -> str:
    """A session as one that committed just after the others were deleted."""
    enable_user(tx, MIA)
    begun = begin_session_by_link(tx, make_link(tx, MIA))
    assert begun is not None
    user = user_of(tx, MIA)
    write_disabled(tx, user.id, tx.now())
    return begun.token


def test_a_link_signs_in_once(database, mia):
    """Replayed, it is worth nothing; nor is a made-up one."""
    token = link(database)

    assert signed_in(database, token).user == mia
    assert by_link(database, token) is None
    assert by_link(database, "x" * 43) is None


def test_of_two_who_open_a_link_at_once_one_is_let_in(database, mia):
    """The row is taken, not looked at."""
    token, begun = link(database), []
    start = threading.Barrier(2)

    def open_link() -> None:
        start.wait(10)
        begun.append(by_link(database, token))

    both = [threading.Thread(target=open_link) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)

    assert sorted(new is None for new in begun) == [False, True]


def test_a_link_is_good_for_fifteen_minutes(database, mia, clock):
    """The fifteenth is outside; a used-up one is gone all the same."""
    in_time, too_late = link(database), None
    clock.advance(timedelta(minutes=14, seconds=59))
    assert by_link(database, in_time) is not None

    too_late = link(database)
    clock.advance(timedelta(minutes=15))

    assert by_link(database, too_late) is None


def test_a_new_link_ends_the_earlier_one(database, mia):
    """So a lost one can be made worthless."""
    earlier, later = link(database), link(database)

    assert by_link(database, earlier) is None
    assert by_link(database, later) is not None


def test_a_link_of_somebody_disabled_is_none(database, mia):
    """None is made, and one that was left does not sign in."""
    with database.write(0) as tx:
        token = make_link(tx, MIA)
        user = user_of(tx, MIA)
        write_disabled(tx, user.id, tx.now())

    assert by_link(database, token) is None
    with (
        pytest.raises(TransitionRefused, match="is disabled") as refused,
        database.write(0) as tx,
    ):
        make_link(tx, MIA)
    assert refused.value.mend == f"Run: faktura users enable {MIA}"
    with pytest.raises(NotFound), database.write(0) as tx:
        make_link(tx, "no@body.example")


def test_what_is_over_is_forgotten(database, mia, clock):
    """Sessions and links of the installation; what goes on stays."""
    idle, _unused = session(database), link(database)
    clock.advance(timedelta(hours=6))
    lively = session(database)
    clock.advance(timedelta(hours=6))
    kept = link(database)

    with database.write(1) as tx:
        forgotten = forget_expired_sessions(tx)
        again = forget_expired_sessions(tx)

    # The unused link went when the next one was made.
    assert (forgotten, again) == (1, 0)
    with database.read(0) as tx:
        assert find_session(tx, token_hash(idle)) is None
        assert find_session(tx, token_hash(lively)) is not None
    assert by_link(database, kept) is not None


def test_an_expired_link_is_forgotten(database, mia, clock):
    """A link that nobody opened does not lie there for ever."""
    link(database)
    clock.advance(timedelta(minutes=15))

    with database.write(1) as tx:
        assert forget_expired_sessions(tx) == 1


def test_a_password_that_changed_meanwhile_signs_nobody_in(database, mia):
    """It was compared outside of the transaction; what counts is what is stored now."""
    with database.write(0) as tx:
        set_password(tx, MIA, "another")

    with database.write(0) as tx:
        assert begin_session(tx, mia) is None


class CountingPasswords(Passwords):
    """Counts how often something is hashed: timing parity without a clock."""

    hashes = 0

    @override
    def matches(self, password: str, stored: str | None) -> bool:
        type(self).hashes += 1
        return super().matches(password, stored)

    @override
    def hash(self, password: str) -> str:
        type(self).hashes += 1
        return super().hash(password)


@pytest.fixture
def counting():
    """A fresh count."""
    CountingPasswords.hashes = 0
    return CountingPasswords(PasswordCost(1, 8, 1))


async def test_a_password_signs_in(database, mia, counting):
    """However the address is capitalised; the password is as it is."""
    sign_in = PasswordSignIn(database, counting)

    new = await sign_in(" MIA@verlag.example", PASSWORD, instead_of=None)

    assert new is not None
    assert here(database, new.token).user == mia
    assert CountingPasswords.hashes == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (MIA, "wrong"),
        (MIA, PASSWORD.upper()),
        (MIA, ""),
        ("no@body.example", PASSWORD),
        ("disabled@verlag.example", PASSWORD),
        ("link@verlag.example", PASSWORD),
        ("link@verlag.example", ""),
        ("mia@verlag.example\x00", PASSWORD),
        ("\udc80", "\udc80"),
        ("", ""),
    ],
)
async def test_every_refusal_costs_one_hash(database, mia, counting, email, password):
    """Unknown, disabled, without a password or wrong: nobody learns which from the time."""
    with database.write(0) as tx:
        create_user(tx, "disabled@verlag.example", password_hash=mia.password_hash)
        disable_user(tx, "disabled@verlag.example")
        create_user(tx, "link@verlag.example")

    refused = await PasswordSignIn(database, counting)(email, password, instead_of=None)

    assert refused is None
    assert CountingPasswords.hashes == 1


async def test_a_hash_of_another_cost_is_made_again(database, mia):
    """When the password is known, which is only now; sessions on other machines go on."""
    elsewhere = session(database)
    dearer = CountingPasswords(PasswordCost(2, 16, 1))

    first = await PasswordSignIn(database, dearer)(MIA, PASSWORD, instead_of=None)
    with database.read(0) as tx:
        stored = user_of(tx, MIA).password_hash
    second = await PasswordSignIn(database, dearer)(MIA, PASSWORD, instead_of=None)

    assert first is not None
    assert second is not None
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    with database.read(0) as tx:
        assert user_of(tx, MIA).password_hash == stored
    assert here(database, elsewhere) is not None
