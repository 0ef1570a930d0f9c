"""A company that collects its invoices over its house bank, by the command line alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from faktura.cli.main import faktura

OWN = "DE02120300000000202051"
_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
CATALOGUE = {
    "projects": [{"key": "cloud", "name": "Cloud"}],
    "taxGroups": [
        {
            "key": "full",
            "case": "STANDARD",
            "rates": [{"validFrom": "2021-01-01", "rate": "19"}],
        }
    ],
    "productGroups": [{"key": "hosting", "name": "Hosting", "taxGroup": "full"}],
    "articles": [
        {
            "articleNumber": "WEB-M",
            "name": "Web hosting",
            "productGroup": "hosting",
            "unit": "MONTH",
            "supply": "SERVICE",
            "recurring": True,
            "prices": [{"unitPrice": "30"}],
        }
    ],
}
CUSTOMERS = (
    "name;isBusiness;billingAddress.street;billingAddress.zipCode;billingAddress.city;"
    "billingAddress.country\nAnna Beck;false;Lindenweg 4;24103;Kiel;DE\n"
    "Ben Ott;false;Lindenweg 5;24103;Kiel;DE\n"
)
IBANS = {"K-000001": "DE89370400440532013000", "K-000002": "DE75512108001245126199"}


def contract(customer: str) -> dict[str, object]:
    """A contract over 30.00 a month, collected by direct debit, billed from September on."""
    item = {"articleNumber": "WEB-M", "quantity": "1", "billedUntil": "2026-09-01"}
    return {
        "customerNumber": customer,
        "start": "2026-01-01",
        "billingInterval": {"unit": "MONTH"},
        "paymentMethod": "SEPA_DEBIT",
        "subscriptions": [{"items": [item]}],
    }


Faktura = Callable[..., Any]


def open_company(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Faktura:
    """Runs `faktura …` in the folder and gives what it prints as JSON.

    RE-000001 of K-000001 and RE-000002 of K-000002 are issued, 35.70 each; both signed a mandate.
    """
    monkeypatch.chdir(folder)
    for name in ("DATABASE_URL", "SECRET_KEYS", "BLOB_DIR"):
        monkeypatch.delenv(f"FAKTURA_{name}", raising=False)
    monkeypatch.setenv("FAKTURA_PLUGINS", "sepa,camt,xrechnung")
    runner = CliRunner()

    def run(*arguments: str) -> Any:
        done = runner.invoke(faktura, [*arguments, "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return json.loads(done.output or "null")

    _set_up(folder, run, lambda *arguments: runner.invoke(faktura, arguments))
    return run


def _set_up(folder: Path, run: Faktura, silent: Faktura) -> None:
    silent("db", "init")
    silent(
        "tenants", "create", "nordlicht", "--name", "Nordlicht GmbH", "--street", "Kai 7",
        "--zip", "20457", "--city", "Hamburg", "--vat-id", "DE123456788", "--iban", OWN,
    )  # fmt: skip
    settings = run("tenants", "show")
    settings["seller"]["creditor_id"] = "DE98ZZZ09999999999"
    contracts = [contract(customer) for customer in IBANS]
    files = (
        ("tenant.json", json.dumps(settings)),
        ("catalogue.json", json.dumps(CATALOGUE)),
        ("customers.csv", CUSTOMERS),
        ("contracts.json", json.dumps(contracts)),
    )
    for name, text in files:
        (folder / name).write_text(text)
    silent("tenants", "update", "tenant.json")
    silent("bank", "accounts", "add", OWN, "--holder", "Nordlicht GmbH", "--ledger-account", "1200")
    run("payments", "accounts", "add", "sepa", "--methods", "SEPA_DEBIT")
    silent("catalogue", "import", "catalogue.json")
    silent("customers", "import", "customers.csv")
    for customer, iban in IBANS.items():
        run("payments", "mandates", "create", customer, "--iban", iban, "--signed-on", "2026-09-01")
    silent("contracts", "import", "contracts.json")
    silent("contracts", "activate", "V-000001", "V-000002")
    for number in ("V-000001", "V-000002"):
        run("billing", "interim", number, "--date", "2026-09-01")


def camt(name: str, *entries: str) -> bytes:
    """A statement of our bank with these entries, as a bank sends it."""
    return (
        f'<Document xmlns="{_NAMESPACE}"><BkToCstmrStmt><GrpHdr><MsgId>{name}</MsgId></GrpHdr>'
        f"<Stmt><Id>{name}</Id><Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def credit(amount: str, message_id: str) -> str:
    """One credit for a payment block of two debits; what is in it, only our own file says."""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-26</Dt></BookgDt>"
        "<ValDt><Dt>2026-11-26</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd>"
        "<SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><Btch>"
        f"<MsgId>{message_id}</MsgId><PmtInfId>{message_id}-1</PmtInfId><NbOfTxs>2</NbOfTxs>"
        "</Btch></NtryDtls></Ntry>"
    )


def given_back(end_to_end_id: str, code: str) -> str:
    """A debit of 35.70 that came back with 3.00 of charges."""
    return (
        '<Ntry><Amt Ccy="EUR">38.70</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-30</Dt></BookgDt>"
        "<ValDt><Dt>2026-11-30</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd>"
        "<SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs>"
        f"<EndToEndId>{end_to_end_id}</EndToEndId></Refs>"
        '<AmtDtls><InstdAmt><Amt Ccy="EUR">35.70</Amt></InstdAmt></AmtDtls>'
        f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>"
    )
