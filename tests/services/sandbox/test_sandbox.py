"""A sandbox tenant never reaches the live world, whatever is set; it is a sandbox for ever (F137)."""

from dataclasses import replace
from datetime import date
from typing import ClassVar
from uuid import UUID

import pytest
from tests.services.company import TENANT
from tests.services.sandbox.listening import World, live_world

from faktura.domain.mail_outcomes import Verdict
from faktura.domain.numbering import NumberFormat
from faktura.domain.tenants import Tenant
from faktura.flows.call_log import CallLog
from faktura.flows.job_context import JobContext
from faktura.flows.mail_transport import Parcel
from faktura.flows.mail_ways import open_transport
from faktura.flows.outgoing import OutgoingHttp
from faktura.flows.sandbox import check_call
from faktura.flows.smtp_transport import SmtpTransport
from faktura.flows.webhook_messenger import EndpointMessenger, open_endpoint
from faktura.flows.webhook_pings import ping_endpoint
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Registry
from faktura.kernel.errors import FieldInvalid, Misconfigured
from faktura.plugin import Adapter, HttpRequest, SandboxAddress
from faktura.services.tenants import change_tenant, set_up_tenant, start_number_range
from faktura.services.webhook_endpoints import EndpointWish, add_endpoint
from faktura.store.adapters import AdapterStore
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.link_calls import read_calls
from faktura.store.numbers import INVOICE, RangeFormat, ranges
from faktura.store.secrets import KeyRing, new_key
from faktura_braintree.adapter import BraintreeAdapter
from faktura_datev.link import DatevLink
from faktura_finapi.adapter import FinapiFeed
from faktura_stripe.adapter import StripeAdapter
from faktura_vies.adapter import ViesChecker

KEYS = KeyRing([new_key()])


@pytest.fixture
def sandbox(database: Database) -> Tenant:
    with database.write(0) as tx:
        return set_up_tenant(tx, replace(TENANT, key="trial", sandbox=True))


@pytest.fixture
def live(database: Database) -> Tenant:
    with database.write(0) as tx:
        return set_up_tenant(tx, TENANT)


class Careless(Adapter):
    """An adapter that knows nothing of sandboxes."""


def calls(database: Database, world: World, *, named: bool) -> CallLog:
    """The installation's way out: the world is a host of its own network."""
    way = OutgoingHttp(frozenset({world.host}))
    return CallLog(database, way, frozenset({world.host}) if named else frozenset())


async def test_an_adapter_that_forgot_sandboxes_reaches_nothing(database, sandbox, live):
    """The core refuses; a live tenant beside it is served, and so is the sandbox at a host for tests."""
    async with live_world() as world:
        request = HttpRequest("GET", f"http://{world.host}/v1/charges")
        refusing = calls(database, world, named=False)

        with pytest.raises(Misconfigured) as refused:
            await refusing.http_of(sandbox.id, "careless", Careless).request(request)
        assert world.connections == 0
        answer = await refusing.http_of(live.id, "careless", Careless).request(request)
        assert (answer.status, world.connections) == (200, 1)
        named = calls(database, world, named=True)
        answer = await named.http_of(sandbox.id, "careless", Careless).request(request)
        assert (answer.status, world.connections) == (200, 2)

    assert str(refused.value) == (
        "outgoing requests: this tenant is a sandbox and “http://127.0.0.1” is not, or not with this"
        " key. Use the provider's sandbox, or name a host of tests in FAKTURA_SANDBOX_HOSTS"
    )
    with database.read(sandbox.id) as tx:
        told = [call.told.get("problem") for call in read_calls(tx, "careless", 9)]
    assert sorted(problem is not None for problem in told) == [False, True]


STRIPE = "https://api.stripe.com/v1/payment_intents"
CLIENTS = "https://accounting-clients.api.datev.de"


