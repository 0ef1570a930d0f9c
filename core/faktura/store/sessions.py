"""Sessions of browsers and links that sign in once; both known by the hash of a token alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from faktura.domain.users import Session
from faktura.store.tables import sign_in_link, web_session
from faktura.store.transaction import Tx


def write_session(tx: Tx, new: Session) -> None:
    """Add a session."""
    tx.connection.execute(
        web_session.insert().values(
            token_hash=new.token_hash,
            user_id=new.user_id,
            form_token=new.form_token,
            created_at=new.created_at,
            seen_at=new.seen_at,
            expires_at=new.expires_at,
        )
    )


def find_session(tx: Tx, token_hash: bytes) -> Session | None:
    """The session of that token, over or not."""
    row = tx.connection.execute(
        select(web_session).where(web_session.c.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    return Session(
        row.token_hash, row.user_id, row.form_token, row.created_at, row.seen_at, row.expires_at
    )


def write_seen(tx: Tx, token_hash: bytes) -> None:
    """Note that a session was seen now."""
    tx.connection.execute(
        update(web_session).where(web_session.c.token_hash == token_hash).values(seen_at=tx.now())
    )


def delete_session(tx: Tx, token_hash: bytes) -> None:
    """Forget a session; nothing happens if there is none."""
    tx.connection.execute(delete(web_session).where(web_session.c.token_hash == token_hash))


def delete_sessions_of(tx: Tx, user_id: UUID) -> None:
    """Forget all sessions of a user."""
    tx.connection.execute(delete(web_session).where(web_session.c.user_id == user_id))


def write_link(tx: Tx, token_hash: bytes, user_id: UUID, expires_at: datetime) -> None:
    """Add a link; it is good until before `expires_at`."""
    tx.connection.execute(
        sign_in_link.insert().values(token_hash=token_hash, user_id=user_id, expires_at=expires_at)
    )


def take_link(tx: Tx, token_hash: bytes) -> UUID | None:
    """The user of a link that has not expired; it is gone with this, so of two takers one has it."""
    row = tx.connection.execute(
        delete(sign_in_link)
        .where(sign_in_link.c.token_hash == token_hash)
        .returning(sign_in_link.c.user_id, sign_in_link.c.expires_at)
    ).one_or_none()
    if row is None or tx.now() >= row.expires_at:
        return None
    user_id: UUID = row.user_id
    return user_id


def delete_links_of(tx: Tx, user_id: UUID) -> None:
    """Forget the links of a user."""
    tx.connection.execute(delete(sign_in_link).where(sign_in_link.c.user_id == user_id))


def delete_expired(tx: Tx, seen_before: datetime) -> int:
    """Forget sessions and links that are over; how many there were.

    A session is over at its end, and when it was last seen at `seen_before` or earlier.
    """
    now = tx.now()
    sessions = tx.connection.execute(
        delete(web_session).where(
            or_(web_session.c.expires_at <= now, web_session.c.seen_at <= seen_before)
        )
    )
    links = tx.connection.execute(delete(sign_in_link).where(sign_in_link.c.expires_at <= now))
    return sessions.rowcount + links.rowcount
