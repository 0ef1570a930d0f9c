"""People who sign in: their address, their password, how long a session and a link are good."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from unicodedata import normalize
from uuid import UUID

from faktura.kernel.errors import FieldInvalid, shortened

SESSION_LENGTH = timedelta(days=7)
SESSION_IDLE = timedelta(hours=12)
LINK_LENGTH = timedelta(minutes=15)
SHORTEST_PASSWORD = 12
# Far beyond what anybody types; hashing a longer one would be work for whoever attacks.
LONGEST_PASSWORD = 1024
# What was seen lately is not written again: a row per page would be a write per page.
_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class User:
    """Who signs in; without a password only by link. `disabled_at` is None while they may."""

    id: UUID
    email: str
    name: str
    password_hash: str | None = field(repr=False)
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def usable_hash(self) -> str | None:
        """The hash a password is compared with; None where no password signs in."""
        return None if self.disabled_at else self.password_hash


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, known by the hash of its cookie.

    `form_token` stands in every form of the session's pages. Moments are UTC; `expires_at` is the
    end whatever happens.
    """

    token_hash: bytes = field(repr=False)
    user_id: UUID
    form_token: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended, by its length or because nobody came for too long."""
        return now >= self.expires_at or now >= self.seen_at + SESSION_IDLE

    def is_seen_anew(self, now: datetime) -> bool:
        """Whether it is worth writing down that it was seen now."""
        return now >= self.seen_at + _SEEN_EVERY


def token_hash(token: str) -> bytes:
    """What is stored of a token: nobody signs in with what lies in the database."""
    return sha256(token.encode("utf-8", errors="surrogatepass")).digest()


def folded_email(text: str) -> str:
    """The address as it is compared and stored: without blanks around it, capitals are the same."""
    return normalize("NFKC", text.strip()).casefold()


def checked_email(text: str) -> str:
    """The folded address; raises FieldInvalid where it cannot be one."""
    email = folded_email(text)
    if not (_EMAIL.fullmatch(email) and email.isprintable() and len(email) <= _LONGEST_EMAIL):
        raise FieldInvalid(
            f"“{shortened(text)}” is not an e-mail address",
            place="email",
            mend="Write it like mia@verlag.example",
        )
    return email


def check_password(password: str) -> None:
    """Raise FieldInvalid for a password that is too short to be hard to guess, or absurdly long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise FieldInvalid(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
            place="password",
            mend="Take four words that have nothing to do with each other",
        )
