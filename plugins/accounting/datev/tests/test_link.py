"""The link to DATEV, against the double that keeps DATEV's rules (F105)."""

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

import faktura_datev
from datev_double.documents import VIRUS
from datev_double.files import what_the_adviser_sees
from datev_double.server import Double, running
from datev_double.visitor import BACK, GUID, PDF, SCOPES
from datev_double.world import Client, Fault, World
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import SettingMissing
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import (
    AdapterSettings,
    ExportFile,
    HttpAnswer,
    JournalEntryData,
    LinkedDocument,
    LinkTokens,
    LoginRequest,
    Runtime,
    TransferState,
)
from faktura.testing.outgoing import http_to
from faktura_datev.answers import words_of
from faktura_datev.link import DatevLink
from faktura_datev.online_settings import DatevOnlineSettings

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


class NoState:
    """The link keeps no state."""

    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    def put(self, key: str, value: object) -> None:
        raise AssertionError(key, value)


@dataclass
class Scene:
    """A double, and links to it."""

    double: Double

    @property
    def world(self) -> World:
        return self.double.world

    def link(self, **changed: object) -> DatevLink:
        """The link of client 55003, with some settings changed."""
        right = {"consultant": 29098, "client": 55003} | self.double.settings
        settings = DatevOnlineSettings.model_validate(right | changed)
        runtime = Runtime(
            self.world.clock, logging.getLogger("datev"), NoState(), http_to(self.double.host)
        )
        return DatevLink(settings, runtime)

    async def came_back(self, login: LoginRequest) -> dict[str, str]:
        """What the browser brings back from the login."""
        async with (
            ClientSession() as session,
            session.get(login.url, allow_redirects=False) as answer,
        ):
            assert answer.status == 302, await answer.text()
            query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    async def tokens(self, link: DatevLink) -> LinkTokens:
        """The tokens of a login."""
        login = await link.login(BACK)
        return await link.redeem(login, (await self.came_back(login))["code"])


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """A double at 1 December 2026, 08:00."""
    world = World(FixedClock(NOW), redirect_uris={BACK})
    async with running(world) as double:
        yield Scene(double)


@pytest.fixture
def file(
    export: Callable[..., list[ExportFile]],
    entry: Callable[..., JournalEntryData],
    leg: Callable[..., dict[str, object]],
) -> ExportFile:
    """A file with one invoice that names its image."""
    return export(
        entry(
            leg("1400", "RECEIVABLES", "D", "119.00", debtor="10001"),
            leg("8400", "REVENUE", "C", "100.00"),
            leg("1776", "VAT", "C", "19.00"),
            document_link=GUID,
        )
    )[-1]


def image(content: bytes = PDF, name: str = "RE-1001.pdf") -> LinkedDocument:
    """The image of an invoice."""
    return LinkedDocument(
        guid=UUID(GUID),
        number="RE-1001",
        filename=name,
        media_type="application/pdf",
        content=content,
        issued_on=date(2026, 11, 15),
    )


def test_hook_register_accounting_links_offers_the_link_to_datev():
    """One target: what the exporter writes, the link takes."""
    assert faktura_datev.register_accounting_links() == (DatevLink,)
    assert DatevLink.target == "datev"


def test_settings_of_another_kind_are_refused():
    """The hub never does it; whoever builds a link by hand is told."""
    runtime = Runtime(FixedClock(NOW), logging.getLogger("datev"), NoState())

    with pytest.raises(SettingMissing, match="settings of its own"):
        DatevLink(AdapterSettings(), runtime)


async def test_a_login_asks_for_what_datev_wants(scene: Scene):
    """PKCE S256, fresh state and nonce of 20 characters and more, Windows SSO (4.3)."""
    link = scene.link()
    first, second = await link.login(BACK), await link.login(BACK)

    asked = parse_qs(urlsplit(first.url).query)
    assert asked["response_type"] == ["code"]
    assert asked["scope"] == [SCOPES]
    assert asked["enableWindowsSso"] == ["true"]
    assert asked["code_challenge_method"] == ["S256"]
    assert min(len(first.state), len(first.nonce.get_secret_value())) >= 20
    assert len({first.state, second.state, first.nonce, second.nonce, first.verifier}) == 5
    assert first.verifier.get_secret_value() not in first.url
    assert link.manage_url == "https://apps.datev.de/tokrevui"


async def test_a_login_gives_tokens_and_the_name(scene: Scene):
    """900 seconds and eleven hours; the id token was checked on the way."""
    tokens = await scene.tokens(scene.link())

    assert tokens.person == "Ada Adler"
    assert tokens.access_until == NOW + timedelta(seconds=900)
    assert tokens.refresh_until == NOW + timedelta(hours=11)


