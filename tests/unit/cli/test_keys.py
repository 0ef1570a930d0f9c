"""faktura keys and faktura db rotate-secrets, as an operator calls them."""

import json
import re
from hashlib import sha256

import pytest

from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, SettingMissing, UnknownTerm

KEY = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
NEWER = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="
TENANT = (
    "--name", "A", "--street", "Weg 1", "--zip", "10115", "--city", "Berlin",
    "--vat-id", "DE987654321",
)  # fmt: skip
WRITTEN = re.compile(r"fk_1_[0-9a-f]{32}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def shop(shell, tmp_path):
    """The shell with a tenant that has the project `main`, not switched on."""
    shell("db", "init")
    shell("tenants", "create", "a", *TENANT)
    projects(shell, tmp_path, "main")
    return shell


def projects(shell, folder, *keys: str):
    """Import projects of these keys."""
    file = folder / "projects.json"
    file.write_text(json.dumps({"projects": [{"key": key, "name": key.title()} for key in keys]}))
    assert shell("catalogue", "import", str(file)).exit_code == 0


def test_a_key_is_printed_once_and_says_what_is_still_to_do(shop):
    """The only project is taken (F020); it is silent until it is switched on (F114)."""
    said = shop("keys", "create", "--name", "shop", "--scope", "contracts:write")

    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0].endswith("(shop) is made. Keep it now, it is never shown again:")
    assert WRITTEN.fullmatch(lines[1])
    assert len(lines) == 2
    assert said.stderr == "It opens nothing yet. Run: faktura keys switch-on main\n"


def test_a_script_gets_the_key_with_everything_about_it(shop):
    """Standard output is JSON alone; nothing more is to do once the project is switched on."""
    shop("keys", "switch-on", "main")

    said = shop(
        "keys", "create", "--name", "shop", "--all-projects", "--scope", "bank:read",
        "--scope", "contracts:write", "--allow", "192.0.2.0/24", "--allow", "2001:db8::1",
        "--per-minute", "60", "--days", "30", "--json",
    )  # fmt: skip

    record = json.loads(said.stdout)
    assert WRITTEN.fullmatch(record["key"])
    assert {name: record[name] for name in (
        "name", "project", "scopes", "networks", "requests_per_minute", "state", "replaces",
    )} == {
        "name": "shop",
        "project": None,
        "scopes": ["bank:read", "contracts:write"],
        "networks": ["192.0.2.0/24", "2001:db8::1/128"],
        "requests_per_minute": 60,
        "state": "live",
        "replaces": None,
    }  # fmt: skip
    assert record["expires_at"] is not None
    assert said.stderr == ""


def test_keys_are_listed_without_their_secrets(shop):
    """Live, replaced and revoked ones."""
    made = json.loads(
        shop("keys", "create", "--name", "a", "--scope", "invoices:read", "--json").stdout
    )
    rotated = json.loads(shop("keys", "rotate", made["id"], "--grace-hours", "0", "--json").stdout)
    shop("keys", "revoke", rotated["id"])
    shop("keys", "create", "--name", "b", "--scope", "invoices:read", "--all-projects")

    listed = shop("keys", "list", "--json").output
    table = shop("keys", "list").output

    rows = json.loads(listed)
    assert [(row["name"], row["project"], row["state"]) for row in rows] == [
        ("a", "main", "expired"),
        ("a", "main", "revoked"),
        ("b", None, "live"),
    ]
    assert rows[1]["replaces"] == made["id"]
    assert "all projects" in table
    for secret in (made["key"][-43:], rotated["key"][-43:]):
        assert secret not in listed + table
        assert sha256(secret.encode()).hexdigest() not in listed + table


def test_rotation_says_how_long_the_old_key_lives(shop):
    """The new one is printed like any new key."""
    made = json.loads(
        shop("keys", "create", "--name", "a", "--scope", "invoices:read", "--json").stdout
    )

    said = shop("keys", "rotate", made["id"])

    lines = said.output.splitlines()
    assert WRITTEN.fullmatch(lines[1])
    assert lines[1] != made["key"]
    assert lines[2] == f"The key {made['id']} ends in 24 hours at the latest."


def test_who_gives_the_key_for_its_id_does_not_read_it_again(shop):
    """It is in the shell's history, but need not be in a log of a script as well."""
    made = json.loads(
        shop("keys", "create", "--name", "a", "--scope", "invoices:read", "--json").stdout
    )

    refused = shop("keys", "revoke", made["key"])

    assert refused.exit_code == 2
    assert "this is no id of a key. Look at: faktura keys list" in refused.output
    assert made["key"][-43:] not in refused.output


