"""faktura mails smtp and bounces, as an operator calls them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.services.company import Company, opened
from tests.services.mail_sending.outbox import Outbox
from tests.services.mail_sending.post_office import PASSWORD, PostOffice, elsewhere
from tests.services.mail_sending.test_bounces import REPORT

from faktura.cli.main import faktura
from faktura.kernel.errors import FieldInvalid, Misconfigured

KEY = "ZmFrdHVyYS10ZXN0LWtleS1mYWt0dXJhLXRlc3Qta2U="
Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs `faktura mails` on a company without mails, in its folder."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    Company(database)
    database.close()

    def run(*arguments: str, stdin: str = "", **environment: str) -> Result:
        shared = {"FAKTURA_DATABASE_URL": url, "FAKTURA_SECRET_KEYS": KEY, "FAKTURA_PLUGINS": ""}
        return CliRunner().invoke(
            faktura, ["mails", *arguments], env=shared | environment, input=stdin
        )

    return run


def shown(shell: Shell) -> dict[str, tuple[str, str]]:
    done = shell("smtp", "show", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    return {one["field"]: (one["value"], one["from"]) for one in found}


def test_a_server_is_set_shown_and_taken_back(shell: Shell, tmp_path: Path) -> None:
    """The password comes from a pipe, is kept encrypted, and is never shown."""
    before = shell("smtp", "show")
    done = shell(
        "smtp", "set", "--host", "smtp.werk.example", "--user", "werk", "--password",
        stdin=f"{PASSWORD}\n",
    )  # fmt: skip

    assert before.output.rstrip().rpartition("\n")[2].startswith("No mail server is set: mails")
    assert (done.exit_code, done.output) == (0, "Set: host, user, password.\n")
    assert shown(shell)["host"][0] == "smtp.werk.example"
    assert PASSWORD not in shell("smtp", "show").output
    assert PASSWORD.encode() not in (tmp_path / "books.db").read_bytes()

    back = shell("smtp", "unset", "host", "user", "password")
    assert back.output == "No longer set for the tenant: host, user, password.\n"
    assert not shown(shell)["host"][0]


def test_what_does_not_fit_together_is_not_set(shell: Shell) -> None:
    """A password over an open connection; nothing at all is said to be nothing."""
    refused = shell(
        "smtp", "set", "--user", "werk", "--security", "none", "--password", stdin="geheim\n"
    )

    assert isinstance(refused.exception, FieldInvalid)
    assert not shown(shell)["user"][0]
    assert shell("smtp", "set").exit_code == 2


def test_a_server_is_tried_without_a_mail(shell: Shell) -> None:
    """It is connected to and greeted; what is at fault is named."""
    nothing = shell("smtp", "test")
    office = PostOffice()
    with elsewhere(office) as port:
        hosts = {"FAKTURA_PRIVATE_HOSTS": f"127.0.0.1:{port}"}
        set_ = shell(
            "smtp", "set", "--host", "127.0.0.1", "--port", str(port), "--security", "none"
        )
        works = shell("smtp", "test", "--json", **hosts)
        closed = shell("smtp", "test")

    assert (nothing.exit_code, nothing.output) == (1, "No mail server is set.\n")
    assert set_.exit_code == 0
    assert json.loads(works.stdout) == {"server": f"127.0.0.1:{port}", "works": True}
    assert isinstance(closed.exception, Misconfigured)
    assert office.taken == []


def test_reports_are_brought_in_and_listed(shell: Shell, tmp_path: Path) -> None:
    """What cannot be read is named, the others are brought in; a second time nothing is new."""
    database = opened(f"sqlite:///{tmp_path / 'second.db'}")
    outbox = Outbox(Company(database), database.clock, tmp_path)  # type: ignore[arg-type]
    mail = outbox.mail("K-1", "a@kunde.example")
    database.close()
    environment = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'second.db'}"}
    Path("good.eml").write_bytes(REPORT % (b"x@y.example", f"<{mail}@werk.example>".encode()))
    Path("bad.eml").write_bytes(b"Subject: away\n\nOn holiday")

    empty = shell("bounces", "list", **environment)
    done = shell("bounces", "import", "good.eml", "bad.eml", "good.eml", "--json", **environment)
    listed = shell("bounces", "list", "--mail", str(mail), "--json", **environment)

    assert empty.output == "No mail came back.\n"
    assert done.exit_code == 1
    assert [(one["file"], one["mail"], one["addresses"], one["new"], bool(one["problem"]))
            for one in json.loads(done.stdout)] == [
        ("good.eml", str(mail), 1, 1, False),
        ("bad.eml", None, 0, 0, True),
        ("good.eml", str(mail), 1, 0, False),
    ]  # fmt: skip
    (row,) = json.loads(listed.stdout)
    assert (row["recipient"], row["kind"], row["status"]) == (
        "a@kunde.example",
        "PERMANENT",
        "5.1.1",
    )
