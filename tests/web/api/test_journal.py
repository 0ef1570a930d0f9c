"""The books through the REST door: journal, entries by hand, locks, accounts, balances."""

from typing import Any

import pytest
from tests.services.company import settle

from faktura.domain.api_keys import Scope

FEES: dict[str, Any] = {
    "reference": "R-1",
    "valueDate": "2026-10-20",
    "text": "Kontoführung",
    "lines": [
        {"account": "4970", "side": "D", "amount": "12.50", "costCentre": "100"},
        {"account": "1200", "side": "C", "amount": "12.50"},
    ],
}


@pytest.fixture
async def bank(nord):
    """The account 1200 is set up."""
    made = await nord.post("/LedgerAccounts", {"number": "1200", "name": "Hausbank"})
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/LedgerAccounts/1200")


async def keys(caller, query=""):
    """The keys of the entries that a query finds."""
    return [one["key"] for one in (await caller.get(f"/JournalEntries{query}")).json["data"]]


async def test_the_journal_is_listed_page_by_page(nord):
    """In its own order; a cursor goes on behind the last one."""
    first = (await nord.get("/JournalEntries?limit=2")).json
    rest = (await nord.get(f"/JournalEntries?cursor={first['nextCursor']}")).json

    assert [one["seq"] for one in first["data"] + rest["data"]] == [1, 2, 3, 4, 5, 6]
    assert rest["nextCursor"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?from=2026-10-02", ["pay:RE-000002:1", "pay:RE-000003:1"]),
        ("?until=2026-10-01&account=10001", ["inv:RE-000001"]),
        ("?kind=PAYMENT&customerNumber=K-2", ["pay:RE-000002:1"]),
        (
            "?kind=PAYMENT&kind=INVOICE&invoiceNumber=RE-000003",
            ["inv:RE-000003", "pay:RE-000003:1"],
        ),
        ("?costCentre=100", []),
        ("?late=true", []),
        ("?late=false&invoiceNumber=RE-000001", ["inv:RE-000001"]),
    ],
)
async def test_filters_hold_together(nord, query, expected):
    assert await keys(nord, query) == expected


async def test_one_entry_is_shown_whole(nord):
    """RE-000003: 9.90 at 7 % are 10.59."""
    entry = (await nord.get("/JournalEntries/inv:RE-000003")).json

    assert (entry["kind"], entry["valueDate"], entry["bookedOn"]) == (
        "INVOICE",
        "2026-10-01",
        "2026-10-01",
    )
    assert [
        (leg["account"], leg["side"], leg["amount"], leg["taxRate"]) for leg in entry["legs"]
    ] == [
        ("1400", "D", "10.59", None),
        ("8300", "C", "9.90", "7"),
        ("1771", "C", "0.69", "7"),
    ]
    assert (entry["invoiceNumber"], entry["customerNumber"]) == ("RE-000003", "K-3")
    assert len(entry["sha256"]) == 64
    assert (await nord.get("/JournalEntries/inv:NONE")).status == 404


async def test_an_entry_by_hand_is_posted_once_and_taken_back_once(nord, bank):
    """The same again is the same entry; who did it is the key's name."""
    made = await nord.post("/JournalEntries", FEES)
    again = await nord.post("/JournalEntries", FEES)
    other = await nord.post("/JournalEntries", {**FEES, "text": "Porto"})
    back = await nord.post("/JournalEntries/man:R-1/reverse", {"reason": "Falsch"})
    twice = await nord.post("/JournalEntries/man:R-1/reverse", {"reason": "Falsch"})

    assert (made.status, made.headers["Location"]) == (201, "/api/v1/JournalEntries/man:R-1")
    assert (made.json["isNew"], made.json["isLate"], made.json["createdBy"]) == (
        True,
        False,
        "test",
    )
    assert again.json == {**made.json, "isNew": False}
    assert (other.status, other.json["errorKey"]) == (409, "conflict")
    assert (back.status, back.json["reversesKey"], back.json["valueDate"]) == (
        201,
        "man:R-1",
        "2026-10-31",
    )
    assert (twice.status, twice.json["errorKey"]) == (409, "conflict")
    assert await keys(nord, "?costCentre=100") == ["man:R-1", "rev:man:R-1"]


