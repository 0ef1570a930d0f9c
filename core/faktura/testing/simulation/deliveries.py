"""The PSP's deliveries to our receiver: late, twice, in another order, lost, and some forged."""

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faktura.domain.inbox import Arrival, InboxChannel
from faktura.kernel.outside_errors import SignatureWrong
from faktura.plugin import ProviderEvent
from faktura.services.arrivals import arrival_of, keep
from faktura.store.database import Database
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.psp import Psp
from faktura.testing.simulation.psp_adapter import NAME, SimulatedDeliveries, delivery_of

_LATE_HOURS = (3, 90)
_AGAIN = timedelta(hours=1)


@dataclass(slots=True)
class Courier:
    """Brings the PSP's events; what was cut off is brought once more (`hand_over` may be repeated)."""

    psp: Psp
    faults: Faults
    met: Met
    source: SimulatedDeliveries
    _sent: int = 0
    _bags: list[tuple[datetime, int, int, bool]] = field(default_factory=list)
    _order: int = 0

    def pack(self, now: datetime) -> None:
        """Plan the deliveries of what happened since the last time."""
        while self._sent < len(self.psp.events):
            event = self.psp.events[self._sent]
            self._sent += 1
            if self.met.happens(self.faults.event_lost, "event_lost", event.id):
                continue
            at = now
            if self.met.happens(self.faults.event_late, "event_late", event.id):
                hours = self.met.chance.between(*_LATE_HOURS, "late-hours", event.id)
                at += timedelta(hours=hours)
            self._push(at, self._sent - 1)
            if self.met.happens(self.faults.event_twice, "event_twice", event.id):
                self._push(at + _AGAIN, self._sent - 1)
            if self.met.happens(self.faults.event_forged, "event_forged", event.id):
                self._push(at, self._sent - 1, forged=True)

    def due(self, now: datetime) -> list[tuple[ProviderEvent, bool]]:
        """What is delivered now, each with whether a stranger forged it."""
        found = []
        while self._bags and self._bags[0][0] <= now:
            _, _, index, forged = heapq.heappop(self._bags)
            found.append((self.psp.events[index], forged))
        return found

    def hand_over(
        self, database: Database, tenant_id: int, events: list[tuple[ProviderEvent, bool]]
    ) -> None:
        """Do what the receiver does: prove, keep, answer; a group of deliveries a transaction."""
        arrivals: list[Arrival] = []
        for event, forged in events:
            delivery = delivery_of([event], forged=forged)
            try:
                read = self.source.read(delivery)
            except SignatureWrong:
                continue
            arrivals += [
                arrival_of(NAME, one, InboxChannel.WEBHOOK, "{}", delivery.body) for one in read
            ]
        if arrivals:
            with database.write(tenant_id) as tx:
                keep(tx, arrivals)

    def _push(self, at: datetime, index: int, *, forged: bool = False) -> None:
        self._order += 1
        # Of one moment they come in any order.
        order = self.met.chance.below(1 << 40, "order", index, self._order)
        heapq.heappush(self._bags, (at, order, index, forged))
