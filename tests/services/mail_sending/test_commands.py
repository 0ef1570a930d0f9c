"""faktura mails smtp and bounces, as an operator calls them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.services.company import Company, opened
from tests.services.mail_sending.outbox import Outbox
from tests.services.mail_sending.post_office import PASSWORD, PostOffice, elsewhere
from tests.services.mail_sending.test_bounces import REPORT

from faktura.cli.main import faktura
from faktura.kernel.errors import FieldInvalid, Misconfigured
from faktura.services.mail_rest import ServerRest, begin_rest
from faktura.store.adapters import write_state

KEY = "ZmFrdHVyYS10ZXN0LWtleS1mYWt0dXJhLXRlc3Qta2U="
OTHER_KEY = "ZmFrdHVyYS10ZXN0LWtleS1mYWt0dXJhLXRlc3Qta2Y="
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


def test_a_password_whose_key_is_lost_is_set_anew(shell: Shell) -> None:
    """What is replaced need not be readable; until then it is said that it cannot be read."""
    shell("smtp", "set", "--host", "x.example", "--user", "werk", "--password", stdin="alt\n")

    unread = shell("smtp", "show", FAKTURA_SECRET_KEYS=OTHER_KEY)
    kept = shell("smtp", "set", "--host", "y.example", FAKTURA_SECRET_KEYS=OTHER_KEY)
    anew = shell("smtp", "set", "--password", stdin="neu\n", FAKTURA_SECRET_KEYS=OTHER_KEY)
    readable = shell("smtp", "show", FAKTURA_SECRET_KEYS=OTHER_KEY)

    assert unread.exit_code == 0
    assert "The password cannot be read: FAKTURA_SECRET_KEYS: the key" in unread.output
    assert "Set it anew with: faktura mails smtp set --password\n" in unread.output
    assert isinstance(kept.exception, Misconfigured)
    assert "set the secret anew" in kept.exception.mend
    assert (anew.exit_code, anew.output) == (0, "Set: password.\n")
    assert "cannot be read" not in readable.output


@pytest.mark.parametrize("keys", [OTHER_KEY, ""])
def test_a_password_whose_key_is_lost_is_taken_back(shell: Shell, keys: str) -> None:
    """Also where no key is set at all."""
    shell("smtp", "set", "--host", "x.example", "--user", "werk", "--password", stdin="alt\n")

    back = shell("smtp", "unset", "password", FAKTURA_SECRET_KEYS=keys)

    assert (back.exit_code, back.output) == (0, "No longer set for the tenant: password.\n")
    assert shown(shell)["password"] == ("not set", "default")


@pytest.mark.parametrize(
    ("security", "port"), [(None, "587"), ("tls", "465"), ("starttls", "587"), ("none", "25")]
)
def test_the_port_in_use_is_shown(shell: Shell, security: str | None, port: str) -> None:
    """RFC 8314: the usual one of the security where nobody set one."""
    if security is not None:
        shell("smtp", "set", "--host", "smtp.werk.example", "--security", security)

    assert shown(shell)["port"] == (port, "default")

    shell("smtp", "set", "--port", "2525")
    assert shown(shell)["port"] == ("2525", "tenant")


def test_a_security_that_is_none_has_no_port(shell: Shell) -> None:
    """What the installation says wrongly is shown as it stands."""
    done = shell("smtp", "show", "--json", FAKTURA_SMTP__SECURITY="maybe")

    found = {one["field"]: one["value"] for one in json.loads(done.stdout)}
    assert (found["security"], found["port"]) == ("maybe", None)


def test_a_rest_without_a_reason_is_shown(shell: Shell, tmp_path: Path) -> None:
    """It was kept before reasons were."""
    database = opened(f"sqlite:///{tmp_path / 'books.db'}")
    with database.write(1) as tx:
        write_state(tx, "smtp", "rest", {"tries": 1, "until": "2026-11-23T09:04:00+00:00"})
    database.close()

    assert shell("smtp", "show").output.endswith(
        "It could not be used once. It is asked again from 2026-11-23 10:04 on; mails wait.\n"
    )


def test_a_server_that_could_not_be_used_is_shown_with_its_rest(
    shell: Shell, tmp_path: Path
) -> None:
    """Why, and when it is asked again by the tenant's clock; new settings end the rest."""
    shell("smtp", "set", "--host", "smtp.werk.example")
    (mail,) = json.loads(f"[{shell('test', 'me@werk.example', '--json').stdout}]")
    database = opened(f"sqlite:///{tmp_path / 'books.db'}")
    until = datetime(2026, 11, 23, 9, 4, tzinfo=UTC)
    with database.write(1) as tx:
        begin_rest(
            tx, ServerRest(3, until, "mail server smtp.werk.example:587: it was not reached")
        )
    database.close()

    rests = shell("smtp", "show")
    waits = shell("show", mail["mailId"])
    shell("smtp", "set", "--port", "2525")
    over = shell("smtp", "show")

    words = (
        "It could not be used 3 times in a row: mail server smtp.werk.example:587: it was not reached."
        " It is asked again from 2026-11-23 10:04 on; mails wait.\n"
    )
    assert rests.output.endswith(words)
    assert words.split(".", 1)[0] in waits.output
    assert "It could not be used" not in over.output


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
