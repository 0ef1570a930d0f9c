"""The history of a contract: its events in their order."""

from typing import Annotated, Any, Self

from pydantic import Field, WithJsonSchema

from faktura.domain.api_keys import Scope
from faktura.services.contract_history import contract_history as read_history
from faktura.store.event_lists import PastEvent
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import Moment

CONTRACT_HISTORY = Resource(
    "ContractHistory", "What happened to a contract; sealed, never changed."
)

Told = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})]


class PastEventAnswer(Answer):
    """Something that happened."""

    sequence: int = Field(description="Counts the contract's events from 1.")
    type: str = Field(description="What happened, as webhooks call it.")
    occurred_at: Moment = Field(description="When it was recorded.")
    data: Told = Field(description="What was told of it; its fields are those of the type.")

    @classmethod
    def of(cls, event: PastEvent) -> Self:
        """The answer."""
        return cls(
            sequence=event.sequence,
            type=event.type,
            occurred_at=event.occurred_at,
            data=dict(event.data),
        )


@CONTRACT_HISTORY.get("/Contracts/{contractNumber}/History", Scope.CONTRACTS_READ)
def contract_history(call: Call[Paged, Nothing]) -> Page[PastEventAnswer]:
    """The contract's events from the first one on, a page at a time."""
    query = call.query
    found = read_history(
        call.tx,
        call.path["contractNumber"],
        projects=call.access.projects,
        after=query.after_count(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(str(one.sequence)), PastEventAnswer.of)
