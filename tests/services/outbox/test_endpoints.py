"""Endpoints of webhooks and what waits for them: removed meanwhile, at odds, with a job that waits (P48)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.services.outbox.scene import (
    FIRST,
    SECOND,
    deliveries,
    errors,
    happened,
    rows,
    task_subjects,
    waiting,
)
from tests.services.outbox.scene import state as stated
from tests.services.waiting import until_it_waits

from faktura.domain.deliveries import DeliveryFilter, Try
from faktura.domain.jobs import JobName
from faktura.domain.webhooks import Endpoint
from faktura.services.deliveries import resend, resend_range
from faktura.services.handing_out import hand_out
from faktura.services.outbox import start_what_is_due
from faktura.services.told_deliveries import settle
from faktura.services.webhook_endpoints import delete_endpoint, resume_endpoint
from faktura.store.delivery_log import log_of
from faktura.store.tables import job
from faktura.store.webhooks import endpoint_of_id, remove_endpoint, write_endpoint

HOUR = timedelta(hours=1)


@pytest.fixture
def endpoint(database, clock):
    """One for which two facts wait."""
    endpoint = Endpoint(UUID(int=7), "https://hooks.example.com/", clock.now())
    seal = stated(database, happened(FIRST, 1), happened(SECOND, 1))
    with database.write(1) as tx:
        write_endpoint(tx, endpoint)
        hand_out(tx, seal, {endpoint.subscriber: frozenset()})
    return endpoint


def test_what_was_handed_out_to_an_endpoint_while_it_was_removed_is_given_up(database, endpoint):
    """Else a job would be started for it each minute, for ever."""
    with database.write(1) as tx:
        tx.connection.execute(job.delete())
        remove_endpoint(tx, endpoint.id)

    with database.write(2) as tx:
        start_what_is_due(tx)
    before = [row[3] for row in deliveries(database)]
    with database.write(1) as tx:
        start_what_is_due(tx)

    assert before == ["PENDING", "PENDING"]
    assert [row[3] for row in deliveries(database)] == ["DEAD", "DEAD"]
    assert errors(database) == ["its endpoint was removed"] * 2
    assert waiting(database, JobName.DELIVER) == []


def test_what_a_removed_endpoint_missed_is_nobodys_task_any_more(database, endpoint):
    """It cannot be sent again."""
    (first, _) = rows(database)
    with database.write(1) as tx:
        last = replace(_untaken(first.id, "away", tx.now()), next_at=None)
        settle(tx, endpoint.subscriber, [last])
    before = task_subjects(database)
    with database.write(1) as tx:
        delete_endpoint(tx, endpoint.id)

    assert before == [("DELIVERY_DEAD", endpoint.subscriber)]
    assert task_subjects(database) == []


def test_beside_a_job_that_is_tried_again_later_no_other_one_is_put_in(database, endpoint):
    """It would come after that one anyway, and one more each minute would pile up."""
    with database.write(1) as tx:
        tx.connection.execute(
            update(job).where(job.c.name == JobName.DELIVER).values(run_at=tx.now() + HOUR)
        )
        start_what_is_due(tx)
        start_what_is_due(tx)

    assert len(waiting(database, JobName.DELIVER)) == 1


def test_the_log_says_why_nothing_was_answered(database, endpoint):
    """Each try has its reason, not only the last one."""
    (first, _) = rows(database)
    for problem in ("no answer within 15 seconds", "it was not reached"):
        with database.write(1) as tx:
            settle(tx, endpoint.subscriber, [_untaken(first.id, problem, tx.now())])

    with database.read(1) as tx:
        log = log_of(tx, first.id)

    assert [(one.status, one.answer) for one in log] == [
        (None, "no answer within 15 seconds"),
        (None, "it was not reached"),
    ]


@pytest.mark.parametrize("act", ["resume", "remove", "resend", "resend a span", "settle"])
def test_an_endpoint_is_locked_before_its_deliveries(act, database, endpoint):
    """Whoever does both comes one after the other: none is ended because they wait for each other."""
    (_, second) = rows(database)

    def other():
        with database.write(1) as tx:
            match act:
                case "resume":
                    resume_endpoint(tx, endpoint.id)
                case "remove":
                    delete_endpoint(tx, endpoint.id)
                case "resend":
                    resend(tx, second.id, by="mia")
                case "resend a span":
                    resend_range(tx, endpoint.subscriber, DeliveryFilter(), by="mia")
                case _:
                    settle(tx, endpoint.subscriber, [_untaken(second.id, "away", tx.now())])

    with ThreadPoolExecutor(1) as threads:
        with database.write(1) as tx:
            endpoint_of_id(tx, endpoint.id, lock=True)
            work = threads.submit(other)
            # On SQLite it waits for the whole transaction, whatever is locked.
            if database.is_postgresql:
                until_it_waits(database, work)
            resend_range(tx, endpoint.subscriber, DeliveryFilter(), by="leo")
        work.result()

    left = "DEAD" if act == "remove" else "PENDING"
    assert [row[3] for row in deliveries(database)] == [left, left]


def _untaken(delivery_id, problem, at):
    return Try(
        delivery_id,
        at,
        5,
        taken=False,
        status=None,
        answer="",
        error={"problem": problem},
        next_at=at + HOUR,
    )
