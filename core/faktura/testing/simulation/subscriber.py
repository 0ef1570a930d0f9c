"""The simulated subscriber: takes facts and keeps them; customers learn here what they are to pay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import EventData, EventListener
from faktura.testing.simulation.counting import Met
from faktura.testing.simulation.faults import Faults
from faktura.testing.simulation.mortality import Process
from faktura.testing.simulation.outside import SubscriberBooks, TakenDelivery
from faktura.testing.simulation.weather import Weather

_AWAY = 1_800


@dataclass(slots=True)
class Subscriber:
    """Who listens: `news` are the facts that were not looked at yet, each once, in their order."""

    books: SubscriberBooks
    weather: Weather
    faults: Faults
    process: Process
    met: Met
    news: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)
    asked: int = 0
    _known: set[str] = field(default_factory=set)

    def take(self, event: EventData) -> None:
        """Take a fact; raises OutsideUnavailable where it does not, or where its yes is lost."""
        self.process.step()
        self.asked += 1
        if self.weather.is_away("subscriber"):
            raise OutsideUnavailable("the subscriber is away", retry_after=_AWAY)
        if self.met.happens(self.faults.told_refused, "told_refused", self.asked):
            raise OutsideUnavailable("the subscriber has no time")
        self._keep(event)
        self.process.step()
        if self.met.happens(self.faults.told_answer_lost, "told_answer_lost", self.asked):
            raise OutsideUnavailable("the answer was lost")

    def read_news(self) -> list[tuple[str, Mapping[str, object]]]:
        """What is new since the last time."""
        new, self.news = self.news, []
        return new

    def _keep(self, event: EventData) -> None:
        name = str(event.delivery_id)
        self.books.taken.append(TakenDelivery(name, event.type, event.object_id, event.sequence))
        if name not in self._known:
            self._known.add(name)
            self.news.append((event.type, event.data))


class SimulatedListener(EventListener):
    """Hands every fact to the subscriber."""

    listens_to: ClassVar[frozenset[str]] = frozenset()
    subscriber: ClassVar[Subscriber]

    @override
    async def handle(self, event: EventData) -> None:
        """Hand it on."""
        self.subscriber.take(event)


def listener_class(subscriber: Subscriber) -> type[SimulatedListener]:
    """The listener of that subscriber, as a plugin offers it."""
    return type("TellingListener", (SimulatedListener,), {"subscriber": subscriber})
