"""faktura plugins: what is there, whether it works, and its settings."""

import json

import pytest

from faktura.bootstrap import open_app
from faktura.kernel.errors import (
    FieldInvalid,
    FieldUnknown,
    FileUnreadable,
    HostileFile,
    SettingMissing,
)
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
    token: SecretStr = SecretStr("")
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


def test_an_empty_secret_is_not_set(bank):
    """DATEV's default is one; what is kept is set."""
    before = json.loads(bank("plugins", "show", "made-bank", "--json").output)
    bank("plugins", "set", "made-bank", "pin", stdin="1234\n")
    after = json.loads(bank("plugins", "show", "made-bank", "--json").output)

    token = {"field": "token", "value": "not set", "from": "default"}
    assert token in before
    assert {"field": "pin", "value": "not set", "from": None} in before
    assert {"field": "pin", "value": "set", "from": "tenant"} in after


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
    assert refused.exception.mend == "Settings: accounts, pin, token, user"


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


def test_a_secret_whose_key_is_lost_is_set_anew_or_taken_back(bank):
    """What is replaced or removed need not be readable; until then it is said that it cannot be."""
    other = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
    bank("plugins", "set", "made-bank", "user", "u")
    bank("plugins", "set", "made-bank", "pin", stdin="1234\n")

    unread = bank("plugins", "show", "made-bank", FAKTURA_SECRET_KEYS=other)
    as_json = bank("plugins", "show", "made-bank", "--json", FAKTURA_SECRET_KEYS=other)
    anew = bank("plugins", "set", "made-bank", "pin", stdin="5678\n", FAKTURA_SECRET_KEYS=other)
    back = bank("plugins", "unset", "made-bank", "pin")

    assert "The pin cannot be read: FAKTURA_SECRET_KEYS: the key" in unread.output
    assert "Set it anew with: faktura plugins set made-bank pin\n" in unread.output
    assert {"field": "pin", "value": "cannot be read", "from": "tenant"} in json.loads(
        as_json.output
    )
    assert anew.output == "made-bank.pin is set.\n"
    assert back.output == "made-bank.pin is no longer set for the tenant.\n"


CAREFUL = """


from pydantic import Base64Bytes, SecretStr
from faktura.kernel.errors import FieldInvalid
from faktura.plugin import *


class Settings(AdapterSettings):
    house: str
    words: str = ""
    logo: Base64Bytes | None = None
    seal: str = ""
    pin: SecretStr | None = None


class Parser(StatementParser, SelfChecking):
    Settings = Settings
    format_id = "careful"

    def recognises(self, head, filename):
        return False

    def parse(self, source, filename):
        yield from ()

    def check_settings(self):
        pin = self.settings.pin
        if "bad" in self.settings.words or pin and pin.get_secret_value() == "0000":
            raise FieldInvalid("it cannot be used", place="setting words")


@hookimpl
def describe_plugin():
    return PluginManifest(name="careful", version="1", api_version=API_VERSION, families=())


@hookimpl
def register_statement_parsers():
    return (Parser,)
"""


