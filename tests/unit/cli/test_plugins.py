"""faktura plugins: what is there, whether it works, and its settings."""

import json

import pytest

from faktura.bootstrap import open_app
from faktura.kernel.errors import FieldUnknown, SettingMissing
from faktura.store.secrets import KeyRing

KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
TENANT = (
    "--name", "A", "--street", "Weg 1", "--zip", "10115", "--city", "Berlin",
    "--vat-id", "DE987654321",
)  # fmt: skip

BANK = """
from pydantic import SecretStr
from faktura.plugin import *


class Settings(AdapterSettings):
    user: str
    pin: SecretStr
    accounts: dict[str, str] = {}


class Parser(StatementParser):
    Settings = Settings
    format_id = "made"

    def recognises(self, head, filename):
        return False

    def parse(self, source, filename):
        yield from ()


@hookimpl
def describe_plugin():
    return PluginManifest(name="made-bank", version="1", api_version=API_VERSION, families=())


@hookimpl
def register_statement_parsers():
    return (Parser,)
"""


@pytest.fixture
def bank(shell, tmp_path, monkeypatch):
    """The shell with a set-up database, one tenant, and a plugin that wants a secret."""
    folder = tmp_path / "packages"
    info = folder / "made_bank-1.dist-info"
    info.mkdir(parents=True)
    (folder / "made_bank_cli.py").write_text(BANK)
    (info / "METADATA").write_text("Name: made-bank\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[faktura]\nmade-bank = made_bank_cli\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("FAKTURA_PLUGINS", "made-bank")
    monkeypatch.setenv("FAKTURA_SECRET_KEYS", KEY)
    shell("db", "init")
    shell("tenants", "create", "a", *TENANT)
    return shell


def test_installed_and_enabled_plugins_are_listed(shell):
    """Without a database, and though one of them is not there."""
    listed = json.loads(shell("plugins", "list", "--json", FAKTURA_PLUGINS="camt,gone").output)

    rows = {row["name"]: row for row in listed}
    assert rows["camt"] == {
        "name": "camt", "version": "0.1.0", "installed": True, "enabled": True,
    }  # fmt: skip
    assert rows["datev"]["enabled"] is False
    assert rows["gone"] == {
        "name": "gone", "version": None, "installed": False, "enabled": True,
    }  # fmt: skip


def test_check_names_every_plugin_that_is_in_the_way(shell):
    """Exit code 1, so that a deployment stops."""
    good = shell("plugins", "check", "--json", FAKTURA_PLUGINS="example-csv")
    bad = shell("plugins", "check", "--json", FAKTURA_PLUGINS="example-csv,gone")

    assert good.exit_code == 0
    assert json.loads(good.output) == [{"name": "example-csv", "ok": True, "problem": None}]
    assert bad.exit_code == 1
    assert [row["ok"] for row in json.loads(bad.output)] == [True, False]
    assert json.loads(bad.output)[1]["problem"].startswith("plugin gone: it is enabled and not")


def test_check_reads_the_settings_of_a_tenant(bank):
    """Before the first night does."""
    missing = bank("plugins", "check", "--tenant", "a", "--json")
    bank("plugins", "set", "made-bank", "user", "u")
    bank("plugins", "set", "made-bank", "pin", stdin="1234\n")
    complete = bank("plugins", "check", "--tenant", "a", "--json")

    assert missing.exit_code == 1
    assert "adapter made-bank: setting “user” is not set" in missing.output
    assert json.loads(complete.output) == [{"name": "made-bank", "ok": True, "problem": None}]


def test_settings_and_secrets_are_kept_apart(bank, tmp_path):
    """A secret is read from standard input and lies encrypted; a map is written as JSON."""
    bank("plugins", "set", "second", "user", "u", "--plugin", "made-bank")
    bank("plugins", "set", "second", "accounts", '{"1": "x"}', "--plugin", "made-bank")
    said = bank("plugins", "set", "second", "pin", "--plugin", "made-bank", stdin="1234\n")

    app = open_app(
        {"FAKTURA_PLUGINS": "made-bank", "FAKTURA_SECRET_KEYS": KEY},
    )
    settings = app.adapters.parser(1, "made", instance="second").settings
    app.close()
    assert said.output == "second.pin is set.\n"
    assert settings.model_dump()["accounts"] == {"1": "x"}
    assert settings.model_dump()["pin"].get_secret_value() == "1234"
    assert b"1234" not in (tmp_path / "var/faktura.db").read_bytes()


def test_a_secret_on_the_command_line_is_refused(bank):
    """It would stay in the shell's history."""
    refused = bank("plugins", "set", "made-bank", "pin", "1234")

    assert refused.exit_code == 2
    assert "pin is a secret" in refused.output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [(("user",), "the value is missing"), (("accounts", "{"), "the value is not JSON")],
    ids=["none", "json"],
)
def test_a_value_that_cannot_be_kept_is_refused(bank, arguments, problem):
    """Nothing is written."""
    refused = bank("plugins", "set", "made-bank", *arguments)

    assert refused.exit_code == 2
    assert problem in refused.output


def test_a_setting_no_adapter_reads_is_refused(bank):
    """With the names that would do."""
    refused = bank("plugins", "set", "made-bank", "usr", "u")

    assert isinstance(refused.exception, FieldUnknown)
    assert refused.exception.mend == "Settings: accounts, pin, user"


def test_a_fresh_key_is_one_the_setting_takes(bank):
    """Printed alone, so that a script can take it."""
    key = bank("plugins", "new-key").output.strip()

    assert repr(KeyRing([key])).startswith("KeyRing(")
    assert bank("tenants", "list", FAKTURA_SECRET_KEYS=key).exit_code == 0


def test_without_a_key_no_secret_is_kept(bank):
    """The message says how to make one."""
    refused = bank("plugins", "set", "made-bank", "pin", stdin="1\n", FAKTURA_SECRET_KEYS="")

    assert isinstance(refused.exception, SettingMissing)
    assert refused.exception.place == "FAKTURA_SECRET_KEYS"
