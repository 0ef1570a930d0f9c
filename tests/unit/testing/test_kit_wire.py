"""The kit's own parts: a wire that breaks as it says, surroundings that keep and tell."""

from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from faktura.kernel.outside_errors import OutcomeUnknown, OutsideUnavailable
from faktura.plugin import Http, HttpAnswer, HttpRequest
from faktura.testing.kit.source_rules import reads_system_clock
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings
from faktura.testing.kit.wire import Fault, Wire

ASKED = HttpRequest("GET", "https://psp.example/charges")


@dataclass
class Reached(Http):
    """Another side that counts what reaches it."""

    requests: list[HttpRequest] = field(default_factory=list)

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        self.requests.append(request)
        return HttpAnswer(200, {}, b"0123456789")


async def test_a_request_that_was_not_sent_never_reaches_the_other_side():
    """And it is kept: a scenario counts how often a connector tried."""
    reached = Reached()
    wire = Wire(reached)
    wire.fail_next(Fault.NOT_SENT)

    with pytest.raises(OutsideUnavailable):
        await wire.request(ASKED)

    assert (reached.requests, wire.sent) == ([], [ASKED])
    assert (await wire.request(ASKED)).body == b"0123456789"


async def test_a_lost_answer_did_its_work():
    """The money moved, nobody knows."""
    reached = Reached()
    wire = Wire(reached, always=Fault.ANSWER_LOST)

    with pytest.raises(OutcomeUnknown):
        await wire.request(ASKED)

    assert reached.requests == [ASKED]


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.CUT, 200, b"01234"),
        (Fault.GARBAGE, 200, b"<html>"),
        (Fault.SERVER_ERROR, 500, b"<html>"),
        (Fault.THROTTLED, 429, b"<html>"),
    ],
)
async def test_a_broken_answer_comes_after_the_work(fault, status, body):
    """The other side was reached each time."""
    reached = Reached()
    wire = Wire(reached)
    wire.fail_next(fault)

    answer = await wire.request(ASKED)

    assert len(reached.requests) == 1
    assert answer.status == status
    assert answer.body.startswith(body)


def test_what_a_connector_logs_is_read():
    """A secret in a line is found, whatever stands around it."""
    around = Surroundings()
    runtime = around.runtime()

    runtime.log.debug("asking with %s", "sk_live_4711")
    runtime.log.warning("asking again")

    assert around.log.secrets_in(["sk_live_4711", ""]) == ["DEBUG asking with sk_live_4711"]
    assert runtime.clock.now() == KIT_NOW


def test_state_comes_back_as_json():
    """As the core keeps it: not as the object that was put."""
    state = Surroundings().runtime().state
    value: dict[str, object] = {"cursor": [1]}
    state.put("events", value)
    value["cursor"] = [2]

    assert state.get("events") == {"cursor": [1]}
    assert state.get("nothing") is None


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("datetime.now(UTC)", ["own/clock.py:1"]),
        ("now = datetime.datetime.utcnow", ["own/clock.py:1"]),
        ("time.time()", ["own/clock.py:1"]),
        ("date.today()", ["own/clock.py:1"]),
        ("self.runtime.clock.now()", []),
        ("time.monotonic()", []),
    ],
)
def test_who_asks_the_system_for_the_time_is_found(tmp_path, line, places):
    """By the source: a branch that no test runs counts, too."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own/clock.py").write_text(line)

    assert reads_system_clock(tmp_path / "own") == places
