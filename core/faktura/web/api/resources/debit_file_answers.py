"""Files of debits as the API shows them, and what they leave out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from faktura.domain.debit_files import KeptFile
from faktura.flows.debit_files import Made
from faktura.kernel.payment_terms import AttemptState, FileState, MandateScheme
from faktura.services.debit_files import FileView
from faktura.services.debit_items import LeftOut
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import AmountText, Currency, Day, Moment


class DebitFileAnswer(Answer):
    """A file of debits for the bank."""

    account: str = Field(description="The account that collects.")
    number: int = Field(description="Its number, counted by account; never used again.")
    state: FileState = Field(description="A cancelled one's debits are free again.")
    message_id: str = Field(description="Under which the bank and its statements know it.")
    filename: str = Field(description="Its name.")
    sha256: str = Field(description="Hash of its bytes, hexadecimal.")
    debits: int = Field(description="How many it holds.")
    total: AmountText = Field(description="Their sum.")
    currency: Currency
    scheme: MandateScheme
    first_due_on: Day = Field(description="When the first of them is collected.")
    last_due_on: Day = Field(description="When the last of them is collected.")
    submit_until: Moment = Field(description="Until when the bank takes it, exclusive.")
    is_late: bool = Field(description="Whether it was not handed in by then.")
    created_at: Moment = Field(description="When it was made.")
    handed_in_at: Moment | None = Field(description="When it was handed in.")
    cancelled_at: Moment | None = Field(description="When it was cancelled.")
    reason: str | None = Field(description="Why it was cancelled.")

    @classmethod
    def of(cls, file: KeptFile, now: datetime) -> Self:
        """The answer."""
        return cls(**_fields(file, now))


class DebitAnswer(Answer):
    """A debit of a file; its end-to-end id is the id of its payment attempt, without hyphens."""

    invoice_number: str = Field(description="What it collects.")
    attempt_id: UUID = Field(description="Its payment attempt.")
    amount: AmountText = Field(description="What is collected, in the file's currency.")
    state: AttemptState = Field(description="PENDING until a statement settles or returns it.")


class DebitFileDetailAnswer(DebitFileAnswer):
    """A file of debits with what became of each."""

    items: tuple[DebitAnswer, ...] = Field(description="In the order of the file.")
    changed: tuple[str, ...] = Field(
        description="Documents of which another amount is open by now: cancel the file if the bank"
        " does not have it."
    )

    @classmethod
    def of_view(cls, view: FileView, now: datetime) -> Self:
        """The answer."""
        items = tuple(
            DebitAnswer(
                invoice_number=number, attempt_id=one.id, amount=one.amount, state=one.state
            )
            for one, number in view.debits
        )
        return cls(**_fields(view.file, now), items=items, changed=view.changed)


class LeftOutAnswer(Answer):
    """A debit that is in no file."""

    invoice_number: str = Field(description="What it collects.")
    amount: AmountText = Field(description="What is open of it.")
    reason: str = Field(description="Why, and what to do.")


class DebitFilesMade(Answer):
    """What was made of the waiting debits, and what they leave out."""

    files: tuple[DebitFileAnswer, ...] = Field(description="The new files; none where none waits.")
    late: tuple[str, ...] = Field(
        description="Documents that are collected later than wished: their day cannot be reached."
    )
    later: tuple[LeftOutAnswer, ...] = Field(description="Debits that the bank does not take yet.")
    spoilt: tuple[LeftOutAnswer, ...] = Field(
        description="Debits that wait until a person mends them; a task asks for it."
    )
    over: tuple[LeftOutAnswer, ...] = Field(
        description="Debits that were given up: the next run collects their documents anew."
    )

    @classmethod
    def of_made(cls, made: Sequence[Made], now: datetime) -> Self:
        """The answer."""
        return cls(
            files=tuple(DebitFileAnswer.of(file, now) for one in made for file in one.files),
            late=tuple(number for one in made for number in one.late),
            later=_left([left for one in made for left in one.later]),
            spoilt=_left([left for one in made for left in one.spoilt]),
            over=_left([left for one in made for left in one.over]),
        )


def _left(left: Sequence[LeftOut]) -> tuple[LeftOutAnswer, ...]:
    return tuple(
        LeftOutAnswer(
            invoice_number=one.waiting.number,
            amount=one.waiting.attempt.amount,
            reason=one.reason,
        )
        for one in left
    )


def _fields(file: KeptFile, now: datetime) -> dict[str, Any]:
    return {
        "account": file.instance,
        "number": file.no,
        "state": file.state,
        "message_id": file.message_id,
        "filename": file.filename,
        "sha256": file.digest.hex(),
        "debits": file.items,
        "total": file.total,
        "currency": file.total.currency,
        "scheme": file.scheme,
        "first_due_on": file.first_due_on,
        "last_due_on": file.last_due_on,
        "submit_until": file.submit_until,
        "is_late": file.is_late(now),
        "created_at": file.created_at,
        "handed_in_at": file.handed_in_at,
        "cancelled_at": file.cancelled_at,
        "reason": file.reason,
    }
