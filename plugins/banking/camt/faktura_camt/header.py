"""The head of a file (GrpHdr) and of a statement (Stmt before its first entry)."""

import re
from typing import NamedTuple

from faktura.kernel.errors import FieldInvalid, FieldMissing, shortened
from faktura.plugin import StatementStart
from faktura_camt.account import normalised_iban
from faktura_camt.amounts import flag_from_text
from faktura_camt.dates import moment_from_text
from faktura_camt.found import Found

_COUNT = re.compile(r"[0-9]{1,18}")


class Page(NamedTuple):
    """Page number from 1, and whether it is the last one."""

    number: int | None = None
    last: bool = True


class FileHeader(NamedTuple):
    """What GrpHdr says of all statements of a file."""

    message_id: str
    page: Page


def read_file_header(found: Found) -> FileHeader:
    """Read GrpHdr."""
    return FileHeader(found.required_text("MsgId"), _page(found, "MsgPgntn"))


def read_statement_start(found: Found, header: FileHeader) -> StatementStart:
    """The start record from what stands in Stmt before its first entry.

    A page number of the statement wins over the file's.
    """
    iban, other = found.text("Acct/Id/IBAN"), found.text("Acct/Id/Othr/Id")
    if iban is None and other is None:
        raise FieldMissing("the account has neither IBAN nor number", place="Acct/Id")
    page = _page(found, "StmtPgntn") if "StmtPgntn" in found.shape.paths else header.page
    return StatementStart(
        account_iban=normalised_iban(iban) if iban else None,
        account_other=other,
        account_currency=found.text("Acct/Ccy"),
        account_bic=found.text("Acct/Svcr/FinInstnId/BICFI", "Acct/Svcr/FinInstnId/BIC"),
        message_id=header.message_id,
        statement_id=found.required_text("Id"),
        sequence=_count(found.text("ElctrncSeqNb"), place="ElctrncSeqNb"),
        page=page.number,
        last_page=page.last,
        created_at=moment_from_text(found.text("CreDtTm"), "CreDtTm"),
    )


def _page(found: Found, path: str) -> Page:
    return Page(
        _count(found.text(f"{path}/PgNb"), place="PgNb"),
        flag_from_text(found.text(f"{path}/LastPgInd"), default=True, place="LastPgInd"),
    )


def _count(raw: str | None, *, place: str) -> int | None:
    if raw is None:
        return None
    if not _COUNT.fullmatch(raw):
        raise FieldInvalid(f"“{shortened(raw)}” is not a number", place=place)
    return int(raw)
