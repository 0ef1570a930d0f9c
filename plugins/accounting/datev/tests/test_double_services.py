"""The double's clients, images and files keep DATEV's rules: each wrong request is refused."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientError

from datev_double.files import what_the_adviser_sees
from datev_double.server import running
from datev_double.visitor import CLIENT, GUID, PDF, SCOPES, Visitor, visiting
from datev_double.world import Client, Fault, World
from faktura.kernel.clock import FixedClock
from faktura.plugin import ExportFile, JournalEntryData

PLACE = {"category": "faktura", "folder": "Rechnungen", "register": "2026-11"}


@pytest.fixture
async def visitor() -> AsyncIterator[Visitor]:
    """A visitor who is logged in, at 1 December 2026, 08:00."""
    world = World(FixedClock(datetime(2026, 12, 1, 8, tzinfo=UTC)))
    async with running(world) as double, visiting(double) as found:
        await found.log_in()
        yield found


@pytest.fixture
def file(
    export: Callable[..., list[ExportFile]],
    entry: Callable[..., JournalEntryData],
    leg: Callable[..., dict[str, object]],
) -> bytes:
    """A file with one invoice."""
    return export(
        entry(
            leg("1400", "RECEIVABLES", "D", "119.00", debtor="10001"),
            leg("8400", "REVENUE", "C", "100.00"),
            leg("1776", "VAT", "C", "19.00"),
            document_link=GUID,
        )
    )[-1].content


@pytest.mark.parametrize(
    "changed",
    [
        {"Authorization": None},
        {"Authorization": "Bearer unknown"},
        {"Authorization": "Basic eDp5"},
        {"X-DATEV-Client-Id": None},
        {"X-DATEV-Client-Id": "another"},
    ],
)
async def test_a_call_without_token_or_application_is_refused(
    visitor: Visitor, changed: dict[str, Any]
):
    """Both headers on every call."""
    assert (await visitor.clients(**changed)).status == 401


@pytest.mark.parametrize("missing", SCOPES.split()[2:])
async def test_a_call_without_its_scope_is_refused(visitor: Visitor, file: bytes, missing: str):
    """403 with the scope's name; the documents have an error of their own."""
    await visitor.log_in(scope=SCOPES.replace(missing, ""))

    answers = [await visitor.clients(), await visitor.put(), await visitor.post(file)]

    refused = [answer.json for answer in answers if answer.status == 403]
    assert len(refused) == 1
    assert missing in str(refused[0]) or refused[0]["error"] == "#DCO01005"


async def test_the_clients_come_by_the_hundred(visitor: Visitor):
    """Total-Items says how many there are; a filter asks for equal numbers only."""
    visitor.double.world.clients += [Client(29098, n, f"M {n}") for n in range(1, 121)]

    first = await visitor.clients("?skip=0&top=500")
    second = await visitor.clients("?skip=100&top=100")
    one = await visitor.clients("?filter=consultant_number eq 29098 and client_number eq 55003")

    assert first.headers["Total-Items"] == "123"
    assert [answer.text.count('"id"') for answer in (first, second, one)] == [100, 23, 1]
    for wrong in ("?top=0", "?skip=-1", "?filter=name eq x", "?filter=client_number gt 5"):
        assert "1008828" in (await visitor.clients(wrong)).text
    assert (await visitor.clients("/29098-99999")).status == 404


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"guid": "not-a-guid"}, "DCO01234"),
        ({"guid": "019a0000-0000-7000-8000-000000000000"}, "DCO01234"),
        ({"content": None}, "DCO01004"),
        ({"metadata": "no json"}, "DCO01217"),
        ({"metadata": "[]"}, "DCO01217"),
        ({"metadata": {"colour": "red"}}, "DCO01217"),
        ({"metadata": {"note": 7}}, "DCO01217"),
        ({"metadata": {"category": "faktura"}}, "DCO01217"),
        ({"metadata": {"category": "faktura", "folder": "Rechnungen"}}, "DCO01217"),
        ({"metadata": {"note": "n" * 256}}, "DCO01223"),
        ({"metadata": PLACE | {"category": "c" * 31}}, "DCO01224"),
        ({"metadata": PLACE | {"folder": "f" * 31}}, "DCO01225"),
        ({"metadata": PLACE | {"register": "r" * 31}}, "DCO01226"),
        ({"metadata": {"document_type": "d" * 31}}, "DCO01227"),
        ({"metadata": {"document_type": "Liebesbrief"}}, "DCO01010"),
        ({"name": f"{'x' * 252}.pdf"}, "DCO01222"),
        ({"name": "RE-1.exe"}, "DCO01015"),
        ({"content": PDF + bytes(20 * 1024 * 1024)}, "DCO01016"),
        ({"content": PDF + b"X5O!P%@AP[4"}, "DCO01243"),
        ({"content": b"a page"}, "DCO01245"),
    ],
)
async def test_a_wrong_image_is_refused(visitor: Visitor, wrong: dict[str, object], code: str):
    """Id, form, metadata, name, kind, size, virus, a PDF that is none; with a help address."""
    answer = await visitor.put(**wrong)  # type: ignore[arg-type]  # wrong on purpose

    assert answer.status == 400
    assert answer.json["error"] == f"#{code}"
    assert answer.json["error_uri"] == f"https://apps.datev.de/knowledge/help/search?q={code}"
    assert visitor.double.world.images == {}


