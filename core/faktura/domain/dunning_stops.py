"""Dunning stops: what a person keeps out of dunning, and why (F083)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from faktura.kernel.dunning_terms import StopTarget


@dataclass(frozen=True, slots=True)
class DunningStop:
    """A stop of all of a customer, of what a contract billed, or of one document.

    It holds up to the local day `until`, inclusive, or until somebody lifts it; a lifted one stays
    on record.
    """

    id: UUID
    target: StopTarget
    target_id: UUID
    reason: str
    set_by: str
    set_at: datetime
    until: date | None = None
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    def holds(self, on: date) -> bool:
        """Whether it keeps its target from being dunned on that local day."""
        return self.lifted_at is None and (self.until is None or on <= self.until)
