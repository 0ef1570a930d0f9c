"""The composition root: one call from the environment to a running application."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

from faktura.bootstrap import App, connect, open_app, read_settings
from faktura.domain.addresses import Address, ContactPerson
from faktura.domain.bank_connections import BankConnection
from faktura.domain.payment_accounts import PaymentAccount
from faktura.domain.payment_policies import MethodPolicy, PaymentPolicies
from faktura.domain.tenants import Seller, Tenant
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import Misconfigured, NotFound, PluginMissing, SettingMissing
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import FeedUser, StatementParser
from faktura.store.adapters import write_settings
from faktura.store.bank_connections import rewrite_connection, write_connection
from faktura.store.bank_feeds import write_feed
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.migrations import upgrade
from faktura.store.payment_accounts import change_account_state, write_account
from faktura.store.secrets import KeyRing, new_key
from faktura.store.tenants import create_tenant, read_tenant, update_tenant

TENANT = Tenant(
    0, "a", Seller("A", Address("Weg 1", "10115", "Berlin"), ContactPerson(), vat_id="DE123456788")
)


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def set_up(url: str) -> None:
    """A database at this release's version with one tenant."""
    database = connect(read_settings({"FAKTURA_DATABASE_URL": url}, Path()), SystemClock())
    upgrade(database)
    with database.write(0) as tx:
        create_tenant(tx, TENANT)
    database.close()


@pytest.fixture
def opened(empty_database_url, clock):
    """Opens the application on a database that is set up; closes it at the end."""
    set_up(empty_database_url)
    apps: list[App] = []

    def make(**environment: str) -> App:
        apps.append(
            open_app({"FAKTURA_DATABASE_URL": empty_database_url, **environment}, clock=clock)
        )
        return apps[-1]

    yield make
    for app in apps:
        app.close()


def test_the_application_is_put_together_from_the_environment(opened, clock):
    """Clock, plugins, adapters with their settings, tenants."""
    app = opened(FAKTURA_PLUGINS="example-csv", FAKTURA_EXAMPLE_CSV__DELIMITER="|")

    parser = next(app.adapters.parsers(app.tenant_id(None)))

    assert isinstance(parser, StatementParser)
    assert parser.settings.model_dump()["delimiter"] == "|"
    assert parser.runtime.clock is clock
    assert app.clock is app.database.clock is clock
    assert list(app.registry.plugins) == ["example-csv"]
    assert app.tenant_id("a") == 1
    assert app.tenant("a").seller.legal_name == "A"
    with pytest.raises(NotFound):
        app.tenant_id("b")


def test_a_tenants_own_setting_wins_and_its_state_is_kept(opened):
    """The hub knows no store; the composition root hands it one."""
    app = opened(FAKTURA_PLUGINS="example-csv", FAKTURA_EXAMPLE_CSV__DELIMITER="|")
    with app.database.write(1) as tx:
        write_settings(tx, "example-csv", {"delimiter": ","})

    parser = next(app.adapters.parsers(1))
    parser.runtime.state.put("cursor", {"page": 2})

    assert parser.settings.model_dump()["delimiter"] == ","
    assert parser.runtime.state.get("cursor") == {"page": 2}


def test_a_missing_setting_of_a_tenant_stops_the_start(opened):
    """Named before anything is served: whose, which instance, which field."""
    lacking = opened(FAKTURA_PLUGINS="datev", FAKTURA_DATEV__CLIENT="55003")

    with pytest.raises(SettingMissing) as refused:
        lacking.check_adapters()

    assert refused.value.place.startswith("tenant a")
    assert "consultant" in str(refused.value).lower()
    opened(
        FAKTURA_PLUGINS="datev", FAKTURA_DATEV__CLIENT="55003", FAKTURA_DATEV__CONSULTANT="29098"
    ).check_adapters()


def test_rendered_bytes_lie_beside_sqlite_and_in_a_table_of_postgresql(opened, tmp_path):
    """By default; FAKTURA_BLOB_DIR names a shared folder instead."""
    by_default = opened()
    shared = opened(FAKTURA_BLOB_DIR="shared")

    if by_default.database.is_postgresql:
        assert by_default.content == TableStore(by_default.database)
    else:
        assert by_default.content == DirectoryStore(tmp_path / "faktura-content")
    assert shared.content == DirectoryStore(Path("shared"))


