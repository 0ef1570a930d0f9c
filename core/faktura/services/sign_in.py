"""Signing in and out: sessions are begun, looked up, ended and forgotten."""

import secrets
from dataclasses import dataclass, field

from faktura.domain.users import (
    SESSION_IDLE,
    SESSION_LENGTH,
    Session,
    User,
    folded_email,
    token_hash,
)
from faktura.store.sessions import (
    delete_expired,
    delete_session,
    find_session,
    take_link,
    write_seen,
    write_session,
)
from faktura.store.transaction import Tx
from faktura.store.users import find_user, find_user_by_id, write_password_hash

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the session they are here with."""

    user: User
    session: Session


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has just begun; `token` is in the browser's cookie and nowhere else."""

    user: User
    token: str = field(repr=False)


def whom_it_may_be(tx: Tx, email: str) -> User | None:
    """The user of a typed address; None where there is none."""
    folded = folded_email(email)
    # No address of ours holds what cannot be printed, and PostgreSQL takes no NUL in a text.
    return find_user(tx, folded) if folded.isprintable() else None


def begin_session(
    tx: Tx, checked: User, *, rehashed: str | None = None, instead_of: str | None = None
) -> NewSession | None:
    """Sign in a user whose password was compared; the token is new, whatever the browser sent.

    `rehashed` replaces their password hash by one at today's cost, `instead_of` is the token of
    the session that ends with this. None where they were disabled or got another password while
    theirs was being compared.
    """
    user = find_user_by_id(tx, checked.id)
    if user is None or user.usable_hash is None or user.usable_hash != checked.password_hash:
        return None
    if rehashed is not None:
        write_password_hash(tx, user.id, rehashed)
    return _begun(tx, user, instead_of)


def begin_session_by_link(
    tx: Tx, token: str, *, instead_of: str | None = None
) -> NewSession | None:
    """Sign in the user of a link, which is used up; None where it is not good (any more)."""
    user_id = take_link(tx, token_hash(token))
    user = None if user_id is None else find_user_by_id(tx, user_id)
    # Links of a user who is disabled are forgotten; one made at the same moment may be left.
    if user is None or user.disabled_at is not None:
        return None
    return _begun(tx, user, instead_of)


def who_is_here(tx: Tx, token: str) -> SignedIn | None:
    """Whose session the token of a cookie is; None where it is over, or its user is disabled."""
    session = find_session(tx, token_hash(token))
    if session is None or session.is_over(tx.now()):
        return None
    user = find_user_by_id(tx, session.user_id)
    if user is None or user.disabled_at is not None:
        return None
    return SignedIn(user, session)


def note_seen(tx: Tx, session: Session) -> None:
    """Write down that a session was seen, which puts off its idle end."""
    write_seen(tx, session.token_hash)


def end_session(tx: Tx, session: Session) -> None:
    """Sign out."""
    delete_session(tx, session.token_hash)


def forget_expired_sessions(tx: Tx) -> int:
    """Delete sessions and links of the installation that are over; how many there were."""
    return delete_expired(tx, tx.now() - SESSION_IDLE)


def _begun(tx: Tx, user: User, instead_of: str | None) -> NewSession:
    if instead_of is not None:
        delete_session(tx, token_hash(instead_of))
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = tx.now()
    write_session(
        tx,
        Session(
            token_hash(token), user.id, secrets.token_urlsafe(_TOKEN_BYTES), now, now,
            now + SESSION_LENGTH,
        ),
    )  # fmt: skip
    return NewSession(user, token)
