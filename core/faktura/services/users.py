"""Users: created, made members of tenants, given a password or a link, disabled (F135).

They belong to the installation: what names no tenant works in a transaction of any.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from faktura.domain.users import LINK_LENGTH, User, checked_email, folded_email, token_hash
from faktura.kernel.errors import FieldInvalid, NotFound, TransitionRefused, shortened
from faktura.store.sessions import delete_links_of, delete_sessions_of, write_link
from faktura.store.transaction import Tx
from faktura.store.users import (
    add_membership,
    find_user,
    list_users,
    read_memberships,
    remove_membership,
    write_disabled,
    write_password_hash,
    write_user,
)

_TOKEN_BYTES = 32
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class UserEntry:
    """A user and the keys of the tenants they are a member of."""

    user: User
    tenants: Sequence[str]


def create_user(tx: Tx, email: str, *, name: str = "", password_hash: str | None = None) -> User:
    """Add a user; without a password hash they sign in by link only.

    Raises FieldInvalid for an address that is none, Conflict where there is one of that address.
    """
    called = name.strip()
    if not called.isprintable() or len(called) > _LONGEST_NAME:
        raise FieldInvalid(
            f"“{shortened(name)}” is no name of at most {_LONGEST_NAME} printable characters",
            place="name",
        )
    new = User(tx.new_id(), checked_email(email), called, password_hash, tx.now())
    write_user(tx, new)
    return new


def user_of(tx: Tx, email: str) -> User:
    """The user of that address, however it is capitalised; raises NotFound."""
    found = find_user(tx, folded_email(email))
    if found is None:
        raise NotFound(
            f"there is no user “{shortened(email)}”",
            place="email",
            mend="See: faktura users list",
        )
    return found


def all_users(tx: Tx) -> list[UserEntry]:
    """All users by address, with their tenants."""
    keys = read_memberships(tx)
    return [UserEntry(user, keys.get(user.id, [])) for user in list_users(tx)]


def set_password(tx: Tx, email: str, password_hash: str) -> User:
    """Give a user another password; whoever is signed in as them is signed out. Raises NotFound."""
    user = user_of(tx, email)
    write_password_hash(tx, user.id, password_hash)
    _shut_out(tx, user)
    return user


def disable_user(tx: Tx, email: str) -> User:
    """Let a user sign in no more and sign them out everywhere; raises NotFound."""
    user = user_of(tx, email)
    write_disabled(tx, user.id, tx.now())
    _shut_out(tx, user)
    return user


def enable_user(tx: Tx, email: str) -> User:
    """Let a disabled user sign in again; raises NotFound."""
    user = user_of(tx, email)
    write_disabled(tx, user.id, None)
    return user


def add_member(tx: Tx, email: str) -> User:
    """Make a user a member of the transaction's tenant, once; raises NotFound."""
    user = user_of(tx, email)
    add_membership(tx, user.id)
    return user


def remove_member(tx: Tx, email: str) -> User:
    """End a user's membership in the transaction's tenant; raises NotFound where there is none."""
    user = user_of(tx, email)
    if not remove_membership(tx, user.id):
        raise NotFound(f"{user.email} is no member of this tenant", place="--tenant")
    return user


def make_link(tx: Tx, email: str) -> str:
    """A token that signs in once, for 15 minutes; only its hash is stored, earlier ones are gone.

    Raises NotFound, and TransitionRefused for a user who is disabled.
    """
    user = user_of(tx, email)
    if user.disabled_at is not None:
        raise TransitionRefused(
            f"{user.email} is disabled", mend=f"Run: faktura users enable {user.email}"
        )
    delete_links_of(tx, user.id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    write_link(tx, token_hash(token), user.id, tx.now() + LINK_LENGTH)
    return token


def _shut_out(tx: Tx, user: User) -> None:
    delete_sessions_of(tx, user.id)
    delete_links_of(tx, user.id)