async def test_an_id_is_used_once_and_a_file_too(visitor: Visitor):
    """409 for the id, whatever the case of its letters; 400 for the same file under another id."""
    stored = await visitor.put(metadata=PLACE | {"document_type": "Rechnungsausgang"})
    again = await visitor.put(guid=GUID.upper(), content=PDF + b"other")
    same = await visitor.put(guid=GUID.replace("cb6a", "cb6b"))

    assert [answer.status for answer in (stored, again, same)] == [201, 409, 400]
    assert (again.json["error"], same.json["error"]) == ("#DCO01012", "#DCO01253")
    assert visitor.double.world.images[GUID].content == PDF
    assert (await visitor.put(client="29098-1")).status == 404


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"client": "29098"}, 400, "1008835"),
        ({"client": "29098-99999"}, 404, ""),
        ({"Accept": "text/html"}, 406, ""),
        ({"Content-Type": "text/csv"}, 415, ""),
        ({"Filename": None}, 400, "1008832"),
        ({"Filename": "Buchungsstapel.csv"}, 400, "1008832"),
        ({"Filename": f"EXTF_{'x' * 52}.csv"}, 400, "1008832"),
        ({"Filename": "EXTF_a.txt"}, 400, "1008832"),
        ({"Reference-Id": "a/b"}, 400, "1008832"),
        ({"Reference-Id": "r" * 255}, 400, "1008832"),
        ({"Client-Application-Version": "1,0"}, 400, "1008832"),
    ],
)
async def test_a_wrong_upload_is_refused(
    visitor: Visitor, file: bytes, changed: dict[str, str | None], status: int, code: str
):
    """In the order of the specification, each with its help address."""
    answer = await visitor.post(file, **changed)  # type: ignore[arg-type]  # wrong on purpose

    assert answer.status == status
    assert code in answer.text
    assert visitor.double.world.jobs == {}


async def test_an_upload_without_bytes_or_with_too_many_is_refused(visitor: Visitor):
    """1008831 and 1008833."""
    empty = await visitor.post(b"")
    large = await visitor.post(bytes(50 * 1024 * 1024 + 1))

    assert (empty.status, large.status) == (400, 413)
    assert "1008831" in empty.text
    assert "1008833" in large.text


async def result(visitor: Visitor, content: bytes, client: str = CLIENT) -> str:
    """The last answer of a job about a file."""
    world = visitor.double.world
    world.pending_questions = 0
    answer = await visitor.post(content, client=client)
    assert answer.status == 202
    world.clock.advance(timedelta(seconds=world.retry_after))
    return (await visitor.job(answer.headers["Location"])).text


def header(file: bytes, number: int, value: str) -> bytes:
    """The file with another value in a field of its header (from 1)."""
    line, end, rest = file.partition(b"\r\n")
    fields = line.split(b";")
    fields[number - 1] = value.encode()
    return b";".join(fields) + end + rest


@pytest.mark.parametrize(
    ("number", "value", "told"),
    [
        (1, '"DTVF"', "DATEV Format Label"),
        (2, "510", "Version Number"),
        (3, "22", "Data Category"),
        (4, '"Buchungen"', "Invalid combination"),
        (5, "9", "Invalid combination"),
        (6, "20261201", "Created On"),
        (7, "1", "Imported"),
        (11, "29099", "consultant-number"),
        (11, "x", "Consultant"),
        (12, "55004", "client-number"),
        (12, "", "Client"),
        (13, "2026", "FY Begin"),
        (14, "9", "Length of Ledger Account"),
        (15, "20261231", "DateFrom must not be greater"),
        (15, "", "Date From"),
        (16, "x", "Date To"),
        (23, "1", "Reserved"),
        (24, '"x"', "Reserved"),
        (25, "1", "Reserved"),
        (26, "1", "Reserved"),
        (29, "1", "Reserved"),
        (30, '"x"', "Reserved"),
        (17, '"' + "x" * 1000 + '"', "exceeds 1000"),
    ],
)
async def test_a_wrong_header_fails_the_job(
    visitor: Visitor, file: bytes, number: int, value: str, told: str
):
    """1008834 with the field; the upload itself was taken."""
    text = await result(visitor, header(file, number, value))

    assert '"result": "failed"' in text
    assert "1008834" in text
    assert told in text


