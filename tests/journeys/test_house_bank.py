"""From a mandate to the money on the account, and back: the house bank by the command line (F101-F104)."""

import json
from pathlib import Path

import pytest
from lxml import etree
from tests.journeys.house_bank import OWN, camt, credit, given_back, open_company

NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


def test_debits_are_handed_in_credited_and_one_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """71.40 come in as one sum; 35.70 go back with MD06: owed again, its contract is paid by transfer now."""
    faktura = open_company(tmp_path, monkeypatch)
    policy = faktura("payments", "policy", "show")
    policy["sepaDebit"] = {**policy["sepaDebit"], "followUp": "CONTRACT_TO_TRANSFER"}
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    faktura("payments", "policy", "set", "--file", "policy.json")

    faktura("payments", "collect")
    (preview,) = faktura("payments", "debits", "preview")
    (made,) = faktura("payments", "debits", "create", "--out", "bank")

    assert [one["invoices"] for one in preview["files"]] == [["RE-000001", "RE-000002"]]
    ((file,), message_id) = made["files"], made["files"][0]["messageId"]
    assert (file["debits"], file["total"], file["state"]) == (2, "71.40 EUR", "MADE")
    written = Path(file["path"]).read_bytes()
    root = etree.fromstring(written)
    ids = [one.text for one in root.iterfind(".//p:EndToEndId", NAMESPACE)]
    assert [one.text for one in root.iterfind(".//p:MndtId", NAMESPACE)] == [
        "M-000001", "M-000002",
    ]  # fmt: skip
    assert [one.text for one in root.iterfind(".//p:PmtInfId", NAMESPACE)] == [f"{message_id}-1"]
    again = faktura("payments", "debits", "write", "sepa", "1", "--out", "again")
    assert Path(again["path"]).read_bytes() == written

    faktura("payments", "debits", "hand-in", "sepa", "1")
    (tmp_path / "credit.xml").write_bytes(camt("S-1", credit("71.40", message_id)))
    imported = faktura("bank", "import", "credit.xml", "--account", OWN)
    shown = faktura("payments", "debits", "show", "sepa", "1")

    assert (imported["booked"], imported["open"]) == (1, 0)
    assert [one["state"] for one in shown["items"]] == ["SUCCEEDED", "SUCCEEDED"]
    assert [faktura("invoices", "show", f"RE-00000{no}")["open"] for no in (1, 2)] == [
        "0.00", "0.00",
    ]  # fmt: skip

    (tmp_path / "back.xml").write_bytes(camt("S-2", given_back(ids[1] or "", "MD06")))
    returned = faktura("bank", "import", "back.xml", "--account", OWN)

    assert (returned["returned"], returned["open"]) == (1, 0)
    assert faktura("invoices", "show", "RE-000002")["open"] == "35.70"
    (chargeback,) = faktura("payments", "chargebacks", "list")
    assert (chargeback["reason"], chargeback["amount"], chargeback["fee"]) == (
        "MD06", "35.70", "3.00",
    )  # fmt: skip
    assert chargeback["followUp"] == "CONTRACT_TO_TRANSFER"
    assert faktura("payments", "mandates", "show", "M-000002")["state"] == "SUSPENDED"

    for number in ("V-000001", "V-000002"):
        faktura("billing", "interim", number, "--date", "2026-10-01")
    faktura("payments", "collect")
    (next_month,) = faktura("payments", "debits", "preview")
    assert [one["invoices"] for one in next_month["files"]] == [["RE-000003"]]
    assert faktura("verify")["violations"] == []
