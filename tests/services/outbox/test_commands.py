"""`faktura outbox`: list, show, log, dead, resend, as text and as JSON (P48)."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from click.testing import CliRunner
from tests.services.outbox.scene import (
    FIRST,
    HEARD,
    PAID,
    REFUSED,
    SECOND,
    Everything,
    deliveries,
    happened,
    rounds,
    rows,
    state,
    task_subjects,
    told,
    waiting,
    work_off,
)

from faktura.cli import outbox as commands
from faktura.domain.deliveries import DeliveryFilter
from faktura.domain.events import Event, EventType
from faktura.domain.jobs import JobName
from faktura.domain.tenants import Tenant
from faktura.domain.webhooks import Endpoint
from faktura.kernel.errors import NotFound, TransitionRefused
from faktura.kernel.outbox_terms import DeliveryState
from faktura.services.deliveries import resend, resend_range
from faktura.services.handing_out import hand_out
from faktura.store.database import Database
from faktura.store.tenants import read_tenant
from faktura.store.webhooks import remove_endpoint, write_endpoint

NAME = "example.Everything"
DAYS = timedelta(days=1)


@dataclass
class App:
    """As much of the application as the commands need."""

    database: Database

    def tenant(self, key: str | None) -> Tenant:
        """Tenant 1, unless the other one is named."""
        with self.database.read({None: 1, "tenant-2": 2}[key]) as tx:
            return read_tenant(tx)


@pytest.fixture
def run(database, monkeypatch):
    """Run `faktura outbox …` on this database and return what it writes."""
    monkeypatch.setattr(commands, "running", lambda: nullcontext(App(database)))
    monkeypatch.setattr(commands, "operator", lambda: "mia")

    def call(*words: str, code: int = 0):
        done = CliRunner().invoke(commands.outbox, words, catch_exceptions=False)
        assert done.exit_code == code, done.output
        return done.output

    return call


@pytest.fixture
async def context(database, context_with, clock):
    """A delivered fact of K-1, one of K-2 that is dead, one of a day later that waits."""
    HEARD.clear()
    REFUSED.clear()
    context = context_with(Everything)
    told(context, happened(FIRST, 1, number="RE-1", customerNumber="K-1"))
    REFUSED.add(SECOND)
    told(context, happened(SECOND, 1, PAID, number="RE-2", customerNumber="K-2"))
    await work_off(context)
    await rounds(context, clock, 10, every=DAYS)
    told(context, happened(FIRST, 2, PAID, number="RE-1", customerNumber="K-1"))
    return context


def shown(output: str, *fields: str) -> list[tuple[object, ...]]:
    """These fields of each record."""
    return [tuple(one[field] for field in fields) for one in json.loads(output)]


def test_deliveries_are_listed_newest_first(run, context):
    """Number, customer, where each stands, and when it is tried next."""
    listed = shown(run("list", "--json"), "type", "number", "customerNumber", "state", "attempts")

    assert listed == [
        ("INVOICE_PAYMENT_RECEIVED", "RE-1", "K-1", "PENDING", 0),
        ("INVOICE_PAYMENT_RECEIVED", "RE-2", "K-2", "DEAD", 10),
        ("INVOICE_CREATED", "RE-1", "K-1", "DELIVERED", 1),
    ]
    assert "INVOICE_CREATED" in run("list", "--limit", "3")
    assert run("list", "--tenant", "tenant-2") == "No deliveries.\n"


def test_whatever_happens_to_a_customer_is_listed_by_its_number(run, context_with):
    """Its changes say it as that of whom they concern."""
    data: dict[str, object] = {"customerNumber": "K-1"}
    told(context_with(Everything), Event(EventType.CUSTOMER_CHANGED, "customer", FIRST, 1, data))

    assert shown(run("list", "--json"), "number", "customerNumber") == [("K-1", "K-1")]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["--state", "DEAD"], ["RE-2"]),
        (["--state", "DEAD", "--state", "DELIVERED"], ["RE-2", "RE-1"]),
        (["--type", "INVOICE_CREATED"], ["RE-1"]),
        (["--customer", "K-2"], ["RE-2"]),
        (["--subscriber", NAME], ["RE-1", "RE-2", "RE-1"]),
        (["--subscriber", NAME, "--customer", "K-3"], []),
        (["--since", "2026-11-01"], ["RE-1"]),
        (["--until", "2026-10-31T09:00:01"], ["RE-2", "RE-1"]),
        (["--until", "2026-10-31T08:00:00+00:00"], []),
        (["--limit", "1"], ["RE-1"]),
    ],
)
def test_a_list_is_narrowed(run, context, words, numbers):
    """By subscriber, state, type, customer and moment, in the tenant's time or with an offset."""
    assert [number for (number,) in shown(run("list", "--json", *words), "number")] == numbers