def test_projects_are_switched_on_and_off(shop):
    """F114: each for itself."""
    on = shop("keys", "switch-on", "main")
    listed = json.loads(shop("keys", "projects", "--json").output)
    off = shop("keys", "switch-off", "main")
    after = json.loads(shop("keys", "projects", "--json").output)

    assert on.output == "main is switched on for keys.\n"
    assert off.output == "main is switched off for keys.\n"
    assert listed == [{"project": "main", "name": "Main", "switched_on": True}]
    assert after == [{"project": "main", "name": "Main", "switched_on": False}]


@pytest.mark.parametrize(
    ("arguments", "error", "place"),
    [
        (("--scope", "contracts:erase"), UnknownTerm, "--scope"),
        (("--scope", "bank:read"), FieldInvalid, "scope"),
        (("--scope", "bank:read", "--project", "gone"), NotFound, "project"),
        (("--scope", "invoices:read", "--allow", "192.0.2.1/24"), FieldInvalid, "network"),
    ],
    ids=["scope", "reach", "project", "network"],
)
def test_a_key_that_would_not_work_is_refused(shop, arguments, error, place):
    """Before anything is written."""
    refused = shop("keys", "create", "--name", "x", *arguments)

    assert isinstance(refused.exception, error)
    assert refused.exception.place == place
    assert json.loads(shop("keys", "list", "--json").output) == []


def test_with_several_projects_one_must_be_named(shop, tmp_path):
    """Or all of them, but not both."""
    projects(shop, tmp_path, "second")

    several = shop("keys", "create", "--name", "x", "--scope", "invoices:read")
    both = shop(
        "keys", "create", "--name", "x", "--scope", "invoices:read",
        "--project", "main", "--all-projects",
    )  # fmt: skip
    every = shop("keys", "create", "--name", "x", "--scope", "invoices:read", "--all-projects")

    assert isinstance(several.exception, FieldMissing)
    assert several.exception.mend == "Name one of main, second"
    assert both.exit_code == 2
    assert "either --project or --all-projects" in both.stderr
    assert every.stderr == "It opens nothing yet. Run: faktura keys switch-on PROJECT\n"


@pytest.fixture
def secret(shop, monkeypatch):
    """The shell with one secret of a plugin, under the old key."""
    from faktura.bootstrap import open_app
    from faktura.store.secrets import KeyRing, put_secret

    monkeypatch.setenv("FAKTURA_SECRET_KEYS", KEY)
    app = open_app({"FAKTURA_SECRET_KEYS": KEY})
    with app.database.write(1) as tx:
        put_secret(tx, KeyRing([KEY]), "stripe", "api_key", "sk_live")
    app.close()
    return shop


OLD_ID, NEW_ID = (sha256(key.encode()).hexdigest()[:8] for key in (KEY, NEWER))


def test_secrets_are_brought_under_the_newest_key(secret):
    """Then it says which older key can leave the setting; running again is harmless."""
    rotated = secret("db", "rotate-secrets", FAKTURA_SECRET_KEYS=f"{NEWER},{KEY}")
    again = secret("db", "rotate-secrets", "--json", FAKTURA_SECRET_KEYS=NEWER)

    lines = [line.split() for line in rotated.output.splitlines()]
    assert rotated.exit_code == 0
    assert rotated.output.startswith(f"Encrypted with the newest key, {NEW_ID}: 1.\n")
    assert [NEW_ID, "1", "yes"] in lines
    assert [OLD_ID, "0", "yes"] in lines
    assert rotated.output.endswith(f"{OLD_ID} is in use no longer: it can be dropped.\n")
    assert json.loads(again.output) == {
        "rotated": 0,
        "newest": NEW_ID,
        "keys": [{"key": NEW_ID, "secrets": 1, "set": True}],
        "problems": [],
    }


def test_a_key_that_was_dropped_too_early_is_named(secret):
    """Exit code 1; nothing is lost, the key can come back."""
    early = secret("db", "rotate-secrets", "--json", FAKTURA_SECRET_KEYS=NEWER)
    told = secret("db", "rotate-secrets", FAKTURA_SECRET_KEYS=NEWER)
    back = secret("db", "rotate-secrets", "--json", FAKTURA_SECRET_KEYS=f"{NEWER},{KEY}")

    record = json.loads(early.output)
    assert early.exit_code == told.exit_code == 1
    assert record["keys"][1] == {"key": OLD_ID, "secrets": 1, "set": False}
    assert [problem["mend"] for problem in record["problems"]] == [
        "Put the key back behind the newest one, or set the secret anew"
    ]
    assert told.stderr.startswith(
        f"tenant a, FAKTURA_SECRET_KEYS: the key {OLD_ID} that the secret"
    )
    assert json.loads(back.output)["rotated"] == 1


def test_without_a_key_there_is_nothing_to_rotate_to(secret):
    """The message says how to make one."""
    refused = secret("db", "rotate-secrets", FAKTURA_SECRET_KEYS="")

    assert isinstance(refused.exception, SettingMissing)
    assert refused.exception.mend == "Make one with: faktura plugins new-key"