@pytest.mark.parametrize(
    ("line", "status", "key", "field"),
    [
        ({"amount": "12.51"}, 422, "entry_unbalanced", "/lines"),
        ({"amount": "0"}, 422, "out_of_range", "/lines/0/amount"),
        ({"account": "4711"}, 422, "field_invalid", "/lines/0/account"),
        ({"account": "1400"}, 422, "field_invalid", "/lines/0/account"),
        ({"account": "10001"}, 422, "field_invalid", "/lines/0/account"),
        ({"account": "980"}, 422, "field_invalid", "/lines/0/account"),
        ({"side": "S"}, 422, "unknown_term", "/lines/0/side"),
    ],
)
async def test_what_cannot_be_booked_is_named(nord, bank, line, status, key, field):
    lines = [{**FEES["lines"][0], **line}, FEES["lines"][1]]
    answered = await nord.post("/JournalEntries", {**FEES, "lines": lines})

    assert (answered.status, answered.json["errorKey"]) == (status, key), answered.body
    assert answered.json["field"] == field


async def test_what_an_act_of_its_own_takes_back_is_not_taken_back_by_hand(nord):
    answered = await nord.post("/JournalEntries/inv:RE-000001/reverse", {"reason": "Falsch"})

    assert (answered.status, answered.json["errorKey"]) == (422, "transition_refused")


async def test_a_lock_moves_later_entries_to_the_first_open_day(nord, bank):
    """September is over on 31 October; October is not."""
    early = await nord.post("/PeriodLocks", {"month": "2026-10", "reason": "Abgabe"})
    made = await nord.post("/PeriodLocks", {"month": "2026-09", "reason": "Abgabe"})
    again = await nord.post("/PeriodLocks", {"month": "2026-09", "reason": "Abgabe"})
    entry = await nord.post("/JournalEntries", {**FEES, "valueDate": "2026-09-15"})

    assert (early.status, early.json["errorKey"]) == (422, "out_of_range")
    assert (made.status, made.headers["Location"]) == (201, "/api/v1/PeriodLocks/1")
    assert (made.json["lockedTo"], made.json["by"], made.json["drafts"]) == (
        "2026-09-30",
        "test",
        [],
    )
    assert made.json["deferralsDue"] == 0
    assert (again.status, again.json["errorKey"]) == (409, "conflict")
    assert (entry.json["isLate"], entry.json["bookedOn"]) == (True, "2026-10-01")
    (listed,) = (await nord.get("/PeriodLocks")).json["data"]
    assert listed == (await nord.get("/PeriodLocks/1")).json
    assert (await nord.get("/PeriodLocks/2")).status == 404


async def test_a_lock_needs_a_month_that_there_is(nord):
    answered = await nord.post("/PeriodLocks", {"month": "2026-13", "reason": "Abgabe"})

    assert (answered.status, answered.json["errorKey"]) == (422, "date_unreadable")


async def test_the_trial_balance_has_names_and_openings(nord):
    """71.40 + 35.70 + 10.59 + 35.70 are owed before the 20th; 20.59 are paid then."""
    answered = await nord.get("/TrialBalance?from=2026-10-20&until=2026-10-31")

    (balance,) = answered.json["balances"]
    (owed,) = [row for row in balance["accounts"] if row["account"] == "1400"]
    assert owed == {
        "account": "1400",
        "name": "Forderungen aus Lieferungen u. Leistg.",
        "opening": "153.39",
        "debit": "0.00",
        "credit": "20.59",
        "balance": "132.80",
    }
    assert (balance["currency"], balance["debit"], balance["credit"]) == ("EUR", "20.59", "20.59")