async def test_a_long_login_asks_for_one_client(scene: Scene):
    """offline_access with the scope of the client: about two years."""
    tokens = await scene.tokens(scene.link(long_lived=True))

    assert tokens.refresh_until == NOW + timedelta(days=730)
    assert {"offline_access", "datev:iam:client:29098-55003"} <= scene.world.families[0].scopes


async def test_a_login_without_a_registration_names_the_setting(scene: Scene):
    """Files work without it, the link does not."""
    for field in ("client_id", "client_secret"):
        with pytest.raises(SettingMissing, match=f"“{field}” is not set"):
            await scene.link(**{field: ""}).login(BACK)


async def test_a_code_of_another_login_is_refused(scene: Scene):
    """By the verifier at DATEV, and by the nonce here."""
    link = scene.link()
    login, other = await link.login(BACK), await link.login(BACK)
    code = (await scene.came_back(login))["code"]

    with pytest.raises(LinkRefused, match="code_verifier does not fit"):
        await link.redeem(other, code)
    swapped = login.model_copy(update={"nonce": other.nonce})
    with pytest.raises(LinkRefused, match="belongs to another login"):
        await link.redeem(swapped, code)


async def test_wrong_credentials_are_no_expired_token(scene: Scene):
    """A refresh would not mend them."""
    link = scene.link(client_secret="wrong")  # noqa: S106 - of nobody
    login = await link.login(BACK)

    with pytest.raises(LinkRefused, match="invalid_client") as caught:
        await link.redeem(login, (await scene.came_back(login))["code"])

    assert not isinstance(caught.value, LinkExpired)


async def test_a_refresh_keeps_the_end_of_the_session(scene: Scene):
    """New tokens; the person and the last hour stay those of the login."""
    link = scene.link()
    old = await scene.tokens(link)
    scene.world.clock.advance(timedelta(hours=1))

    fresh = await link.refresh(old)

    assert fresh.refresh != old.refresh
    assert fresh.access_until == NOW + timedelta(hours=1, seconds=900)
    assert (fresh.refresh_until, fresh.person) == (old.refresh_until, "Ada Adler")
    with pytest.raises(LinkRefused, match="session is ended"):
        await link.refresh(old)


async def test_both_tokens_are_revoked_even_if_one_is_refused(scene: Scene):
    """With their kinds; the first error is told."""
    link = scene.link()
    tokens = await scene.tokens(link)
    scene.world.turn_on(Fault.DOWN, "POST", "/revoke")

    with pytest.raises(OutsideUnavailable):
        await link.revoke(tokens)
    await link.revoke(tokens)

    assert scene.world.revoked == ["access_token", "refresh_token", "access_token"]


async def test_a_client_with_the_service_is_good(scene: Scene):
    """The service is asked for by its name (4.6)."""
    link = scene.link()

    found = await link.client(await scene.tokens(link))

    assert (found.name, found.problems) == ("Musterholz GmbH", ())


async def test_a_client_without_the_service_is_named(scene: Scene):
    """Also one that the person may not see, out of all pages of clients."""
    scene.world.clients += [Client(29098, n, f"M {n}") for n in range(1, 121)]
    link = scene.link()
    tokens = await scene.tokens(link)

    without = await scene.link(client=55004).client(tokens)
    unknown = await scene.link(client=99999).client(tokens)

    assert without.problems[0].startswith(
        "the client has not booked the service Buchungsdatenservice (booked: Belegbilderservice)"
    )
    assert "client 99999 of consultant 29098 is not among the 123 clients" in unknown.problems[0]


async def test_an_image_lies_under_our_id_with_its_place(scene: Scene):
    """Category, folder and register together; the document type only if the client has it (4.5)."""
    link = scene.link()
    tokens = await scene.tokens(link)

    await link.send_document(tokens, image())

    (stored,) = scene.world.images.values()
    assert stored.content == PDF
    assert stored.metadata == {
        "note": "RE-1001",
        "category": "faktura",
        "folder": "Rechnungen",
        "register": "2026-11",
        "document_type": "Rechnungsausgang",
    }


async def test_an_unknown_document_type_is_left_out(scene: Scene):
    """The list is asked for once, not for each image."""
    scene.world.document_types = ("Sonstige",)
    link = scene.link()
    tokens = await scene.tokens(link)

    await link.send_document(tokens, image())
    await link.send_document(tokens, image())

    assert "document_type" not in scene.world.images[GUID].metadata
    assert scene.world.asked == {"GET": 1, "PUT": 2}