@pytest.mark.parametrize(
    ("adapter", "url", "key", "passes"),
    [
        (StripeAdapter, STRIPE, "Bearer sk_test_abc", True),
        (StripeAdapter, STRIPE, "Bearer rk_test_abc", True),
        (StripeAdapter, STRIPE, "Bearer sk_live_abc", False),
        (StripeAdapter, STRIPE, "Bearer rk_live_abc sk_test_", False),
        (StripeAdapter, STRIPE, "", False),
        (StripeAdapter, "http://api.stripe.com/v1/payment_intents", "Bearer sk_test_abc", False),
        (StripeAdapter, "https://api.stripe.com:8443/v1", "Bearer sk_test_abc", False),
        (StripeAdapter, "https://api.stripe.com.evil.example/", "Bearer sk_test_abc", False),
        (StripeAdapter, "https://api.stripe.com@evil.example/", "Bearer sk_test_abc", False),
        (BraintreeAdapter, "https://api.sandbox.braintreegateway.com/merchants/1", "", True),
        (BraintreeAdapter, "https://api.sandbox.braintreegateway.com:443/merchants/1", "", True),
        (BraintreeAdapter, "https://api.braintreegateway.com/merchants/1", "", False),
        (FinapiFeed, "https://sandbox.finapi.io/api/v2/accounts", "", True),
        (FinapiFeed, "https://webform-sandbox.finapi.io/api", "", True),
        (FinapiFeed, "https://live.finapi.io/api/v2/accounts", "", False),
        (DatevLink, f"{CLIENTS}/platform-sandbox/v2/clients", "", True),
        (DatevLink, f"{CLIENTS}/platform/v2/clients", "", False),
        (DatevLink, f"{CLIENTS}/platform-sandboxes/v2", "", False),
        (DatevLink, f"{CLIENTS}/platform-sandbox/../platform/v2/clients", "", False),
        (DatevLink, f"{CLIENTS}/platform-sandbox/%2e%2e/platform/v2/clients", "", False),
        (ViesChecker, "https://ec.europa.eu/taxation_customs/vies/rest-api/check", "", False),
        (Careless, "https://example.com/", "Bearer sk_test_abc", False),
        (Careless, "not an address", "", False),
        (Careless, "https://[", "", False),
    ],
)
def test_only_a_providers_own_sandbox_is_called(adapter, url, key, passes):
    """Live hosts, live keys and look-alikes are refused, for every shipped connector."""
    request = HttpRequest("POST", url, {"authorization": key} if key else {})

    try:
        check_call(request, adapter.sandbox, frozenset())
        passed = True
    except Misconfigured:
        passed = False

    assert passed is passes


def test_two_keys_are_none():
    """Which of them the other side takes is not for us to guess."""

    class Keyed(Adapter):
        sandbox: ClassVar[tuple[SandboxAddress, ...]] = (
            SandboxAddress("https://pay.example", "Bearer test_"),
        )

    headers = {"Authorization": "Bearer test_1", "authorization": "Bearer live_1"}

    with pytest.raises(Misconfigured):
        check_call(HttpRequest("GET", "https://pay.example/x", headers), Keyed.sandbox, frozenset())


def test_another_host_in_the_head_is_refused():
    """Whoever serves both worlds at one address goes by the head of the request."""
    headers = {"Authorization": "Bearer sk_test_1", "host": "live.stripe.com"}

    with pytest.raises(Misconfigured):
        check_call(HttpRequest("GET", STRIPE, headers), StripeAdapter.sandbox, frozenset())


def context(database: Database, world: World, tmp_path, *, with_folder: bool) -> JobContext:
    """An installation with a live mail server, which may also be called by webhooks."""
    name, _, port = world.host.partition(":")
    environment = {
        "FAKTURA_SMTP__HOST": name,
        "FAKTURA_SMTP__PORT": port,
        "FAKTURA_SMTP__SECURITY": "NONE",
    }
    adapters = Adapters(
        Registry(), AdapterStore(database, KEYS), database.clock, Installation(environment)
    )
    return JobContext(
        database,
        Registry(),
        adapters,
        DirectoryStore(tmp_path / "content"),
        KEYS,
        private_hosts=frozenset({world.host}),
        mail_folder=tmp_path / "mails" if with_folder else None,
    )


