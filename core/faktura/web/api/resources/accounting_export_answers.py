"""Accounting exports as the API shows them: batches, their files, and what they do not hold."""

from typing import Any, Self

from pydantic import Field

from faktura.flows.exports import ExportReceipt
from faktura.kernel.accounting_terms import BatchState
from faktura.services.export_batches import VoidedBatch
from faktura.services.exports import Waiting
from faktura.store.exports import StoredBatch, StoredFile
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day, Moment


class AccountingExportFileAnswer(Answer):
    """A file of a batch; its bytes have an address of their own."""

    number: int = Field(description="Its place in the batch, from 1: hand files over in order.")
    name: str = Field(description="Its name.")
    media_type: str = Field(description="Its media type.")
    size: int = Field(description="Bytes.")
    rows: int = Field(description="Rows of content.")
    sha256: str = Field(description="Hash of its bytes, hexadecimal.")
    notes: tuple[str, ...] = Field(
        description="What had to be written otherwise than it was booked; a person should look."
    )

    @classmethod
    def of(cls, number: int, file: StoredFile) -> Self:
        """The answer."""
        return cls(
            number=number,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            rows=file.rows,
            sha256=file.sha256,
            notes=file.notes,
        )


class AccountingExportAnswer(Answer):
    """A batch: what it was asked for, its files, and where it stands."""

    target: str = Field(description="Name of the exporter.")
    number: int = Field(description="Number of the batch, counted by target; never used again.")
    start: Day = Field(description="The first accounting date.")
    end: Day = Field(description="The last accounting date, inclusive.")
    state: BatchState = Field(description="VOIDED and FAILED ones hold no entries any more.")
    entries: int = Field(description="Entries that its files hold.")
    payments: bool = Field(description="Whether payments, returns and refunds were asked for.")
    corrections: bool = Field(description="Whether corrections and credit notes were.")
    deferrals: bool = Field(description="Whether deferrals of revenue were.")
    debtors: bool = Field(description="Whether the customers' master data was.")
    files: tuple[AccountingExportFileAnswer, ...] = Field(
        description="Its files, in the order in which they are to be handed over."
    )
    created_at: Moment = Field(description="When it was made.")
    void_reason: str | None = Field(description="Why it was taken back; null: it was not.")
    voided_at: Moment | None = Field(description="When it was taken back.")

    @classmethod
    def of(cls, batch: StoredBatch) -> Self:
        """The answer."""
        return cls(
            target=batch.target,
            number=batch.number,
            start=batch.start,
            end=batch.end,
            state=batch.state,
            entries=batch.entries,
            **batch.options.model_dump(),
            files=tuple(
                AccountingExportFileAnswer.of(number, file)
                for number, file in enumerate(batch.files, 1)
            ),
            created_at=batch.created_at,
            void_reason=batch.void_reason,
            voided_at=batch.voided_at,
        )


class MissingAccountAnswer(Answer):
    """An account that nobody set."""

    key: str = Field(description="Its key, as it is set.")
    drafts: int = Field(description="Entries that wait for it.")


class AccountingExportMade(Answer):
    """What an export made, and what it does not hold though somebody may expect it."""

    export: AccountingExportAnswer | None = Field(
        description="The batch; null: no entry of these days is left."
    )
    drafts: int = Field(description="Entries of these days that wait for an account.")
    missing: tuple[MissingAccountAnswer, ...] = Field(description="The accounts they wait for.")
    late: int = Field(
        description="Entries of other days that came in after those days were exported."
    )
    deferrals_due: int = Field(
        description="Deferrals of which a month of these days is not posted yet."
    )

    @classmethod
    def of_receipt(cls, receipt: ExportReceipt) -> Self:
        """The answer."""
        batch = receipt.batch
        made = None if batch is None else AccountingExportAnswer.of(batch)
        return cls(export=made, **_waiting(receipt.waiting))


class AccountingExportVoided(Answer):
    """A batch that was taken back."""

    export: AccountingExportAnswer
    freed: int = Field(description="Entries that go out with a later batch.")
    handed_over: bool = Field(
        description="Whether the other side has it, or may have it: it must be deleted there."
    )

    @classmethod
    def of_voided(cls, done: VoidedBatch) -> Self:
        """The answer."""
        export = AccountingExportAnswer.of(done.batch)
        return cls(export=export, freed=done.freed, handed_over=done.handed_over)


def _waiting(waiting: Waiting) -> dict[str, Any]:
    return {
        "drafts": waiting.drafts,
        "missing": tuple(
            MissingAccountAnswer(key=key, drafts=count) for key, count in waiting.missing
        ),
        "late": waiting.late,
        "deferrals_due": waiting.deferrals,
    }