async def test_our_own_id_in_use_means_the_image_is_there(scene: Scene):
    """409 after a lost answer is a success (4.5)."""
    link = scene.link()
    tokens = await scene.tokens(link)
    scene.world.turn_on(Fault.LOST, "PUT", "/documents/")

    with pytest.raises(OutcomeUnknown):
        await link.send_document(tokens, image())
    await link.send_document(tokens, image())

    assert len(scene.world.images) == 1


async def test_an_image_that_datev_refuses_is_told_in_its_words(scene: Scene):
    """With the help address."""
    link = scene.link()
    tokens = await scene.tokens(link)

    with pytest.raises(LinkRefused, match=r"DCO01243: restapi\.VirusInFileFoundFault") as caught:
        await link.send_document(tokens, image(PDF + VIRUS))
    with pytest.raises(LinkRefused, match="at most 20 MB"):
        await link.send_document(tokens, image(bytes(20 * 1024 * 1024 + 1)))

    assert caught.value.mend == "Help: https://apps.datev.de/knowledge/help/search?q=DCO01243"
    assert caught.value.place == "document RE-1001"


async def test_a_file_becomes_a_job_and_is_accepted(scene: Scene, file: ExportFile):
    """Images first; the adviser then finds every row and every link in order."""
    link = scene.link()
    tokens = await scene.tokens(link)
    await link.send_document(tokens, image())

    sent = await link.send_file(tokens, file, "faktura datev 1-1")
    scene.world.clock.advance(timedelta(seconds=5))
    pending = await link.transfer(tokens, sent.job)
    scene.world.clock.advance(timedelta(seconds=5))
    done = await link.transfer(tokens, sent.job)

    assert (sent.state, sent.check_after) == (TransferState.PENDING, NOW + timedelta(seconds=5))
    assert (pending.state, pending.check_after) == (
        TransferState.PENDING,
        NOW + timedelta(seconds=10),
    )
    assert (done.state, done.check_after) == (TransferState.ACCEPTED, None)
    assert scene.world.jobs[sent.job].content == file.content
    assert what_the_adviser_sees(scene.world, sent.job) == []
    assert scene.world.early_questions == 0


async def test_a_job_that_failed_says_why_with_its_help(scene: Scene, file: ExportFile):
    """A permission that is over: 1008838."""
    scene.world.pending_questions = 0
    link = scene.link(client=55005)
    tokens = await scene.tokens(link)
    wrong = file.model_copy(update={"content": file.content.replace(b";55003;", b";55005;")})
    sent = await link.send_file(tokens, wrong, "faktura datev 1-1")
    scene.world.clock.advance(timedelta(seconds=5))

    failed = await link.transfer(tokens, sent.job)

    assert failed.state is TransferState.FAILED
    assert failed.message == (
        "Missing permission: Permission to transfer data has expired;"
        " Help: http://www.datev.de/hilfe/1008838"
    )


async def test_a_lost_file_is_found_by_its_reference(scene: Scene, file: ExportFile):
    """In all pages of jobs; one that never came is not there."""
    link = scene.link()
    tokens = await scene.tokens(link)
    for number in range(101):
        await link.send_file(tokens, file, f"other {number}")
    scene.world.turn_on(Fault.LOST, "POST", "/import")
    with pytest.raises(OutcomeUnknown):
        await link.send_file(tokens, file, "ours")

    found = await link.find(tokens, "ours")

    assert found is not None
    assert scene.world.jobs[found.job].reference == "ours"
    assert await link.find(tokens, "never") is None


async def test_a_lost_file_beyond_what_is_read_is_not_called_unknown(
    scene: Scene, file: ExportFile, monkeypatch: pytest.MonkeyPatch
):
    """Sent again it might be there twice."""
    link = scene.link()
    tokens = await scene.tokens(link)
    for number in range(3):
        await link.send_file(tokens, file, f"other {number}")
    monkeypatch.setattr("faktura_datev.link._PAGE", 1)
    monkeypatch.setattr("faktura_datev.link._MOST_PAGES", 2)

    with pytest.raises(LinkRefused, match="not among the first 2 jobs, and there are more"):
        await link.find(tokens, "other 2")