def test_the_default_database_is_made_in_var(tmp_path):
    """First use: `faktura db init` in an empty folder."""
    database = connect(read_settings({}, Path()), SystemClock())
    upgrade(database)
    database.close()

    app = open_app({})
    digest = app.content.put(1, b"hello")
    app.close()

    assert (tmp_path / "var/faktura.db").is_file()
    assert (tmp_path / "var/faktura-content/1/2c/f2" / digest.hex()).read_bytes() == b"hello"


def test_a_database_that_is_not_set_up_stops_the_start():
    """With the command that helps."""
    with pytest.raises(Misconfigured, match="Run: faktura db init"):
        open_app({})


def test_a_missing_plugin_stops_the_start_before_the_database_is_touched(tmp_path):
    """Installed is not enabled, enabled must be installed."""
    with pytest.raises(PluginMissing, match="plugin no-such"):
        open_app({"FAKTURA_PLUGINS": "no-such"})

    assert not (tmp_path / "var").exists()


def test_a_wrong_key_stops_the_start():
    """Not the first call that needs a secret."""
    with pytest.raises(Misconfigured, match="a key is not a Fernet key"):
        open_app({"FAKTURA_SECRET_KEYS": "short"})


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "var").write_text("")

    with pytest.raises(Misconfigured, match="its folder cannot be made"):
        connect(read_settings({}, Path()), SystemClock())


def test_a_file_that_is_no_database_is_named(tmp_path):
    """Somebody pointed the setting at the wrong file."""
    (tmp_path / "notes.txt").write_text("This is a list of groceries, and no database at all.\n")

    with pytest.raises(Misconfigured) as refused:
        open_app({"FAKTURA_DATABASE_URL": "sqlite:///notes.txt"})

    assert refused.value.place == "FAKTURA_DATABASE_URL"
    assert refused.value.problem == "the database does not answer: file is not a database"


@pytest.mark.parametrize(
    "url",
    ["mysql://host/name", "sqlite:///%", "postgresql://f@127.0.0.1:port/f"],
    ids=["mysql", "folder", "port"],
)
def test_an_address_that_cannot_be_used_is_named(url, tmp_path):
    """Neither is opened nor guessed at."""
    (tmp_path / "%").mkdir()

    with pytest.raises(Misconfigured) as refused:
        open_app({"FAKTURA_DATABASE_URL": url})

    assert refused.value.place == "FAKTURA_DATABASE_URL"


def test_a_bank_feed_needs_its_plugin_only_while_a_bank_is_connected(opened):
    """Whoever has disconnected every bank may disable it; the others cannot start without."""
    app = opened()
    user = FeedUser(id="a-1", password=SecretStr("not written anywhere"))
    with app.database.write(1) as tx:
        write_feed(tx, KeyRing([new_key()]), "finapi", "finapi", user)
    app.check_adapters()

    bank = BankConnection(UUID(int=1), "finapi", "100", "Musterbank")
    with app.database.write(1) as tx:
        write_connection(tx, bank)
    with pytest.raises(PluginMissing):
        app.check_adapters()
    with app.database.write(1) as tx:
        rewrite_connection(tx, replace(bank, ended_at=tx.now()))
    app.check_adapters()


def test_payment_adapters_need_settings_only_where_there_is_an_account(opened):
    """A plugin that is enabled for one tenant asks nothing of the others; a paused account waits."""
    app = opened(FAKTURA_PLUGINS="stripe")
    account = PaymentAccount("stripe-at", "stripe", frozenset({PaymentMethod.CARD}))
    app.check_adapters()

    with app.database.write(1) as tx:
        write_account(tx, account)
    with pytest.raises(SettingMissing) as lacking:
        app.check_adapters()
    with app.database.write(1) as tx:
        change_account_state(tx, "stripe-at", ProviderState.PAUSED, "no key yet")
    app.check_adapters()
    with app.database.write(1) as tx:
        policy = MethodPolicy(actions=("call",))
        own = replace(read_tenant(tx), payments=PaymentPolicies({PaymentMethod.CARD: policy}))
        update_tenant(tx, own)
    with pytest.raises(PluginMissing) as unknown:
        app.check_adapters()

    assert lacking.value.place.startswith("tenant a")
    assert "STRIPE_AT" in str(lacking.value).upper().replace("-", "_")
    assert "call" in str(unknown.value)