@pytest.mark.parametrize("command", ["list", "dead"])
@pytest.mark.parametrize("name", ["example.Nobody", str(UUID(int=7))])
def test_a_list_of_a_subscriber_that_never_was_is_refused(run, context, command, name):
    """A mistaken name must not read as if nothing had gone wrong."""
    with pytest.raises(NotFound, match=f"nothing was ever on its way to {name}"):
        run(command, "--subscriber", name)


def test_an_endpoint_is_named_as_the_list_of_webhooks_does(run, context, clock):
    """By its id alone, given and shown; until something goes its way, its list is empty."""
    endpoint = Endpoint(UUID(int=7), "https://hooks.example.com/", clock.now())
    with context.database.write(1) as tx:
        write_endpoint(tx, endpoint)
    before = run("list", "--subscriber", str(endpoint.id))
    seal = state(context.database, happened(UUID(int=8), 1))
    with context.database.write(1) as tx:
        hand_out(tx, seal, {endpoint.subscriber: frozenset()})

    table = run("list", "--subscriber", str(endpoint.id))

    assert before == "No deliveries.\n"
    assert table.count(str(endpoint.id)) == 1
    assert "webhook:" not in table
    ((record, name),) = shown(
        run("list", "--subscriber", str(endpoint.id), "--json"), "id", "subscriber"
    )
    assert name == endpoint.subscriber
    assert str(endpoint.id) in run("show", str(record))
    assert run("resend", str(record)).endswith(f"on its way again to {endpoint.id}.\n")


def test_what_is_dead_is_listed_with_its_reason(run, context):
    """The list a person works through."""
    ((number, problem),) = shown(run("dead", "--json"), "number", "problem")

    assert (number, problem) == ("RE-2", "ConnectionError: the other side is away")
    assert "the other side is away" in run("dead")


def test_a_delivery_is_shown_with_what_it_says_and_its_log(run, context):
    """The log holds every try and its answer."""
    first = str(rows(context.database)[0].id)

    record = json.loads(run("show", first, "--json"))
    log = json.loads(run("log", first, "--json"))

    assert record["body"]["data"] == {"number": "RE-1", "customerNumber": "K-1"}
    assert record["body"]["id"] == record["id"] == first
    assert record["log"] == log
    assert [(one["no"], one["taken"], one["askedBy"]) for one in log] == [(1, True, None)]
    assert '"type": "INVOICE_CREATED"' in run("show", first)
    assert "yes" in run("log", first)
    assert "not tried yet" in run("log", str(rows(context.database)[2].id))


async def test_a_dead_one_is_sent_again_and_the_log_says_by_whom(run, context):
    """Under the same id, with ten tries before it; the task is done with it."""
    dead = rows(context.database)[1]
    before = task_subjects(context.database)
    REFUSED.clear()

    said = run("resend", str(dead.id))
    await work_off(context)

    assert said == f"INVOICE_PAYMENT_RECEIVED is on its way again to {NAME}.\n"
    assert before == [("DELIVERY_DEAD", NAME)]
    assert task_subjects(context.database) == []
    assert [one.delivery_id for one in HEARD if one.object_id == SECOND] == [dead.id]
    log = json.loads(run("log", str(dead.id), "--json"))
    assert [(one["no"], one["askedBy"]) for one in log[9:]] == [(10, None), (11, "mia"), (12, None)]
    assert deliveries(context.database)[1] == (SECOND, 1, NAME, "DELIVERED", 1)


