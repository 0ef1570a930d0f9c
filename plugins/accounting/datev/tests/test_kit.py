"""DATEV's files and the link keep what the connector kit asks of both."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from itertools import groupby
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from typing_extensions import override

from datev_double.server import Double, running
from datev_double.visitor import BACK
from datev_double.world import World
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FakturaError
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.kernel.terms import Chart
from faktura.plugin import (
    ExportFile,
    Http,
    LinkedClient,
    LinkTokens,
    LoginRequest,
    Transfer,
    TransferState,
)
from faktura.testing.kit.export_entries import MONTH, batch, source_of
from faktura.testing.kit.exports import AccountingExporterKit
from faktura.testing.kit.exports_bench import ReadEntry
from faktura.testing.kit.links import AccountingLinkKit
from faktura.testing.kit.links_bench import LinkDouble
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings
from faktura.testing.outgoing import http_to
from faktura_datev.expansion import expanded
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.link import DatevLink
from faktura_datev.reader import Record, read
from faktura_datev.settings import DatevSettings

_CLIENT = {"consultant": 29098, "client": 55003}
# Columns of the booking batch, as DATEV numbers them.
_DAY, _NUMBER, _TEXT = 10, 11, 14


class TestDatevFiles(AccountingExporterKit):
    """Rows expanded to legs as DATEV does; the adviser imports the file and opens no spreadsheet."""

    adapter_class = DatevFileExporter
    settings = _CLIENT
    named_by = "document_number"
    guards_formulas = False

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        return [
            entry
            for file in files
            if file.name.startswith("EXTF_Buchungsstapel")
            for entry in posted_in(file)
        ]


def posted_in(file: ExportFile) -> Iterator[ReadEntry]:
    """The entries of a booking batch: the rows of one document number in a row."""
    client = DatevSettings.model_validate(_CLIENT).client_with(Chart.SKR03)
    records = [found for found in read(file.content, client) if isinstance(found, Record)]
    assert len(records) == file.rows, "rows that DATEV would not read"
    currency = file.content.decode("cp1252").split(";")[21].strip('"')
    year = int(file.name[20:24])
    for number, rows in groupby(records, key=lambda record: record.cells[_NUMBER]):
        cells = [row.cells for row in rows]
        day = date(year, int(cells[0][_DAY][2:]), int(cells[0][_DAY][:2]))
        cents = expanded(cells, client.functions, ())
        amounts = {place.account: Decimal(value) / 100 for place, value in cents.items() if value}
        yield ReadEntry(
            day, number.replace("/", "."), currency, amounts, [row.get(_TEXT, "") for row in cells]
        )


class DatevDouble(LinkDouble):
    """The double of DATEV's Buchungsdatenservice."""

    back = BACK

    def __init__(self, double: Double) -> None:
        self._double = double
        self._world = double.world
        self.clock = double.world.clock

    @property
    @override
    def http(self) -> Http:
        return http_to(self._double.host)

    @property
    @override
    def settings(self) -> Mapping[str, object]:
        return {**_CLIENT, **self._double.settings}

    @override
    async def came_back(self, login: LoginRequest) -> str:
        async with (
            ClientSession() as session,
            session.get(login.url, allow_redirects=False) as answer,
        ):
            return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    @override
    def expire(self) -> None:
        self._world.end_access_tokens()

    @override
    def settle(self, job: str, state: TransferState | None) -> None:
        found = self._world.jobs[job]
        found.questions_left = 0
        found.details = {"title": "Missing permission"} if state is TransferState.FAILED else None
        found.said_otherwise = "" if state else "postponed"

    @override
    def files(self) -> Sequence[bytes]:
        return [job.content for job in self._world.jobs.values()]

    @override
    def documents(self) -> Sequence[bytes]:
        return [image.content for image in self._world.images.values()]

    @override
    def secrets(self) -> Sequence[str]:
        return [self._world.client_secret]


