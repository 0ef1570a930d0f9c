"""The double's EXTF files: what the upload checks, what the job checks, what the adviser would say."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

from aiohttp import web

from datev_double.documents import VIRUS, page_of
from datev_double.identity import WORLD
from datev_double.problems import bare, details, problem
from datev_double.world import Client, Job, World
from faktura.kernel.terms import Chart
from faktura_datev.layouts import DEBTORS, POSTINGS
from faktura_datev.reader import Fault, read
from faktura_datev.settings import DatevSettings

_CLIENT = re.compile(r"\d{4,7}-\d{1,5}")
_FILENAME = re.compile(r"EXTF_.{0,51}\.csv")
_TEXT = re.compile(r"[-0-9A-Za-z_äöüÄÖÜß. +?;]{0,254}")
_LINK = re.compile(r'BEDI ""([0-9a-f-]{36})""', re.IGNORECASE)
_LARGEST = 50 * 1024 * 1024
_MOST_ROWS = 99_999
_LONGEST_HEADER = 1000
_FIELDS = 31
# Category, name and version that go together.
_KINDS = {
    ("21", "Buchungsstapel", "12"),
    ("21", "Buchungsstapel", "13"),
    ("16", "Debitoren/Kreditoren", "5"),
}
_PATTERNS = {
    1: ("DATEV Format Label", r"EXTF"),
    2: ("Version Number", r"700"),
    3: ("Data Category", r"16|20|21|46|48|65"),
    6: ("Created On", r"\d{17}"),
    7: ("Imported", r""),
    11: ("Consultant", r"\d{4,7}"),
    12: ("Client", r"\d{1,5}"),
    13: ("FY Begin", r"\d{8}"),
    14: ("Length of Ledger Account", r"[4-8]"),
    23: ("Reserved", r""),
    24: ("Reserved", r""),
    25: ("Reserved", r""),
    26: ("Reserved", r""),
    29: ("Reserved", r""),
    30: ("Reserved", r""),
}
_PERIOD = {15: ("Date From", r"\d{8}"), 16: ("Date To", r"\d{8}")}


async def post_file(request: web.Request) -> web.Response:
    """Take a file; only the request is judged here, the job judges the header."""
    world = request.app[WORLD]
    refusal = _address_refusal(world, request) or _header_refusal(world, request)
    if refusal is not None:
        return refusal
    content = await request.read()
    if not content:
        return problem(400, "1008831", "Message body for request is missing")
    if len(content) > _LARGEST:
        return problem(413, "1008833", "File size exceeds 50 MB")
    client = world.client_of(request.match_info["client"])
    assert client is not None
    job = _new_job(world, client, request, content)
    world.jobs[job.id] = job
    return web.Response(
        status=202,
        headers={
            "Location": f"/clients/{client.id}/extf-files/jobs/{job.id}",
            "Retry-After": str(world.retry_after),
        },
    )


def _address_refusal(world: World, request: web.Request) -> web.Response | None:
    client_id = request.match_info["client"]
    if not _CLIENT.fullmatch(client_id):
        why = ("client-id", "Path segment client-id is invalid")
        return problem(400, "1008835", "Request-URI contains invalid path segments", why)
    if world.client_of(client_id) is None:
        return web.Response(status=404)
    if request.headers.get("Accept", "*/*") not in ("*/*", "application/json"):
        return bare(406, "Not Acceptable")
    if request.content_type != "application/octet-stream":
        return bare(415, "Unsupported Media Type")
    return None


def _header_refusal(world: World, request: web.Request) -> web.Response | None:
    name = request.headers.get("Filename", "")
    if not name:
        return _bad_header("Filename", "Filename is empty")
    if not _FILENAME.fullmatch(name):
        return _bad_header("Filename", "must conform to the pattern EXTF_.{0,51}\\.csv")
    for field in ("Reference-Id", "Client-Application-Version"):
        if not _TEXT.fullmatch(request.headers.get(field, "")):
            return _bad_header(field, "has characters that are not allowed, or more than 254")
    reference = request.headers.get("Reference-Id", "")
    known = {job.reference for job in world.jobs.values()}
    if world.refuse_repeated_references and reference in known:
        return _bad_header("Reference-Id", "was used before")
    return None


def _bad_header(field: str, why: str) -> web.Response:
    return problem(400, "1008832", "Invalid header fields", (field, why))


def _new_job(world: World, client: Client, request: web.Request, content: bytes) -> Job:
    links = [guid.lower() for guid in _LINK.findall(content.decode("cp1252", "replace"))]
    return Job(
        str(uuid.uuid4()),
        client.id,
        request.headers["Filename"],
        request.headers.get("Reference-Id", ""),
        content,
        world.pending_questions,
        world.clock.now() + timedelta(seconds=world.retry_after),
        _judged(client, content),
        # What is linked must be there before: the adviser sees an empty link else.
        tuple(guid for guid in dict.fromkeys(links) if guid not in world.images),
    )


def _judged(client: Client, content: bytes) -> dict[str, object] | None:
    """What the job says about the file; None is a yes. Rows are not looked at."""
    text = _decoded(content)
    lines = text.split("\r\n")
    rows = sum(1 for line in lines[2:] if line)
    faults = tuple(_header_faults(lines[0], client))
    refusals = (
        (VIRUS in content, "1008836", "The transferred EXTF-file contains a virus"),
        (client.permission_expired, "1008838", "Permission to transfer data has expired"),
        ("\ufffd" in text, "1008833", "Only Windows-1252, UTF-8, UTF16LE, and UTF16BE"),
        (not rows, "1008833", "No payload"),
        (rows > _MOST_ROWS, "1008833", "More than 99999 postings"),
        (len(lines[0]) > _LONGEST_HEADER, "1008834", "EXTF-header exceeds 1000 characters"),
    )
    for wrong, code, detail in refusals:
        if wrong:
            return details(code, detail)
    return details("1008834", "Fields with error", *faults) if faults else None


def _decoded(content: bytes) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    encoding = next((name for mark, name in marks if content.startswith(mark)), "cp1252")
    return content.decode(encoding, "replace")


def _header_faults(line: str, client: Client) -> Iterator[tuple[str, str]]:
    fields = [field.removeprefix('"').removesuffix('"') for field in line.split(";")]
    if len(fields) < _FIELDS:
        yield "EXTF-header", "Missing columns in EXTF-header"
        return
    patterns = _PATTERNS | (_PERIOD if fields[2] == "21" else {})
    for number, (name, pattern) in patterns.items():
        if not re.fullmatch(pattern, fields[number - 1]):
            yield name, f"is invalid ({number})"
    faults = (
        (
            (fields[2], fields[3], fields[4]) not in _KINDS,
            "Invalid combination of data category, format name and format version",
        ),
        (fields[14] > fields[15], "DateFrom must not be greater than DateTo"),
        (fields[10] != str(client.consultant), "The consultant-number is another one"),
        (fields[11] != str(client.number), "The client-number is another one"),
    )
    yield from (("EXTF-header", why) for wrong, why in faults if wrong)


async def job(request: web.Request) -> web.Response:
    """What became of a file; who asks too early is counted and sent away."""
    world = request.app[WORLD]
    found = world.jobs.get(request.match_info["job"])
    if found is None or found.client != request.match_info["client"]:
        return web.Response(status=404)
    now = world.clock.now()
    if now < found.ask_from:
        world.early_questions += 1
        seconds = round((found.ask_from - now).total_seconds())
        return web.json_response(
            {"title": "Too Many Requests", "status": 429},
            status=429,
            headers={"Retry-After": str(seconds)},
        )
    found.ask_from = now + timedelta(seconds=world.retry_after)
    answer = web.json_response(_shown(found), headers={"Retry-After": str(world.retry_after)})
    found.questions_left = max(0, found.questions_left - 1)
    return answer


async def jobs(request: web.Request) -> web.Response:
    """All files of a client, a page at a time."""
    place = page_of(request)
    if place is None:
        return problem(400, "1008828", "Paging parameters are invalid")
    skip, top = place
    own = [
        one
        for one in request.app[WORLD].jobs.values()
        if one.client == request.match_info["client"]
    ]
    return web.json_response([_shown(one) for one in own[skip : skip + top]])


def _shown(found: Job) -> dict[str, object]:
    result = "pending"
    if not found.questions_left:
        result = "failed" if found.details else "succeeded"
    said: dict[str, object] = {
        "id": found.id,
        "filename": found.filename,
        "reference_id": found.reference,
        "result": found.said_otherwise or result,
    }
    if result == "failed":
        said["validation_details"] = found.details
    return said


def what_the_adviser_sees(world: World, job_id: str) -> list[str]:
    """What DATEV Rechnungswesen would say about the rows, which no job tells: faults, missing links."""
    found = world.jobs[job_id]
    client = world.client_of(found.client)
    assert client is not None
    settings = DatevSettings(consultant=client.consultant, client=client.number)
    layout = DEBTORS if b";16;" in found.content[:20] else POSTINGS
    rows = read(found.content, settings.client_with(Chart.SKR03), layout)
    faults = [f"line {one.line}: {one.problem}" for one in rows if isinstance(one, Fault)]
    return [*faults, *(f"missing link {guid}" for guid in found.missing_links)]
