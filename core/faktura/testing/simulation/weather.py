"""Which outside is away when: an outage begins on a day by chance and lasts for hours or days."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faktura.kernel.clock import Clock
from faktura.testing.simulation.chance import Chance

_SHORTEST, _LONGEST = 2, 60


@dataclass(slots=True)
class Weather:
    """The outages; `chances` are by name of the outside, in ten-thousandths a day."""

    clock: Clock
    chance: Chance
    chances: dict[str, int]
    away_until: dict[str, datetime] = field(default_factory=dict)

    def begin_day(self) -> list[str]:
        """Let outages begin; the names of those that do."""
        now, begun = self.clock.now(), []
        for name, chance in self.chances.items():
            if not self.is_away(name) and self.chance.happens(chance, "outage", name, now.date()):
                hours = self.chance.between(_SHORTEST, _LONGEST, "outage-hours", name, now.date())
                self.away_until[name] = now + timedelta(hours=hours)
                begun.append(name)
        return begun

    def is_away(self, name: str) -> bool:
        """Whether that outside does not answer now."""
        until = self.away_until.get(name)
        return until is not None and self.clock.now() < until