async def test_setting_an_account_posts_what_waited_for_it(app, nord):
    """A payment into a bank account without a ledger account waits; the key is as entries write it."""
    iban = "DE02120300000000202051"
    assert (await nord.post("/BankAccounts", {"iban": iban, "holder": "Nord"})).status == 201
    tenant = app.tenant("nord")
    settle(app.database, tenant, "RE-000001", 1000, account=None)
    (draft,) = (await nord.get("/AccountingDrafts")).json["data"]
    bank = await nord.post("/AccountKeys", {"key": f"BANK:{iban}", "account": "1210"})
    done = await nord.post("/AccountKeys", {"key": "REVENUE:OSS", "account": "8320"})
    wrong = await nord.post("/AccountKeys", {"key": "REVENUE:OSS", "account": "832"})

    assert (draft["key"], draft["missing"], draft["valueDate"]) == (
        "pay:RE-000001:1",
        [f"BANK:{iban}"],
        "2026-10-20",
    )
    assert (bank.json["posted"], bank.json["stillWaiting"]) == (1, 0)
    assert (await nord.get("/AccountingDrafts")).json["data"] == []
    assert (done.status, done.json) == (
        200,
        {"key": "REVENUE:OSS", "account": "8320", "posted": 0, "stillWaiting": 0},
    )
    assert (wrong.status, wrong.json["errorKey"]) == (422, "field_invalid")
    listed = (await nord.get("/AccountKeys")).json["data"]
    assert {"key": "REVENUE:OSS", "account": "8320", "source": "tenant"} in listed


async def test_accounts_have_names_that_can_be_changed(nord, bank):
    """Under a condition on what was read, where one is given."""
    read = await nord.get("/LedgerAccounts/1200")
    renamed = await nord.patch(
        "/LedgerAccounts/1200", {"name": "Bank Nord"}, If_Match=read.headers["ETag"]
    )
    stale = await nord.patch(
        "/LedgerAccounts/1200", {"name": "Bank Süd"}, If_Match=read.headers["ETag"]
    )
    same = await nord.patch("/LedgerAccounts/1200", {})

    assert renamed.json == same.json == {"number": "1200", "name": "Bank Nord", "source": "own"}
    assert stale.status == 412
    listed = (await nord.get("/LedgerAccounts")).json["data"]
    assert {"number": "1200", "name": "Bank Nord", "source": "own"} in listed
    assert (await nord.get("/LedgerAccounts/4711")).status == 404


@pytest.mark.parametrize(("order", "last"), [("value", "25.70"), ("recorded", "25.70")])
async def test_a_customers_account_comes_in_either_order(nord, order, last):
    """35.70 on 1 October, 10.00 paid on the 20th."""
    found = (await nord.get(f"/Customers/K-2/Account?order={order}")).json
    part = (await nord.get("/Customers/K-2/Account?from=2026-10-02")).json["accounts"]

    (account,) = found["accounts"]
    assert (found["order"], account["opening"], account["closing"]) == (order, "0.00", last)
    assert [(row["fact"], row["amount"], row["balance"]) for row in account["rows"]] == [
        ("INVOICE", "35.70", "35.70"),
        ("PAYMENT", "-10.00", "25.70"),
    ]
    assert (part[0]["opening"], len(part[0]["rows"]), part[0]["closing"]) == ("35.70", 1, "25.70")


async def test_the_books_are_for_keys_of_accounting(calling, bank):
    """To read is not to write; other scopes see nothing of them."""
    reader = calling("nord", scopes=frozenset({Scope.ACCOUNTING_READ}))
    other = calling("nord", scopes=frozenset({Scope.BANK_READ, Scope.INVOICES_READ}))
    paths = ("JournalEntries", "TrialBalance", "AccountingDrafts", "LedgerAccounts", "PeriodLocks")

    assert {(await reader.get(f"/{path}")).status for path in paths} == {200}
    assert {(await other.get(f"/{path}")).status for path in paths} == {403}
    assert (await reader.post("/JournalEntries", FEES)).status == 403