async def test_what_was_taken_is_sent_again_under_its_id(run, context):
    """Its receiver lost it; what was delivered at first stands in the log."""
    first = rows(context.database)[0]

    again = json.loads(run("resend", str(first.id), "--json"))
    await work_off(context)

    assert (again["state"], again["deliveredAt"]) == ("PENDING", None)
    ids = [one.delivery_id for one in HEARD]
    assert ids.count(first.id) == 2


async def test_a_span_of_time_is_sent_again_in_order(run, context):
    """From the beginning of October, whatever became of it; the facts come in their order."""
    REFUSED.clear()
    HEARD.clear()

    said = run("resend", "--subscriber", NAME, "--from", "2026-10-01")
    await work_off(context)

    assert said == "3 deliveries are on their way again.\n"
    assert [(one.object_id, one.sequence) for one in HEARD if one.object_id == FIRST] == [
        (FIRST, 1),
        (FIRST, 2),
    ]
    assert {row[3] for row in deliveries(context.database)} == {"DELIVERED"}


def test_only_what_is_dead_of_a_span_is_sent_again(run, context):
    """`--dead` leaves alone what was taken; a span without any changes nothing."""
    words = ("resend", "--subscriber", NAME, "--from", "2026-10-01", "--json")

    assert json.loads(run(*words, "--dead", "--until", "2026-10-02")) == {"deliveries": 0}
    assert json.loads(run(*words, "--dead", "--until", "2026-12-01")) == {"deliveries": 1}
    assert [row[3] for row in deliveries(context.database)] == ["DELIVERED", "PENDING", "PENDING"]


@pytest.mark.parametrize(
    "words",
    [
        ["resend"],
        ["resend", "--subscriber", NAME],
        ["resend", "--from", "2026-10-01"],
        ["resend", str(FIRST), "--dead"],
        ["resend", str(FIRST), "--subscriber", NAME],
        ["resend", "--subscriber", NAME, "--from", "yesterday"],
        ["list", "--since", "soon"],
        ["resend", "no-id"],
    ],
)
def test_a_request_that_does_not_say_what_is_refused(run, context, words):
    """Nothing is sent again by mistake."""
    run(*words, code=2)

    assert [row[3] for row in deliveries(context.database)] == ["DELIVERED", "DEAD", "PENDING"]


def test_what_is_not_there_is_not_sent_again(context):
    """Neither a delivery of another tenant, nor to a subscriber that never got any (P50)."""
    (first, *_) = rows(context.database)
    everything = DeliveryFilter()

    with context.database.write(2) as tx, pytest.raises(NotFound, match="there is no delivery"):
        resend(tx, first.id, by="mia")
    for tenant_id, name in ((2, NAME), (1, "example.Nobody")):
        with context.database.write(tenant_id) as tx, pytest.raises(NotFound, match="nothing was"):
            resend_range(tx, name, everything, by="mia")


def test_nothing_is_sent_again_to_an_endpoint_that_was_removed(context, clock):
    """It would wait for ever."""
    endpoint = Endpoint(UUID(int=7), "https://hooks.example.com/", clock.now())
    seal = state(context.database, happened(UUID(int=8), 1))
    with context.database.write(1) as tx:
        write_endpoint(tx, endpoint)
        hand_out(tx, seal, {endpoint.subscriber: frozenset()})
        remove_endpoint(tx, endpoint.id)

    with context.database.write(1) as tx, pytest.raises(TransitionRefused, match="was removed"):
        resend_range(tx, endpoint.subscriber, DeliveryFilter(), by="mia")


def test_an_endpoint_that_never_was_is_not_said_to_be_removed(context):
    """Nothing was ever on its way to it."""
    with context.database.write(1) as tx, pytest.raises(NotFound, match="nothing was"):
        resend_range(tx, f"webhook:{UUID(int=7).hex}", DeliveryFilter(), by="mia")


def test_sending_again_puts_in_one_job(run, context):
    """However many are asked for."""
    for row in rows(context.database):
        run("resend", str(row.id))

    assert len(waiting(context.database, JobName.DELIVER)) == 1
    assert {row.state for row in rows(context.database)} == {DeliveryState.PENDING}
