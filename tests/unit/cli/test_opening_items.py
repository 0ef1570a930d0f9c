"""faktura customers import-balances: what another system left open (P54)."""

from tests.unit.cli.test_master_data import company, filled, shown

from faktura.services.imports.findings import ImportRefused

__all__ = ["company", "filled"]

BALANCES = (
    "customerNumber;number;issuedOn;dueOn;amount;currency;text\n"
    "K-000001;ALT-17;2026-08-15;2026-09-14;119.00;;Wartung\n"
    "K-000001;ALT-18;2026-08-20;2026-08-20;-19.00;EUR;\n"
)


def test_balances_are_taken_over_once(filled, tmp_path):
    """119.00 - 19.00 = 100.00 is open; the same file again is refused."""
    (tmp_path / "balances.csv").write_text(BALANCES)

    tried = filled("customers", "import-balances", "balances.csv", "--dry-run")
    done = filled("customers", "import-balances", "balances.csv")
    again = filled("customers", "import-balances", "balances.csv")

    assert tried.output == "2 opening items would be taken over; nothing was written.\n"
    assert done.output == "2 opening items are taken over.\n"
    assert isinstance(again.exception, ImportRefused)
    (account,) = shown(filled, "customers", "show", "K-000001")["accounts"]
    assert account["balance"] == "100.00"
    assert filled("verify").exit_code == 0


def test_the_numbers_are_printed_for_scripts(filled, tmp_path):
    """--json."""
    (tmp_path / "balances.csv").write_text(BALANCES)

    found = shown(filled, "customers", "import-balances", "balances.csv")

    assert found == {"dryRun": False, "numbers": ["ALT-17", "ALT-18"]}
