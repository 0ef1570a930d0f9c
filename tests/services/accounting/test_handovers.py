"""Batches handed over to a linked system: documents first, nothing twice, refusals free (F105)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.services.accounting.linked import OCTOBER, Office, office

from datev_double.files import what_the_adviser_sees
from datev_double.world import Fault
from faktura.domain.jobs import Args
from faktura.flows.handovers import ask_for_results, send_batch
from faktura.flows.link_jobs import check_transfers_job, send_export_job
from faktura.flows.sending import send_or_go_on_later
from faktura.kernel.accounting_terms import BatchState
from faktura.kernel.errors import Conflict, NotFound, TransitionRefused
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import Transfer, TransferState
from faktura.services.handovers import keep_answer, repeat_handover
from faktura.store.export_transfers import Handover, StoredTransfer, list_transfers, read_transfers
from faktura.store.exports import read_batch
from faktura.store.tables import document_upload, export_entry, job
from faktura.store.tenants import read_tenant

SECONDS = timedelta(seconds=1)


@pytest.fixture
async def here(database, contents) -> AsyncIterator[Office]:
    """The company, connected to the double."""
    async with office(database, contents) as found:
        await found.log_in()
        found.world.requests.clear()
        yield found


def transfers(here: Office, number: int = 1) -> list[StoredTransfer]:
    """What is known of the files of a batch."""
    with here.database.read(here.tenant.id) as tx:
        return read_transfers(tx, "datev", number)


def state(here: Office, number: int = 1) -> BatchState:
    """Where a batch stands."""
    with here.database.read(here.tenant.id) as tx:
        return read_batch(tx, "datev", number).state


def exported(here: Office) -> set[tuple[int, int]]:
    """Entries that are in a live batch, with its number."""
    with here.database.read(here.tenant.id) as tx:
        rows = tx.connection.execute(select(export_entry.c.entry_seq, export_entry.c.batch_no))
        return {(row.entry_seq, row.batch_no) for row in rows}


def jobs_of(here: Office) -> list[tuple[str, str]]:
    """Waiting jobs that hand something over, by name and moment."""
    with here.database.read(here.tenant.id) as tx:
        rows = tx.connection.execute(select(job.c.name, job.c.run_at).order_by(job.c.place))
        return [
            (row.name, f"{row.run_at:%H:%M:%S}")
            for row in rows
            if row.name in ("SEND_EXPORT", "CHECK_TRANSFERS")
        ]


def passed(here: Office, by: timedelta) -> None:
    """Time goes on."""
    here.world.clock.advance(by)


async def test_a_batch_is_handed_over_and_accepted(here: Office):
    """Images, then debtors, then postings; every link leads to an image that was there before."""
    number = await here.batch()

    sent = await send_batch(here.handing(number))
    passed(here, 5 * SECONDS)
    pending = await ask_for_results(here.linked, number)
    passed(here, 10 * SECONDS)
    accepted = await ask_for_results(here.linked, number)

    assert (sent, pending, accepted) == (BatchState.SENT, BatchState.SENT, BatchState.ACCEPTED)
    methods = [f"{method} {path.rpartition('/')[2]}" for method, path, _ in here.world.requests]
    assert [one.partition(" ")[0] for one in methods[:5]] == ["GET", "PUT", "PUT", "POST", "POST"]
    assert methods[0] == "GET document-types"
    assert [job.filename for job in here.world.jobs.values()] == [
        "EXTF_Debitoren_202610.csv",
        "EXTF_Buchungsstapel_202610.csv",
    ]
    assert [what_the_adviser_sees(here.world, one) for one in here.world.jobs] == [[], []]
    assert {image.name for image in here.world.images.values()} == {
        "RE-000001.xml",
        "RE-000002.xml",
    }
    (_, postings) = here.world.jobs.values()
    assert [guid.encode() in postings.content for guid in here.world.images] == [True, True]
    assert (here.world.early_questions, here.world.repeated_references) == (0, 0)
    assert [one.state for one in transfers(here)] == [Handover.ACCEPTED] * 2


async def test_the_page_of_a_document_goes_where_there_is_one(database, contents):
    """A PDF that is rendered for it; the stored bytes, byte for byte (4.5)."""
    async with office(database, contents, "zugferd", "xrechnung") as here:
        await here.log_in()
        await send_batch(here.handing(await here.batch()))

        assert sorted(image.name for image in here.world.images.values()) == [
            "RE-000001.pdf",
            "RE-000002.pdf",
        ]
        with here.database.read(here.tenant.id) as tx:
            stored = tx.connection.execute(select(document_upload)).all()
        for row in stored:
            kept = contents.get(here.tenant.id, row.sha256)
            assert here.world.images[str(row.guid)].content == kept


async def test_a_result_is_asked_for_by_jobs_that_wait_as_long_as_they_should(here: Office):
    """The first after Retry-After; nobody asks earlier."""
    number = await here.batch()
    await send_batch(here.handing(number))
    args: Args = {"target": "datev", "batch": number}

    await check_transfers_job(here.context, here.tenant.id, args)
    assert jobs_of(here) == [("CHECK_TRANSFERS", "06:00:05")]
    assert here.world.asked["GET"] == 1
    passed(here, 5 * SECONDS)
    await check_transfers_job(here.context, here.tenant.id, args)
    passed(here, 5 * SECONDS)
    await check_transfers_job(here.context, here.tenant.id, args)

    assert state(here) is BatchState.ACCEPTED
    assert jobs_of(here) == [("CHECK_TRANSFERS", "06:00:05"), ("CHECK_TRANSFERS", "06:00:10")]
    assert here.world.early_questions == 0


async def test_a_sender_that_dies_leaves_somebody_who_asks(
    here: Office, monkeypatch: pytest.MonkeyPatch
):
    """Between the last answer and the end of its work: the question was planned with the answer."""
    number = await here.batch()

    def died(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("faktura.flows.handovers.settle", died)
    with pytest.raises(MemoryError):
        await send_batch(here.handing(number))

    assert [name for name, _ in jobs_of(here)] == ["CHECK_TRANSFERS"]
    assert [one.state for one in transfers(here)] == [Handover.PENDING] * 2


async def test_a_late_answer_changes_nothing_that_is_over(here: Office):
    """Two asked at once; the slower one was told less."""
    number = await here.batch()
    await send_batch(here.handing(number))
    [first, _] = transfers(here)
    passed(here, 10 * SECONDS)
    await ask_for_results(here.linked, number)
    passed(here, 60 * SECONDS)
    await ask_for_results(here.linked, number)
    assert state(here) is BatchState.ACCEPTED

    with here.database.write(here.tenant.id) as tx:
        keep_answer(tx, first, Transfer(job="j", state=TransferState.PENDING))
        keep_answer(
            tx, replace(first, reference="older"), Transfer(job="j", state=TransferState.FAILED)
        )

    assert [one.state for one in transfers(here)] == [Handover.ACCEPTED] * 2


async def test_questions_grow_rare_and_end_after_a_day(database, contents):
    """30 questions for an upload are called bad (4.6): here 16 for a file in a day."""
    async with office(database, contents, long_lived=True) as here:
        await here.log_in()
        here.world.requests.clear()
        here.world.pending_questions = 1000
        number = await here.batch()
        await send_batch(here.handing(number))
        while due := [one.check_after for one in transfers(here) if one.check_after]:
            passed(here, min(due) - here.world.clock.now())
            await ask_for_results(here.linked, number)

        assert here.world.early_questions == 0
        assert here.world.asked["GET"] - 1 == 2 * 16
        assert state(here) is BatchState.SENT
        assert {one.message for one in transfers(here)} == {
            "no result within a day; ask again: faktura accounting transfers --check"
        }
        here.world.pending_questions = 0
        for one in here.world.jobs.values():
            one.questions_left = 0
        passed(here, 5 * SECONDS)
        assert await ask_for_results(here.linked, number, at_once=True) is BatchState.ACCEPTED


async def test_a_token_that_ends_in_the_middle_is_no_matter(here: Office):
    """401 while uploading: refreshed once, each file is there once."""
    here.world.turn_on(Fault.EXPIRED, "POST", "/import", skip=1)

    await send_batch(here.handing(await here.batch()))

    assert len(here.world.jobs) == 2
    assert here.world.repeated_references == 0


async def test_a_lost_answer_about_an_image_is_found_out(here: Office):
    """409 on our own id is a yes; what was sent before is not sent again."""
    number = await here.batch()
    here.world.turn_on(Fault.LOST, "PUT", "/documents/", skip=1)

    with pytest.raises(OutcomeUnknown):
        await send_batch(here.handing(number))
    await send_batch(here.handing(number))

    puts = [status for method, _, status in here.world.requests if method == "PUT"]
    assert puts == [201, 201, 409]
    assert len(here.world.images) == 2


async def test_a_lost_answer_about_a_file_is_asked_for_before_it_is_sent_again(here: Office):
    """Its job is found by our reference; until it can be, nobody sends it."""
    number = await here.batch()
    here.world.turn_on(Fault.LOST, "POST", "/import")

    with pytest.raises(OutcomeUnknown):
        await send_batch(here.handing(number))
    with pytest.raises(OutsideUnavailable, match="may still be on its way") as caught:
        await send_batch(here.handing(number))
    passed(here, 300 * SECONDS)
    await send_batch(here.handing(number))

    assert caught.value.retry_after == 300
    assert len(here.world.jobs) == 2
    assert here.world.repeated_references == 0
    assert [one.state for one in transfers(here)] == [Handover.PENDING] * 2


async def test_a_file_that_never_came_is_sent_again_under_its_reference(here: Office):
    """The other side has no job of it."""
    number = await here.batch()
    here.world.turn_on(Fault.LOST, "POST", "/import")
    with pytest.raises(OutcomeUnknown):
        await send_batch(here.handing(number))
    (lost,) = here.world.jobs.values()
    here.world.jobs.clear()
    passed(here, 301 * SECONDS)

    await send_batch(here.handing(number))

    assert len(here.world.jobs) == 2
    assert lost.reference in {one.reference for one in here.world.jobs.values()}


async def test_a_busy_or_resting_system_is_left_alone_as_long_as_it_asks(here: Office):
    """429 and 503: nothing was done, so the next try sends at once."""
    number = await here.batch()
    here.world.turn_on(Fault.BUSY, "POST", "/import")

    with pytest.raises(OutsideUnavailable) as caught:
        await send_batch(here.handing(number))
    await send_batch(here.handing(number))

    assert caught.value.retry_after == 7
    assert len(here.world.jobs) == 2


async def test_what_an_outage_cuts_off_goes_on_in_the_background(here: Office):
    """A job takes it up where it was."""
    number = await here.batch()
    here.world.turn_on(Fault.DOWN, "POST", "/import", skip=1)

    told = await send_or_go_on_later(here.handing(number))
    assert told == "WAITING"
    assert jobs_of(here) == [("CHECK_TRANSFERS", "06:00:05"), ("SEND_EXPORT", "06:00:00")]
    await send_export_job(here.context, here.tenant.id, {"target": "datev", "batch": number})

    assert len(here.world.jobs) == 2
    assert [one.state for one in transfers(here)] == [Handover.PENDING] * 2


async def test_two_who_send_at_once_send_it_once(here: Office):
    """The row of a file is written before the call; the other one stands back."""
    number = await here.batch()

    done = await asyncio.gather(
        *(send_batch(here.handing(number)) for _ in range(3)), return_exceptions=True
    )

    assert [one for one in done if isinstance(one, BatchState)] != []
    assert {type(one) for one in done} <= {BatchState, OutsideUnavailable}
    assert len(here.world.jobs) == 2


async def test_a_job_that_failed_frees_its_entries(database, contents):
    """They are not exported any more: the next batch holds them (4.6)."""
    async with office(database, contents, client=55005) as here:
        await here.log_in()
        here.world.pending_questions = 0
        number = await here.batch()
        assert exported(here) == {(1, 1), (2, 1)}
        await send_batch(here.handing(number))
        passed(here, 5 * SECONDS)

        failed = await ask_for_results(here.linked, number)

        assert failed is BatchState.FAILED
        assert exported(here) == set()
        assert "Help: http://www.datev.de/hilfe/1008838" in transfers(here)[1].message
        with pytest.raises(TransitionRefused, match="its entries are free"):
            await send_batch(here.handing(number))
        assert await here.batch() == 2
        assert exported(here) == {(1, 2), (2, 2)}


async def test_a_refused_file_frees_its_own_entries_alone(here: Office):
    """The debtors went through and stay there; no further file is sent."""
    here.world.pending_questions = 0
    number = await here.batch()
    here.world.turn_on(Fault.TOO_LARGE, "POST", "/import", skip=1)

    waiting = await send_batch(here.handing(number))
    passed(here, 5 * SECONDS)
    settled = await ask_for_results(here.linked, number)

    assert (waiting, settled) == (BatchState.SENT, BatchState.FAILED)
    assert [one.state for one in transfers(here)] == [Handover.ACCEPTED, Handover.FAILED]
    assert "HTTP 413" in transfers(here)[1].message
    assert exported(here) == set()


async def test_a_refused_first_file_or_image_sends_nothing_more(here: Office):
    """Nothing is there, all is free."""
    number = await here.batch()
    here.world.turn_on(Fault.MEDIA_TYPE, "POST", "/import")
    assert await send_batch(here.handing(number)) is BatchState.FAILED
    assert transfers(here)[1].message == "not sent: another file of the batch was refused"
    second = await here.batch()
    with here.database.write(here.tenant.id) as tx:
        tx.connection.execute(document_upload.update().values(uploaded_at=None))
    here.world.turn_on(Fault.FORBIDDEN, "PUT", "/documents/")

    assert await send_batch(here.handing(second)) is BatchState.FAILED

    assert {"HTTP 403" in one.message for one in transfers(here, second)} == {True}
    assert here.world.jobs == {}
    assert exported(here) == set()


async def test_a_batch_is_not_transferred_twice_but_on_purpose(here: Office):
    """Under a new reference; a repeat that fails leaves what is there."""
    here.world.pending_questions = 0
    number = await here.batch()
    await send_batch(here.handing(number))
    passed(here, 5 * SECONDS)
    await ask_for_results(here.linked, number)
    with pytest.raises(Conflict, match="handed over already"):
        await send_batch(here.handing(number))
    with here.database.write(here.tenant.id) as tx:
        repeat_handover(tx, "datev", number)
    here.world.turn_on(Fault.TOO_LARGE, "POST", "/import", skip=1)

    await send_batch(here.handing(number))
    passed(here, 5 * SECONDS)
    settled = await ask_for_results(here.linked, number)

    assert settled is BatchState.ACCEPTED
    assert len(here.world.jobs) == 3
    assert here.world.repeated_references == 0
    assert exported(here) == {(1, 1), (2, 1)}
    assert transfers(here)[1].state is Handover.FAILED
    with here.database.write(here.tenant.id) as tx:
        repeat_handover(tx, "datev", number)
        with pytest.raises(TransitionRefused, match="only what was accepted"):
            repeat_handover(tx, "datev", number)


async def test_without_a_good_connection_nothing_is_made(database, contents):
    """No batch, no ids, no call."""
    async with office(database, contents) as here:
        with pytest.raises(NotFound, match="there is no connection"):
            await here.batch()
        await here.log_in()
        number = await here.batch()
        here.world.families[0].alive = False
        with pytest.raises(LinkExpired):
            await send_batch(here.handing(number))
        with pytest.raises(LinkExpired):
            await send_batch(here.handing(number))
        await here.log_in()
        await send_batch(here.handing(number))

        assert state(here) is BatchState.SENT
        with here.database.read(here.tenant.id) as tx:
            assert [one.batch for one in list_transfers(tx, "datev", 9)] == [1, 1]
            assert list_transfers(tx, "other", 9) == []
            assert len(list_transfers(tx, None, 1)) == 1
            assert read_tenant(tx).key == "werk"


async def test_a_lost_file_that_cannot_be_looked_up_is_not_given_up(here: Office):
    """A refusal of the question says nothing about the file: its entries stay taken."""
    number = await here.batch(OCTOBER)
    here.world.turn_on(Fault.LOST, "POST", "/import")
    with pytest.raises(OutcomeUnknown):
        await send_batch(here.handing(number))
    passed(here, 301 * SECONDS)
    here.world.turn_on(Fault.FORBIDDEN, "GET", "/jobs")

    with pytest.raises(LinkRefused, match="HTTP 403"):
        await send_batch(here.handing(number))

    assert state(here) is BatchState.SENT
    assert exported(here) == {(1, 1), (2, 1)}
