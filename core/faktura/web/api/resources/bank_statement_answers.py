"""Uploaded statement files as the API shows them: what they held, and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Self

from pydantic import Field

from faktura.flows.statements import BankReport
from faktura.services.reconciliation import Matched
from faktura.store.uploads import StatementView, UploadDetails, UploadKey, UploadView
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Day, Moment

# What the kept report and the answer call by the same name.
_REPORTED = (
    *("format", "statements", "entries", "new", "duplicates", "previews"),
    *("other_accounts", "warnings"),
)
_COUNTED = ("held", "expanded")


class FileAnswer(Answer):
    """What came of one file of an archive."""

    file: str = Field(description="Name of the file.")
    statements: int = Field(description="Statements of the account in it.")
    entries: int = Field(description="Entries in them, as the bank counts.")
    new: int = Field(description="Movements that were not known yet.")
    duplicates: int = Field(description="Movements that were known already.")
    previews: int = Field(description="Movements that are not booked yet.")
    held: int = Field(description="Movements that may be there twice.")
    expanded: int = Field(description="Batches for which their details count now.")
    other_accounts: tuple[str, ...] = Field(
        description="Further accounts in it, which were not imported."
    )
    warnings: tuple[str, ...] = Field(description="What a person should look at.")


class MatchedAnswer(Answer):
    """What the matching came to, over all movements that waited."""

    booked: int = Field(description="Movements that settled documents.")
    returned: int = Field(description="Returned debits that opened documents again.")
    open: int = Field(description="Movements that still wait for a person.")

    @classmethod
    def of(cls, matched: Matched) -> Self:
        """The answer."""
        return cls(booked=matched.booked, returned=matched.returned, open=matched.open)


class ImportedFile(Answer):
    """An imported statement file and what it held when it was imported."""

    id: str = Field(description="What names the file: in addresses, where one is asked for.")
    account: str = Field(description="IBAN of the bank account that it was imported to.")
    file: str = Field(description="Name of the file.")
    format: str = Field(description="The format that it was recognised as.")
    statements: int = Field(description="Statements of the account in it.")
    entries: int = Field(description="Entries in them, as the bank counts.")
    new: int = Field(description="Movements that were not known yet.")
    duplicates: int = Field(description="Movements that were known already.")
    previews: int = Field(
        description="Movements that are not booked yet: announced, or notified before their statement."
    )
    held: int = Field(
        description="Movements that may have come from another source before: a person says so."
    )
    expanded: int = Field(description="Batches for which their details count now.")
    files: tuple[FileAnswer, ...] = Field(
        description="The same of each file of an archive; empty where the upload is none."
    )
    other_accounts: tuple[str, ...] = Field(
        description="Further accounts in it, which were not imported."
    )
    warnings: tuple[str, ...] = Field(description="What a person should look at.")


class BankStatementImported(ImportedFile):
    """What an upload brought in, and what the matching after it came to."""

    already_imported: bool = Field(
        description="Whether this very file was imported before: then nothing is added or counted."
    )
    matched: MatchedAnswer

    @classmethod
    def of(cls, key: UploadKey, iban: str, report: BankReport) -> Self:
        """The answer."""
        imported = report.imported
        return cls.model_validate(
            {
                **_described(key, iban, asdict(imported)),
                "already_imported": imported.already_imported,
                "matched": MatchedAnswer.of(report.matched),
            }
        )


class BankStatementSummary(ImportedFile):
    """An imported statement file in a list."""

    imported_at: Moment = Field(description="When it was imported.")

    @classmethod
    def of(cls, upload: UploadView) -> Self:
        """The answer."""
        return cls.model_validate(_kept(upload))


class StatementAnswer(Answer):
    """A statement in a file; null is what the bank did not say."""

    message_id: str = Field(description="The bank's id of the message.")
    statement_id: str = Field(description="The bank's id of the statement.")
    sequence: int | None = Field(description="Number of the statement; gaps are warned of.")
    page: int | None = Field(description="Page of a statement that comes in several.")
    opening: AmountText | None = Field(description="Balance before the first entry.")
    closing: AmountText | None = Field(description="Balance after the last entry.")
    balanced: bool | None = Field(
        description="Whether opening balance and entries come to the closing balance; where not,"
        " nothing of it is booked without a person. Null: there are no two balances."
    )
    ends_on: Day | None = Field(description="The day of the closing balance.")
    warnings: tuple[str, ...] = Field(description="What a person should look at.")

    @classmethod
    def of(cls, view: StatementView) -> Self:
        """The answer."""
        return cls(
            message_id=view.message_id,
            statement_id=view.statement_id,
            sequence=view.sequence,
            page=view.page,
            opening=view.opening,
            closing=view.closing,
            balanced=view.balanced,
            ends_on=view.ends_on,
            warnings=tuple(view.warnings),
        )


class BankStatementAnswer(BankStatementSummary):
    """An imported statement file with its statements."""

    contents: tuple[StatementAnswer, ...] = Field(description="Its statements, in their order.")

    @classmethod
    def whole(cls, details: UploadDetails) -> Self:
        """The answer."""
        contents = tuple(StatementAnswer.of(view) for view in details.statements)
        return cls.model_validate({**_kept(details.upload), "contents": contents})


def _kept(upload: UploadView) -> dict[str, object]:
    described = _described(upload.key, upload.bank_iban, upload.report)
    return {**described, "imported_at": upload.imported_at}


def _described(key: UploadKey, iban: str, report: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": key.text,
        "account": iban,
        "file": report["filename"],
        **{name: report[name] for name in _REPORTED},
        # Reports that were kept before did not count these.
        **{name: report.get(name, 0) for name in _COUNTED},
        "files": report.get("files", ()),
    }
