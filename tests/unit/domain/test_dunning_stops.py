"""How long a dunning stop holds."""

from datetime import UTC, date, datetime
from uuid import UUID

from faktura.domain.dunning_stops import DunningStop
from faktura.kernel.dunning_terms import StopTarget

SET = datetime(2026, 10, 1, 8, tzinfo=UTC)


def stop(**changes: object) -> DunningStop:
    fields: dict[str, object] = {
        "id": UUID(int=1),
        "target": StopTarget.CUSTOMER,
        "target_id": UUID(int=2),
        "reason": "Ratenzahlung",
        "set_by": "mia",
        "set_at": SET,
    }
    return DunningStop(**(fields | changes))  # type: ignore[arg-type]


def test_a_stop_without_an_end_holds_until_it_is_lifted() -> None:
    """Whoever lifts it decides."""
    assert stop().holds(date(2099, 12, 31))
    assert not stop(lifted_at=SET, lifted_by="mia").holds(date(2026, 10, 1))


def test_the_last_day_of_a_stop_belongs_to_it() -> None:
    """It is inclusive."""
    until = stop(until=date(2026, 10, 31))

    assert until.holds(date(2026, 10, 31))
    assert not until.holds(date(2026, 11, 1))