async def test_other_files_that_fail_the_job(visitor: Visitor, file: bytes):
    """No rows, too many, missing columns, unreadable letters, a virus, a permission that is over."""
    head, end, rest = file.partition(b"\r\n")
    headings, _, row = rest.partition(b"\r\n")
    many = head + end + headings + end + row * 100_000

    assert "No payload" in await result(visitor, head + end + headings + end)
    assert "More than 99999" in await result(visitor, many)
    assert "Missing columns" in await result(visitor, b"EXTF;700" + end + rest)
    assert "1008833" in await result(visitor, b"\xef\xbb\xbf\xff" + file)
    assert "1008836" in await result(visitor, file + b"X5O!P%@AP[4")
    assert "1008838" in await result(visitor, header(file, 12, "55005"), client="29098-55005")
    assert '"result": "succeeded"' in await result(visitor, file)


async def test_who_asks_too_early_is_counted_and_sent_away(visitor: Visitor, file: bytes):
    """202 with a relative address and Retry-After; pending first, then the result."""
    answer = await visitor.post(file)
    location = answer.headers["Location"]
    early = await visitor.job(location)
    visitor.double.world.clock.advance(timedelta(seconds=5))
    pending = await visitor.job(location)
    visitor.double.world.clock.advance(timedelta(seconds=5))
    done = await visitor.job(location)

    assert re.fullmatch(rf"/clients/{CLIENT}/extf-files/jobs/[0-9a-f-]{{36}}", location)
    assert answer.headers["Retry-After"] == "5"
    assert (early.status, visitor.double.world.early_questions) == (429, 1)
    assert (pending.json["result"], done.json["result"]) == ("pending", "succeeded")
    assert (await visitor.job(f"/clients/{CLIENT}/extf-files/jobs/unknown")).status == 404
    assert visitor.double.world.asked == {"POST": 1, "GET": 4}


async def test_the_adviser_sees_what_no_job_tells(visitor: Visitor, file: bytes):
    """Rows are not judged online; a link to an image that came too late stays empty."""
    await visitor.post(file.replace(b";1511;", b";9911;"))
    await visitor.put()
    await visitor.post(file)

    wrong, right = (
        what_the_adviser_sees(visitor.double.world, job) for job in visitor.double.world.jobs
    )

    assert [line for line in wrong if "line 3" in line] != []
    assert f"missing link {GUID}" in wrong
    assert right == []


async def test_a_reference_that_comes_twice_is_counted_or_refused(visitor: Visitor, file: bytes):
    """By a switch: DATEV itself says only that it should be unique."""
    await visitor.post(file)
    assert (await visitor.post(file)).status == 202
    assert visitor.double.world.repeated_references == 1
    visitor.double.world.refuse_repeated_references = True

    assert "was used before" in (await visitor.post(file)).text


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault.EXPIRED, 401),
        (Fault.FORBIDDEN, 403),
        (Fault.TOO_LARGE, 413),
        (Fault.MEDIA_TYPE, 415),
        (Fault.BUSY, 429),
        (Fault.BROKEN, 500),
        (Fault.DOWN, 503),
    ],
)
async def test_faults_by_switch_come_once(visitor: Visitor, file: bytes, fault: Fault, status: int):
    """429 and 503 say when to come back; after it the double works as before."""
    visitor.double.world.turn_on(fault, "POST", "/import")

    first = await visitor.post(file)
    await visitor.log_in()

    assert first.status == status
    assert first.headers.get("Retry-After") == ("7" if status in (429, 503) else None)
    assert (await visitor.post(file)).status == 202


async def test_an_answer_can_be_lost_after_everything_was_done(visitor: Visitor, file: bytes):
    """The file is there, and the caller does not know."""
    visitor.double.world.turn_on(Fault.LOST, "POST", "/import")

    with pytest.raises(ClientError):
        await visitor.post(file)

    assert len(visitor.double.world.jobs) == 1