async def test_an_application_that_is_not_known_leaves_the_refresh_token_alone(scene: Scene):
    """It was refused before anybody looked at the token: another try is none too many."""
    tokens = await scene.tokens(scene.link())

    with pytest.raises(OutsideUnavailable, match="invalid_client"):
        await scene.link(client_secret="wrong").refresh(tokens)  # noqa: S106 - of nobody
    scene.world.turn_on(Fault.LOST, "GET", "/openid/.well-known")
    with pytest.raises(OutsideUnavailable):
        await scene.link().refresh(tokens)

    assert (await scene.link().refresh(tokens)).person == "Ada Adler"


def test_an_error_as_deep_as_a_well_says_nothing():
    """A body that only a program without end could read."""
    answer = HttpAnswer(500, {}, b'{"a":' + b"[" * 200_000)

    assert words_of(answer) == ("", "")


@pytest.mark.parametrize(
    ("changed", "reference", "told"),
    [
        ({"name": "a.csv"}, "r", "names like EXTF_"),
        ({"content": b""}, "r", "no empty ones"),
        ({"content": bytes(50 * 1024 * 1024 + 1)}, "r", "at most 50 MB"),
        ({}, "a/b", "the reference has signs"),
        ({}, "", "the reference has signs"),
    ],
)
async def test_what_datev_would_refuse_is_not_sent(
    scene: Scene, file: ExportFile, changed: dict[str, object], reference: str, told: str
):
    """Its review counts errors."""
    link = scene.link()
    tokens = await scene.tokens(link)

    with pytest.raises(LinkRefused, match=told):
        await link.send_file(tokens, file.model_copy(update=changed), reference)

    assert scene.world.requests == []


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (Fault.EXPIRED, LinkExpired, "HTTP 401: Unauthorized"),
        (Fault.FORBIDDEN, LinkRefused, "HTTP 403: Forbidden"),
        (Fault.TOO_LARGE, LinkRefused, "HTTP 413: File size exceeds 50 MB"),
        (Fault.MEDIA_TYPE, LinkRefused, "HTTP 415"),
        (Fault.BUSY, OutsideUnavailable, "HTTP 429"),
        (Fault.BROKEN, LinkRefused, "HTTP 500"),
        (Fault.DOWN, OutsideUnavailable, "HTTP 503"),
    ],
)
async def test_each_fault_is_an_error_of_its_kind(
    scene: Scene, file: ExportFile, fault: Fault, error: type[Exception], told: str
):
    """Nothing is sent twice by the link itself; 429 and 503 say when to come back."""
    link = scene.link()
    tokens = await scene.tokens(link)
    scene.world.turn_on(fault, "POST", "/import")

    with pytest.raises(error, match=told) as caught:
        await link.send_file(tokens, file, "r")

    assert scene.world.asked["POST"] == 1
    if isinstance(caught.value, OutsideUnavailable):
        assert caught.value.retry_after == 7


async def test_an_answer_that_takes_too_long_is_an_unknown_outcome(
    scene: Scene, file: ExportFile, monkeypatch: pytest.MonkeyPatch
):
    """The double may have done it all: only asking tells."""
    monkeypatch.setattr("faktura_datev.link._UPLOAD_LIMIT", timedelta(milliseconds=50))
    scene.world.slow_seconds = 0.2
    link = scene.link()
    tokens = await scene.tokens(link)
    scene.world.turn_on(Fault.SLOW, "POST", "/import")

    with pytest.raises(OutcomeUnknown, match="TimeoutError"):
        await link.send_file(tokens, file, "r")


async def test_a_lost_answer_to_a_question_is_asked_again(scene: Scene):
    """Nothing was to be done there: it is no unknown outcome."""
    link = scene.link()
    tokens = await scene.tokens(link)
    scene.world.turn_on(Fault.LOST, "GET", "/clients")

    with pytest.raises(OutsideUnavailable):
        await link.client(tokens)


async def test_a_job_nobody_knows_is_refused(scene: Scene):
    """A name that is none never becomes an address."""
    link = scene.link()
    tokens = await scene.tokens(link)

    with pytest.raises(LinkRefused, match="HTTP 404"):
        await link.transfer(tokens, "unknown")
    with pytest.raises(LinkRefused, match="no job of DATEV"):
        await link.transfer(tokens, "../clients")


async def test_tokens_are_never_printed(scene: Scene):
    """Neither by the tokens nor by a login."""
    link = scene.link()
    login = await link.login(BACK)
    tokens = await scene.tokens(link)

    printed = f"{tokens!r}{tokens}{login!r}{link.settings!r}"

    hidden = (tokens.access, tokens.refresh, login.nonce, login.verifier)
    assert [one for one in hidden if one.get_secret_value() in printed.replace(login.url, "")] == []
    assert isinstance(tokens.access, SecretStr)
    assert scene.world.client_secret not in printed
