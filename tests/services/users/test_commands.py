"""faktura users, as an operator calls it."""

import json
import sqlite3

import pytest
from click.testing import CliRunner
from tests.services.company import TENANT, Company, opened

from faktura.cli.main import faktura
from faktura.kernel.errors import Conflict, FieldInvalid, NotFound
from faktura.services.passwords import Passwords

PASSWORD = "four words make one"  # noqa: S105 - of nobody


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs `faktura users` on an installation with the tenant `werk`."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'faktura.db'}"
    database = opened(url)
    Company(database, TENANT)
    database.close()

    def run(*arguments: str, stdin: str = "", **environment: str):
        return CliRunner().invoke(
            faktura,
            ["users", *arguments],
            input=stdin,
            env={"FAKTURA_DATABASE_URL": url, **environment},
        )

    return run


def created(shell, *arguments: str):
    """Mia, with a password from standard input."""
    done = shell(
        "create", "Mia@Werk.Example", "--password-stdin", *arguments, stdin=f"{PASSWORD}\n"
    )
    assert done.exit_code == 0, done.exception
    return done


def stored(tmp_path, query: str):
    """One value of the database."""
    connection = sqlite3.connect(tmp_path / "faktura.db")
    try:
        return connection.execute(query).fetchone()[0]
    finally:
        connection.close()


def test_a_user_is_created_and_listed(shell):
    """Folded address, name, tenants; never the hash."""
    done = created(shell, "--name", "Mia Meier", "--tenant", "werk")
    listed = shell("list", "--json").output

    assert done.output == "mia@werk.example is a user of werk.\n"
    (entry,) = json.loads(listed)
    assert entry["email"] == "mia@werk.example"
    assert entry["name"] == "Mia Meier"
    assert entry["tenants"] == ["werk"]
    assert entry["password"] is True
    assert entry["disabled_at"] is None
    assert "argon2" not in listed
    assert "Mia Meier" in shell("list").output


def test_the_password_is_asked_for_twice_and_not_shown(shell, tmp_path):
    """What is stored is its hash."""
    done = shell("create", "mia@werk.example", stdin=f"{PASSWORD}\n{PASSWORD}\n")

    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert "see: faktura users add" in done.output
    assert Passwords().matches(PASSWORD, stored(tmp_path, "SELECT password_hash FROM user_account"))


@pytest.mark.parametrize(
    ("arguments", "stdin", "error"),
    [
        (("create", "mia@werk.example", "--password-stdin"), "short\n", FieldInvalid),
        (("create", "mia@werk.example", "--password-stdin"), "", FieldInvalid),
        (("create", "nobody", "--password-stdin"), f"{PASSWORD}\n", FieldInvalid),
        (("create", "a@b.example", "--tenant", "no", "--password-stdin"), PASSWORD, NotFound),
        (("password", "no@body.example", "--password-stdin"), PASSWORD, NotFound),
        (("link", "no@body.example"), "", NotFound),
        (("add", "no@body.example", "--tenant", "werk"), "", NotFound),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(shell, arguments, stdin, error):
    """Named errors."""
    refused = shell(*arguments, stdin=stdin)

    assert isinstance(refused.exception, error)
    assert json.loads(shell("list", "--json").output) == []


def test_a_second_one_of_the_address_is_refused(shell):
    """Whatever the capitals."""
    created(shell)

    refused = shell("create", "MIA@WERK.EXAMPLE", "--password-stdin", stdin=PASSWORD)

    assert isinstance(refused.exception, Conflict)


def test_a_password_is_changed(shell, tmp_path):
    """The old one is worth nothing."""
    created(shell)

    done = shell("password", "mia@werk.example", "--password-stdin", stdin="another long one\n")

    kept = stored(tmp_path, "SELECT password_hash FROM user_account")
    assert done.output == "mia@werk.example has another password.\n"
    assert Passwords().matches("another long one", kept)
    assert not Passwords().matches(PASSWORD, kept)


def test_a_link_is_printed_once_and_only_its_hash_is_stored(shell, tmp_path):
    """For this machine, or for the public address."""
    created(shell)

    here = shell("link", "mia@werk.example", "--port", "8090").output
    public = json.loads(
        shell(
            "link", "mia@werk.example", "--json", FAKTURA_PUBLIC_URL="https://billing.example.com"
        ).output
    )["address"]

    assert here.startswith("http://127.0.0.1:8090/sign-in/link?token=")
    assert public.startswith("https://billing.example.com/sign-in/link?token=")
    token = public.partition("token=")[2]
    assert token.encode() not in (tmp_path / "faktura.db").read_bytes()
    assert stored(tmp_path, "SELECT count(*) FROM sign_in_link") == 1


def test_memberships_come_and_go(shell):
    """By command, tenant by tenant."""
    created(shell)

    added = shell("add", "mia@werk.example", "--tenant", "werk").output
    during = json.loads(shell("list", "--json").output)[0]["tenants"]
    removed = shell("remove", "mia@werk.example", "--tenant", "werk").output
    after = json.loads(shell("list", "--json").output)[0]["tenants"]

    assert added == "mia@werk.example is a member of werk.\n"
    assert removed == "mia@werk.example is no member of werk any more.\n"
    assert (during, after) == (["werk"], [])


def test_a_user_is_disabled_and_enabled(shell):
    """The list says since when."""
    created(shell)

    disabled = shell("disable", "mia@werk.example").output
    since = json.loads(shell("list", "--json").output)[0]["disabled_at"]
    enabled = shell("enable", "mia@werk.example").output

    assert disabled == "mia@werk.example is disabled.\n"
    assert since is not None
    assert enabled == "mia@werk.example may sign in.\n"
    assert json.loads(shell("list", "--json").output)[0]["disabled_at"] is None