class TestDatevLink(AccountingLinkKit):
    """The link against the double that keeps DATEV's rules."""

    adapter_class = DatevLink

    @override
    @asynccontextmanager
    async def double(self) -> AsyncIterator[LinkDouble]:
        async with running(World(FixedClock(KIT_NOW), redirect_uris={BACK})) as double:
            yield DatevDouble(double)

    @override
    def file(self) -> ExportFile:
        exporter = DatevFileExporter(
            DatevSettings.model_validate(_CLIENT), Surroundings().runtime()
        )
        return list(exporter.export(batch(), source_of(MONTH[:1])))[-1]


class CallsItUnsent(DatevLink):
    """A lost answer as if nothing had happened."""

    @override
    async def send_file(self, tokens: LinkTokens, file: ExportFile, reference: str) -> Transfer:
        try:
            return await super().send_file(tokens, file, reference)
        except OutcomeUnknown as lost:
            raise OutsideUnavailable(lost.problem) from lost


class SendsAgain(DatevLink):
    """A lost answer as a reason to do it once more."""

    @override
    async def send_file(self, tokens: LinkTokens, file: ExportFile, reference: str) -> Transfer:
        try:
            return await super().send_file(tokens, file, reference)
        except OutcomeUnknown:
            await super().send_file(tokens, file, reference)
            raise


class TakesAnyStateForYes(DatevLink):
    """What is neither pending nor failed was accepted."""

    @override
    async def transfer(self, tokens: LinkTokens, job: str) -> Transfer:
        try:
            return await super().transfer(tokens, job)
        except LinkRefused:
            return Transfer(job=job, state=TransferState.ACCEPTED)


class FindsNothing(DatevLink):
    """No page of jobs is read."""

    @override
    async def find(self, tokens: LinkTokens, reference: str) -> Transfer | None:
        await super().find(tokens, reference)
        return None


class HidesTheEnd(DatevLink):
    """An expired token is a refusal like any other."""

    @override
    async def client(self, tokens: LinkTokens) -> LinkedClient:
        try:
            return await super().client(tokens)
        except LinkExpired as expired:
            raise LinkRefused(expired.problem) from expired


class LogsTokens(DatevLink):
    """For the time being."""

    @override
    async def client(self, tokens: LinkTokens) -> LinkedClient:
        self.runtime.log.info("asking with %s", tokens.access.get_secret_value())
        return await super().client(tokens)


class ForgetsToWait(DatevLink):
    """Retry-After is not read."""

    @override
    async def find(self, tokens: LinkTokens, reference: str) -> Transfer | None:
        try:
            return await super().find(tokens, reference)
        except OutsideUnavailable as busy:
            raise OutsideUnavailable(busy.problem) from busy


class RepeatsItsSecrets(DatevLink):
    """Every login the same."""

    @override
    async def login(self, redirect_uri: str) -> LoginRequest:
        fresh = await super().login(redirect_uri)
        return fresh.model_copy(update={"verifier": SecretStr("v" * 43)})


@pytest.mark.parametrize(
    ("broken", "scenario"),
    [
        (CallsItUnsent, "a_file_whose_answer_was_lost_is_found_and_not_sent_again"),
        (SendsAgain, "a_file_whose_answer_was_lost_is_found_and_not_sent_again"),
        (TakesAnyStateForYes, "a_state_that_nobody_knows_is_no_answer"),
        (FindsNothing, "a_file_arrives_as_it_is_and_waits"),
        (HidesTheEnd, "an_expired_token_is_told_by_every_call"),
        (LogsTokens, "secrets_are_never_shown"),
        (ForgetsToWait, "who_is_asked_to_wait_waits"),
        (RepeatsItsSecrets, "a_login_has_secrets_of_its_own"),
    ],
)
async def test_the_kit_notices_a_broken_link(broken: type[DatevLink], scenario: str) -> None:
    """A check that cannot fail would be none (O1)."""

    class Kit(TestDatevLink):
        adapter_class = broken

    with pytest.raises((AssertionError, pytest.fail.Exception, FakturaError)):
        await getattr(Kit(), f"test_{scenario}")()
