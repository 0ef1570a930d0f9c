"""faktura mails texts: seeing, changing and trying out what mails say."""

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner, Result

from faktura.cli import mail_texts as commands
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FileUnreadable, NotFound
from faktura.kernel.template_errors import TemplateRefused
from faktura.store.tenants import read_tenant


class Terminal:
    """`faktura mails texts` of one tenant."""

    def __init__(self, company) -> None:
        self.database = company.database
        self.tenant_id = company.tenant.id

    def tenant(self, key: str | None) -> Tenant:
        assert key is None
        with self.database.read(self.tenant_id) as tx:
            return read_tenant(tx)

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(commands.texts, list(words))

    def says(self, *words: str):
        done = self.call(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def terminal(company, monkeypatch):
    terminal = Terminal(company)
    monkeypatch.setattr(commands, "running", lambda: nullcontext(terminal))
    return terminal


def test_texts_are_listed_with_who_wrote_them(terminal):
    """Twenty ship; one of them is replaced."""
    terminal.says("set", "INVOICE", "--subject", "Rechnung")

    listed = terminal.says("list")

    assert len(listed) == 20
    assert [(one["use"], one["language"]) for one in listed if one["own"]] == [("INVOICE", "de")]
    assert "Rechnung" in terminal.call("list").output


def test_a_text_is_set_from_files_part_by_part(terminal, tmp_path):
    """What is not given stays; what `show --part` prints can be set again."""
    plain, html = tmp_path / "plain.txt", tmp_path / "text.html"
    plain.write_text("Guten Tag {{ customer.name }}\n")
    html.write_text("<p>{{ customer.name }}</p>\n")

    first = terminal.says("set", "invoice", "--language", "en", "--plain", str(plain))
    second = terminal.says("set", "invoice", "--language", "en", "--html", str(html))

    assert first["subject"] == "Your invoice {{ document.number }} from {{ seller.name }}"
    assert first["own"] is True
    assert (second["plain"], second["html"]) == (plain.read_text(), html.read_text())
    shown = terminal.call("show", "invoice", "--language", "en", "--part", "plain")
    assert shown.output == plain.read_text()
    assert terminal.says("show", "invoice", "--language", "en") == second
    assert terminal.says("set", "invoice", "--language", "en", "--plain-only")["html"] == ""
    assert terminal.says("reset", "invoice", "--language", "en")["own"] is False


def test_a_dry_run_shows_the_mail_and_keeps_nothing(terminal):
    done = terminal.call("set", "INVOICE", "--subject", "Nr. {{ document.number }}", "--dry-run")

    assert done.output.startswith("Nr. RE-000123\n\nGuten Tag Max Müller,")
    assert done.output.endswith("Nothing was kept.\n")
    assert terminal.says("show", "INVOICE")["own"] is False
    with_json = terminal.says("set", "INVOICE", "--subject", "A", "--dry-run")
    assert with_json["subject"] == "A"


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_broken_text_is_refused_with_line_and_column(terminal, tmp_path, more):
    file = tmp_path / "plain.txt"
    file.write_text("Guten Tag\n{{ customer.nmae }}")

    refused = terminal.call("set", "INVOICE", "--plain", str(file), *more).exception

    assert isinstance(refused, TemplateRefused)
    assert str(refused) == (
        "plain: line 2, column 12: there is no “nmae”. There are contact, name and number"
    )
    assert terminal.says("show", "INVOICE")["own"] is False


def test_a_file_that_is_no_text_and_options_that_exclude_each_other_are_refused(terminal, tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\xff")

    assert isinstance(
        terminal.call("set", "INVOICE", "--html", str(file)).exception, FileUnreadable
    )
    assert terminal.call("set", "INVOICE", "--html", str(file), "--plain-only").exit_code == 2
    assert isinstance(terminal.call("reset", "INVOICE").exception, NotFound)


@pytest.mark.parametrize("option", ["--plain", "--html"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "text.txt: the file is empty. Check that it is the right one"),
        (b"Hello\nM\xfcller", "text.txt, line 2: byte 0xfc is not UTF-8. Save the file as UTF-8"),
    ],
)
def test_a_file_that_holds_no_text_is_refused_by_its_name(
    terminal, tmp_path, option, content, said
):
    """Of two files it tells which."""
    (tmp_path / "text.txt").write_bytes(content)

    refused = terminal.call("set", "INVOICE", option, str(tmp_path / "text.txt"))

    assert str(refused.exception) == said


def test_a_preview_is_printed_and_its_html_written(terminal, tmp_path):
    """With sample values, to be looked at in a browser."""
    file = tmp_path / "mail.html"

    done = terminal.call("preview", "DUNNING", "--html", str(file))
    as_json = terminal.says("preview", "DUNNING", "--language", "en")

    assert done.output.startswith("1. Mahnung von Nordwind Energie GmbH\n\nGuten Tag")
    assert "1.238,21&nbsp;EUR" in file.read_text() or "1.238,21 EUR" in file.read_text()
    assert as_json["subject"] == "First notice from Nordwind Energie GmbH"
    assert as_json["html"].startswith("<!doctype html>")


def test_variables_and_filters_are_listed(terminal):
    found = terminal.says("variables", "DUNNING")

    names = [one["name"] for one in found["variables"]]
    assert {"seller.name", "notice.total", "notice.invoices", "notice.invoices[].open"} <= set(
        names
    )
    assert "|join" in [one["name"] for one in found["filters"]]
    assert "notice.payBy" in terminal.call("variables", "DUNNING").output


def test_new_plain_words_beside_old_html_are_pointed_out(terminal, tmp_path):
    """Most readers are shown the HTML part; people see the plain one, not the source of a page."""
    plain = tmp_path / "invoice.txt"
    plain.write_text("Rechnung {{ document.number }}\n", encoding="utf-8")

    beside = terminal.call("set", "INVOICE", "--plain", str(plain)).output
    alone = terminal.call("set", "INVOICE", "--plain", str(plain), "--plain-only").output

    hint = "The HTML text stays as it was: give --html as well, or --plain-only.\n"
    assert beside.endswith(hint)
    assert "<html" not in beside
    assert alone.endswith("Rechnung {{ document.number }}\n\n")
