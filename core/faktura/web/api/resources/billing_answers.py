"""Billing runs as the API shows them: where they stand, what they held back, what they would do."""

from collections.abc import Mapping
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from faktura.kernel.errors import UnexpectedFailure
from faktura.kernel.terms import RunState
from faktura.store.billing_lists import RunView
from faktura.store.quarantine import Quarantined
from faktura.web.api.replies import Answer
from faktura.web.api.resources.preview_answers import InvoicePreview
from faktura.web.api.shapes import Day, Moment

# What exactly failed inside is for those who run the installation.
_DEFECT = "a defect of faktura's own; `faktura billing quarantine` says more"


class BillingRunAnswer(Answer):
    """A billing run, what it looks at and how far it is; its counts grow until it is DONE."""

    id: UUID = Field(description="Id of the run.")
    date: Day = Field(description="The day that is billed: invoices bear it.")
    projects: tuple[str, ...] | None = Field(
        description="Keys of the projects that it looks at; null: all of the tenant."
    )
    customer_number: str | None = Field(description="The one customer it looks at; null: all.")
    contract_number: str | None = Field(description="The one contract it looks at; null: all.")
    state: RunState
    planned_contracts: int = Field(description="Contracts that were due when it was planned.")
    contracts: int = Field(description="Contracts it has looked at so far.")
    invoices: int = Field(description="Documents it has issued so far.")
    quarantined: int = Field(description="Contracts it had to leave for a person so far.")
    chunks: int = Field(description="Parts it is divided into.")
    chunks_done: int = Field(description="Parts that are done.")
    started_at: Moment = Field(description="When it was planned.")
    finished_at: Moment | None = Field(description="When it was done; null: not yet.")

    @classmethod
    def of(cls, run: RunView) -> Self:
        """The answer."""
        totals = run.totals
        return cls(
            id=run.id,
            date=run.run_date,
            projects=run.scope.projects,
            customer_number=run.scope.customer,
            contract_number=run.scope.contract,
            state=run.state,
            planned_contracts=run.planned_contracts,
            contracts=totals.contracts,
            invoices=totals.documents,
            quarantined=totals.quarantined,
            chunks=totals.chunks,
            chunks_done=totals.chunks_done,
            started_at=run.started_at,
            finished_at=run.finished_at,
        )


class QuarantineAnswer(Answer):
    """A contract that could not be billed, and what to do about it; the next run tries again."""

    contract_number: str = Field(description="The contract.")
    customer_number: str = Field(description="Its customer.")
    date: Day = Field(description="The day of the run that could not bill it.")
    error_key: str = Field(description="Stable name of the kind of error.")
    error_message: str = Field(description="What is wrong, for people.")
    place: str = Field(description="Where it is wrong; may be empty.")
    mend: str = Field(description="What to do about it; may be empty.")
    since: Moment = Field(description="When it was put aside.")

    @classmethod
    def of(cls, one: Quarantined) -> Self:
        """The answer."""
        return cls(
            contract_number=one.contract_number,
            customer_number=one.customer_number,
            date=one.run_date,
            error_key=one.code,
            error_message=_told(one.code, one.problem),
            place=one.place,
            mend=one.mend,
            since=one.since,
        )


class RunPreview(Answer):
    """What a run would make of a contract: an invoice, or a problem that would keep it back."""

    contract_number: str | None = Field(
        description="The contract; null for a collective invoice, which names all its own (F053)."
    )
    customer_number: str = Field(description="Its customer.")
    invoice: InvoicePreview | None = Field(description="What would be issued.")
    document_format: str | None = Field(
        description="The format it would be issued in; null: none, or nothing could be issued."
    )
    warnings: tuple[str, ...] = Field(
        description="What the format's rules warn about; it would be issued all the same."
    )
    problem: str | None = Field(description="Why nothing could be issued, and what to do.")

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The answer to an invoice in plain data, or to a row with a `problem`."""
        problem = row.get("problem")
        return cls(
            contract_number=_number(row),
            customer_number=str(row["customerNumber"]),
            invoice=InvoicePreview.of(row) if problem is None else None,
            document_format=row.get("documentFormat"),
            warnings=tuple(row.get("warnings", ())),
            problem=None if problem is None else _told(row["errorKey"], str(problem)),
        )


def _number(row: Mapping[str, object]) -> str | None:
    number = row["contractNumber"]
    return None if number is None else str(number)


def _told(error_key: object, problem: str) -> str:
    return _DEFECT if error_key == UnexpectedFailure.code else problem
