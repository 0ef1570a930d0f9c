"""What answers say of deliveries: a fact on its way to one subscriber, and the log of its tries."""

from collections.abc import Mapping
from typing import Self
from uuid import UUID

from pydantic import Field, JsonValue

from faktura.domain.deliveries import DeliveryRow, LogEntry
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.deliveries import DeliveryDetails
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Moment


class DeliverySummary(Answer):
    """A fact on its way to one subscriber."""

    delivery_id: UUID = Field(description="What the subscriber tells a repeat by.")
    subscriber: str = Field(
        description="`webhook:` and the endpoint's id without dashes, or the name of a listener."
    )
    state: DeliveryState = Field(
        description="DEAD: tried for three days and not taken; it waits for a person."
    )
    type: str = Field(description="The fact, e.g. INVOICE_CREATED.")
    object_type: str = Field(description="What it is about.")
    object_id: UUID = Field(description="Which one.")
    number: str | None = Field(description="The object's number; null where it has none.")
    customer_number: str | None = Field(
        description="Whom it concerns: a customer's facts arrive in order; null: no customer."
    )
    sequence: int = Field(description="The object's facts counted from 1.")
    occurred_at: Moment = Field(description="When it happened.")
    attempts: int = Field(description="How often it was tried, since it was last sent again.")
    due_at: Moment | None = Field(description="When it is tried next; null: it is not.")
    delivered_at: Moment | None = Field(description="When it was taken.")
    problem: str | None = Field(description="Why the last try failed.")

    @classmethod
    def of(cls, row: DeliveryRow) -> Self:
        """The answer."""
        return cls.model_validate(_fields(row))


class DeliveryLogEntry(Answer):
    """A try with its answer; or, where somebody asked for it to be sent again, who that was."""

    no: int = Field(description="Counted from 1.")
    at: Moment = Field(description="When it began.")
    taken: bool = Field(description="Whether the subscriber took it.")
    status: int | None = Field(description="The HTTP status of the answer; null: there was none.")
    answer: str = Field(
        description="The beginning of what the subscriber said; where it said nothing, why."
    )
    milliseconds: int = Field(description="How long it took.")
    asked_by: str | None = Field(description="Who had it sent again; null: this is a try.")

    @classmethod
    def of(cls, entry: LogEntry) -> Self:
        """The answer."""
        return cls(
            no=entry.no,
            at=entry.at,
            taken=entry.taken,
            status=entry.status,
            answer=entry.answer,
            milliseconds=entry.milliseconds,
            asked_by=entry.asked_by,
        )


class DeliveryAnswer(DeliverySummary):
    """A delivery with what it says and the log of its tries."""

    body: Mapping[str, JsonValue] = Field(description="What is sent, as it would be sent now.")
    log: tuple[DeliveryLogEntry, ...] = Field(
        description="Tries and wishes of the last 90 days, in their order."
    )

    @classmethod
    def with_log(cls, details: DeliveryDetails) -> Self:
        """The answer."""
        told = {
            "body": details.body,
            "log": tuple(DeliveryLogEntry.of(entry) for entry in details.log),
        }
        return cls.model_validate(_fields(details.row) | told)


class ResentAnswer(Answer):
    """How much is sent again."""

    deliveries: int = Field(description="So many are on their way again.")


def _fields(row: DeliveryRow) -> dict[str, object]:
    return {
        "delivery_id": row.id,
        "subscriber": row.subscriber,
        "state": row.state,
        "type": row.type,
        "object_type": row.object_type,
        "object_id": row.object_id,
        "number": row.number,
        "customer_number": row.customer_number,
        "sequence": row.sequence,
        "occurred_at": row.occurred_at,
        "attempts": row.attempts,
        "due_at": row.due_at,
        "delivered_at": row.delivered_at,
        "problem": row.error.get("problem"),
    }
