"""faktura customers delete and faktura catalogue delete-article, as an operator calls them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.services.company import opened, small_company

from faktura.cli.main import faktura
from faktura.kernel.errors import Conflict


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `faktura` on the small company; nothing refers to its new customer K-NEW."""
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path / 'books.db'}"
    database = opened(url)
    tenant = small_company(database)
    database.close()
    runner = CliRunner()

    def run(*arguments: str):
        return runner.invoke(faktura, arguments, env={"FAKTURA_DATABASE_URL": url})

    new = tmp_path / "new.json"
    new.write_text(json.dumps([{
        "customerNumber": "K-NEW", "name": "Neu", "isBusiness": False,
        "billingAddress": {"street": "A 1", "zipCode": "24103", "city": "Kiel", "country": "DE"},
    }]))  # fmt: skip
    assert run("customers", "import", str(new)).exit_code == 0
    assert tenant.key
    return run


def test_a_customer_is_deleted_once(shell):
    """What was deleted is said; a script gets it as JSON."""
    gone = shell("customers", "delete", "K-NEW", "--json")

    assert json.loads(gone.output) == {"customerNumber": "K-NEW", "deleted": True}
    assert "K-NEW" not in shell("customers", "list").output


def test_a_customer_that_is_billed_stays(shell):
    """The command fails and says what refers to it."""
    kept = shell("customers", "delete", "K-1")

    assert isinstance(kept.exception, Conflict)
    assert "1 contract" in str(kept.exception)


def test_an_article_that_is_sold_stays(shell):
    """The command fails and says where it is sold."""
    kept = shell("catalogue", "delete-article", "A-1")

    assert isinstance(kept.exception, Conflict)
    assert "subscription item" in str(kept.exception)


def test_an_article_that_nobody_sells_is_deleted(shell, tmp_path):
    """What was deleted is said in words."""
    group = json.loads(shell("catalogue", "list", "--json").output)[0]["productGroup"]
    article = {"articleNumber": "A-NEW", "name": "New", "productGroup": group, "unit": "HOUR",
               "supply": "SERVICE", "prices": [{"unitPrice": "95"}]}  # fmt: skip
    file = tmp_path / "article.json"
    file.write_text(json.dumps({"articles": [article]}))
    assert shell("catalogue", "import", str(file)).exit_code == 0

    gone = shell("catalogue", "delete-article", "A-NEW")

    assert gone.output == "Article A-NEW is deleted.\n"
    assert "A-NEW" not in shell("catalogue", "list").output