MAIL = Parcel(UUID(int=1), "us@example.com", ("them@example.com",), b"Subject: hi\r\n\r\nhi\r\n")


@pytest.mark.parametrize("with_folder", [True, False])
async def test_mails_of_a_sandbox_never_reach_a_server(
    database, sandbox, live, tmp_path, with_folder
):
    """They are kept in the folder, or only in the database; a live tenant has its server."""
    async with live_world() as world:
        at_work = context(database, world, tmp_path, with_folder=with_folder)

        transport = await open_transport(at_work, sandbox.id)
        line = transport.line()
        await line.open()
        outcome = await line.hand_over(MAIL)
        await line.close()

        assert world.connections == 0
        assert isinstance(await open_transport(at_work, live.id), SmtpTransport)

    assert outcome.verdict is Verdict.TAKEN
    kept = tmp_path / "mails" / "trial" / f"{UUID(int=1)}.eml"
    assert kept.exists() is with_folder
    if not with_folder:
        assert outcome.said == "kept here: the tenant is a sandbox"


async def test_webhooks_of_a_sandbox_are_held_back(database, sandbox, tmp_path):
    """The endpoint is told so, and is not called; at a host for tests it is."""
    async with live_world() as world:
        at_work = context(database, world, tmp_path, with_folder=False)
        with database.write(sandbox.id) as tx:
            wish = EndpointWish(f"http://{world.host}/hook")
            endpoint, _ = add_endpoint(tx, KEYS, wish, at_work.private_hosts)

        assert await open_endpoint(at_work, sandbox.id, endpoint.id) is None
        told = await ping_endpoint(database, KEYS, sandbox.id, endpoint.id, at_work.private_hosts)
        assert world.connections == 0
        named = replace(at_work, sandbox_hosts=frozenset({world.host}))
        opened = await open_endpoint(named, sandbox.id, endpoint.id)
        assert isinstance(opened, EndpointMessenger)
        await opened.close()
        answered = await ping_endpoint(
            database, KEYS, sandbox.id, endpoint.id, named.private_hosts, named.sandbox_hosts
        )
        assert (answered.status, world.connections) == (200, 1)

    assert not told.taken
    assert told.error is not None
    assert str(told.error["problem"]).startswith("this tenant is a sandbox and ")


def test_a_sandbox_stays_one_and_no_tenant_becomes_one(database, sandbox, live):
    """Facts of both worlds never meet in one tenant."""
    for tenant, words in (
        (sandbox, "a sandbox stays one"),
        (live, "a live tenant becomes no sandbox"),
    ):
        with pytest.raises(FieldInvalid) as refused, database.write(tenant.id) as tx:
            change_tenant(tx, replace(tenant, sandbox=not tenant.sandbox))
        assert str(refused.value) == f"field sandbox: {words}. Create another tenant"


def test_every_document_of_a_sandbox_says_so_in_its_number(database, sandbox, live):
    """On paper, in e-invoices, in exports and in payments: nobody takes it for a tax document."""
    with database.write(sandbox.id) as tx:
        start_number_range(tx, RangeFormat(INVOICE, date(2027, 1, 1), NumberFormat("R27-", 4), 1))
        marked = {one.format.prefix for one in ranges(tx)}
    with database.read(live.id) as tx:
        own = {one.format.prefix for one in ranges(tx)}

    assert marked == {
        "SANDBOX-RE-",
        "SANDBOX-RK-",
        "SANDBOX-MG-",
        "SANDBOX-R27-",
        "K-",
        "V-",
        "",
        "M-",
    }
    assert own == {"RE-", "RK-", "MG-", "K-", "V-", "", "M-"}
