"""A tenant's own texts of mails: few rows, read whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, select

from faktura.kernel.outbox_terms import MailUse
from faktura.store.tables import mail_text
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class OwnText:
    """What a tenant wrote for a use in a language; `html` may be empty."""

    use: MailUse
    language: str
    subject: str
    plain: str
    html: str
    changed_at: datetime


def find_own_text(tx: Tx, use: MailUse, language: str) -> OwnText | None:
    """The tenant's text of a use in a language."""
    row = tx.connection.execute(select(mail_text).where(_of(tx, use, language))).one_or_none()
    return None if row is None else _text(row)


def read_own_texts(tx: Tx) -> list[OwnText]:
    """All texts of the tenant, by use and language."""
    rows = tx.connection.execute(
        select(mail_text)
        .where(mail_text.c.tenant_id == tx.tenant_id)
        .order_by(mail_text.c.use, mail_text.c.language)
    )
    return [_text(row) for row in rows]


def put_own_text(tx: Tx, text: OwnText) -> None:
    """Keep a text in place of the one there was; the caller holds the tenant's lock."""
    drop_own_text(tx, text.use, text.language)
    tx.connection.execute(
        mail_text.insert().values(
            tenant_id=tx.tenant_id,
            use=text.use,
            language=text.language,
            subject=text.subject,
            plain=text.plain,
            html=text.html,
            changed_at=text.changed_at,
        )
    )


def drop_own_text(tx: Tx, use: MailUse, language: str) -> bool:
    """Take a text away; gives whether there was one."""
    done = tx.connection.execute(delete(mail_text).where(_of(tx, use, language)))
    return done.rowcount > 0


def _of(tx: Tx, use: MailUse, language: str) -> Any:
    return and_(
        mail_text.c.tenant_id == tx.tenant_id,
        mail_text.c.use == use,
        mail_text.c.language == language,
    )


def _text(row: Any) -> OwnText:
    return OwnText(MailUse(row.use), row.language, row.subject, row.plain, row.html, row.changed_at)
