"""Dunning stops: customers, contracts and documents that are kept out of dunning."""

from typing import Self
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.dunning_terms import StopTarget
from faktura.services.dunning_stops import lift_stop, set_stop
from faktura.services.imports.dunning_fields import DunningStopFields
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Flag
from faktura.store.dunning_stops import ListedStop, StopFilter, list_stops, read_stop
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Answer, Created, Page, page
from faktura.web.api.shapes import Day, Moment

DUNNING_STOPS = Resource("DunningStops", "What is kept out of dunning, and why.")

_ONE = "/DunningStops/{stopId}"


class DunningStopQuery(Paged):
    """Which stops."""

    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    holding: Flag = Field(default=False, description="Only those that hold today.")


class DunningStopAnswer(Answer):
    """A stop of all of a customer, of what a contract billed, or of one document."""

    stop_id: UUID = Field(description="What names the stop in addresses.")
    target: StopTarget
    number: str = Field(description="The customer's, the contract's or the document's number.")
    customer_number: str = Field(description="Whose claims are stopped.")
    until: Day | None = Field(description="The last day of the stop; null: until it is lifted.")
    reason: str = Field(description="Why.")
    set_by: str = Field(description="Who set it.")
    set_at: Moment = Field(description="When.")
    lifted_by: str | None = Field(description="Who lifted it; null where nobody did.")
    lifted_at: Moment | None = Field(description="When it was lifted.")

    @classmethod
    def of(cls, listed: ListedStop) -> Self:
        """The answer."""
        stop = listed.stop
        return cls(
            stop_id=stop.id,
            target=stop.target,
            number=listed.number,
            customer_number=listed.customer_number,
            until=stop.until,
            reason=stop.reason,
            set_by=stop.set_by,
            set_at=stop.set_at,
            lifted_by=stop.lifted_by,
            lifted_at=stop.lifted_at,
        )


@DUNNING_STOPS.get("/DunningStops", Scope.DUNNING_READ)
def dunning_stop_list(call: Call[DunningStopQuery, Nothing]) -> Page[DunningStopAnswer]:
    """Stops, newest first, a page at a time; lifted ones too."""
    query = call.query
    wanted = StopFilter(query.customer_number, call.today if query.holding else None)
    found = list_stops(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.stop.id)), DunningStopAnswer.of)


@DUNNING_STOPS.post("/DunningStops", Scope.DUNNING_WRITE)
def dunning_stop_create(call: Call[Nothing, DunningStopFields]) -> Created[DunningStopAnswer]:
    """Keep a customer, a contract or a document out of dunning from the next run on."""
    made = set_stop(call.tx, call.tenant, call.body, by=call.access.key.name)
    return Created(DunningStopAnswer.of(made), f"/DunningStops/{made.stop.id}")


@DUNNING_STOPS.get(_ONE, Scope.DUNNING_READ)
def dunning_stop_get(call: Call[Nothing, Nothing]) -> DunningStopAnswer:
    """One stop."""
    return DunningStopAnswer.of(read_stop(call.tx, id_of(call.path, "stopId")))


@DUNNING_STOPS.post(f"{_ONE}/lift", Scope.DUNNING_WRITE)
def dunning_stop_lift(call: Call[Nothing, Nothing]) -> DunningStopAnswer:
    """Dun it again from the next run on; the stop stays on record."""
    stop_id = id_of(call.path, "stopId")
    return DunningStopAnswer.of(lift_stop(call.tx, stop_id, by=call.access.key.name))