@pytest.fixture
def careful(shell, tmp_path, monkeypatch):
    """The shell with a set-up database, one tenant, and a plugin that tries its settings out."""
    folder = tmp_path / "packages"
    info = folder / "careful-1.dist-info"
    info.mkdir(parents=True)
    (folder / "careful_cli.py").write_text(CAREFUL)
    (info / "METADATA").write_text("Name: careful\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[faktura]\ncareful = careful_cli\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("FAKTURA_PLUGINS", "careful")
    monkeypatch.setenv("FAKTURA_SECRET_KEYS", KEY)
    shell("db", "init")
    shell("tenants", "create", "a", *TENANT)
    return shell


def kept():
    """The settings of the plugin as the adapter gets them; secrets in clear."""
    app = open_app({"FAKTURA_PLUGINS": "careful", "FAKTURA_SECRET_KEYS": KEY})
    settings = dict(app.adapters.parser(1, "careful").settings)
    app.close()
    return {**settings, "pin": settings["pin"] and settings["pin"].get_secret_value()}


def test_a_value_can_come_from_a_file(careful, tmp_path):
    """A text as text, bytes as base64: a logo reaches the adapter byte by byte."""
    logo = b"\x89PNG\r\n\x1a\n\x00"
    (tmp_path / "words.txt").write_text("[kept] as {it} is\n", encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(logo)
    (tmp_path / "pin").write_text("1234\n")

    careful("plugins", "set", "careful", "house", "Nord")
    careful("plugins", "set", "careful", "words", "--file", str(tmp_path / "words.txt"))
    careful("plugins", "set", "careful", "logo", "--file", str(tmp_path / "logo.png"))
    careful("plugins", "set", "careful", "seal", "--file", str(tmp_path / "logo.png"))
    said = careful("plugins", "set", "careful", "pin", "--file", str(tmp_path / "pin"))

    assert said.output == "careful.pin is set.\n"
    assert kept() == {
        "house": "Nord",
        "words": "[kept] as {it} is\n",
        "logo": logo,
        "seal": "iVBORw0KGgoA",
        "pin": "1234",
    }


def test_settings_that_the_plugin_refuses_are_not_kept(careful, tmp_path):
    """It is asked with what would be kept; what was kept before stays."""
    careful("plugins", "set", "careful", "house", "Nord")
    careful("plugins", "set", "careful", "words", "good")
    careful("plugins", "set", "careful", "pin", stdin="1234\n")
    (tmp_path / "bad.txt").write_text("bad words")

    refused = careful("plugins", "set", "careful", "words", "--file", str(tmp_path / "bad.txt"))
    secret = careful("plugins", "set", "careful", "pin", stdin="0000\n")
    wrong = careful("plugins", "set", "careful", "house", "[1]")

    assert isinstance(refused.exception, FieldInvalid)
    assert isinstance(secret.exception, FieldInvalid)
    assert isinstance(wrong.exception, FieldInvalid)
    assert (kept()["words"], kept()["pin"], kept()["house"]) == ("good", "1234", "Nord")


def test_a_plugin_that_lacks_a_setting_is_tried_once_it_has_it(careful):
    """Settings come one after the other; the start names what is missing."""
    early = careful("plugins", "set", "careful", "words", "bad from the start")
    late = careful("plugins", "set", "careful", "house", "Nord")

    assert early.exit_code == 0
    assert isinstance(late.exception, FieldInvalid)


def test_a_file_that_is_too_large_or_a_second_value_is_refused(careful, tmp_path):
    """2 MiB at most; a value or a file, not both."""
    (tmp_path / "large").write_bytes(b"a" * (2 * 1024 * 1024 + 1))
    (tmp_path / "pin").write_bytes(b"\xff")

    large = careful("plugins", "set", "careful", "words", "--file", str(tmp_path / "large"))
    both = careful("plugins", "set", "careful", "words", "x", "--file", str(tmp_path / "large"))
    secret = careful("plugins", "set", "careful", "pin", "--file", str(tmp_path / "pin"))

    assert isinstance(large.exception, HostileFile)
    assert str(large.exception) == "large: it has more than 2,097,152 bytes. Make it smaller"
    assert both.exit_code == 2
    assert isinstance(secret.exception, FileUnreadable)


def test_the_values_in_force_are_shown_with_their_source(careful):
    """The nearest source; of a secret only that it is there, of a long value its beginning."""
    careful("plugins", "set", "careful", "house", "Nord")
    careful("plugins", "set", "careful", "words", "a" * 100)
    careful("plugins", "set", "careful", "pin", stdin="1234\n")

    shown = careful("plugins", "show", "careful", "--json", FAKTURA_CAREFUL__SEAL="round")

    assert json.loads(shown.output) == [
        {"field": "house", "value": "Nord", "from": "tenant"},
        {"field": "logo", "value": None, "from": "default"},
        {"field": "pin", "value": "set", "from": "tenant"},
        {"field": "seal", "value": "round", "from": "environment"},
        {"field": "words", "value": "a" * 59 + "…", "from": "tenant"},
    ]


def test_a_tenants_own_value_is_taken_back(careful):
    """A secret too; the next source counts again, and a field that nobody knows is named."""
    careful("plugins", "set", "careful", "house", "Nord")
    careful("plugins", "set", "careful", "words", "good")
    careful("plugins", "set", "careful", "pin", stdin="1234\n")

    said = careful("plugins", "unset", "careful", "words")
    careful("plugins", "unset", "careful", "pin")
    unknown = careful("plugins", "unset", "careful", "wrods")

    assert said.output == "careful.words is no longer set for the tenant.\n"
    assert (kept()["house"], kept()["words"], kept()["pin"]) == ("Nord", "", None)
    assert isinstance(unknown.exception, FieldUnknown)
    assert unknown.exception.mend == "Settings: house, logo, pin, seal, words"


def test_a_value_stays_where_the_plugin_refuses_to_do_without(careful):
    """What would count instead is tried first."""
    careful("plugins", "set", "careful", "house", "Nord")
    careful("plugins", "set", "careful", "words", "good")

    refused = careful("plugins", "unset", "careful", "words", FAKTURA_CAREFUL__WORDS="bad words")

    assert isinstance(refused.exception, FieldInvalid)
    assert kept()["words"] == "good"
