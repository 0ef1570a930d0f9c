"""The payment double's own books: a SQLite file of its own that outlives a killed process.

Tests script it, play the customer and the bank through it, and count in it what was really charged.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from faktura.testing.double_rows import Row, row_of
from faktura.testing.double_steps import Audit, Do, Step

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    no INTEGER PRIMARY KEY, key TEXT, attempt TEXT, tenant TEXT, invoice TEXT, amount TEXT,
    currency TEXT, state TEXT, body TEXT, at TEXT, fee TEXT, code TEXT, hard INTEGER, answer TEXT);
CREATE INDEX IF NOT EXISTS payment_key ON payment (key);
CREATE TABLE IF NOT EXISTS step (no INTEGER PRIMARY KEY, invoice TEXT, data TEXT);
CREATE TABLE IF NOT EXISTS call (no INTEGER PRIMARY KEY, method TEXT, key TEXT, invoice TEXT);
CREATE TABLE IF NOT EXISTS violation (no INTEGER PRIMARY KEY, text TEXT);
CREATE TABLE IF NOT EXISTS event (no INTEGER PRIMARY KEY, type TEXT, subject TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS refund (
    no INTEGER PRIMARY KEY, key TEXT UNIQUE, payment INTEGER, amount TEXT, state TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS dispute (
    no INTEGER PRIMARY KEY, payment INTEGER, amount TEXT, fee TEXT, code TEXT, state TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS page (
    no INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT, state TEXT, saved TEXT, payment INTEGER);
CREATE TABLE IF NOT EXISTS means (
    reference TEXT PRIMARY KEY, method TEXT, label TEXT, fingerprint TEXT, gone INTEGER);
"""
# States of a payment in which money was taken, or will be unless somebody stops it.
TAKEN = ("SUCCEEDED", "PENDING")


@dataclass(frozen=True, slots=True)
class DoubleStore:
    """The double's books in that file."""

    path: Path

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the books; what is committed outlives the process."""
        books = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            # The process may die at any moment, the machine need not.
            books.execute("PRAGMA journal_mode=WAL")
            books.execute("PRAGMA synchronous=OFF")
            if books.execute("PRAGMA user_version").fetchone() == (0,):
                books.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version=1;COMMIT;")
            books.execute("BEGIN IMMEDIATE")
            try:
                yield books
            except BaseException:
                books.execute("ROLLBACK")
                raise
            books.execute("COMMIT")
        finally:
            books.close()

    def script(self, *steps: Step) -> None:
        """Say what becomes of the next calls of collect and refund, each step once."""
        with self.changing() as books:
            books.executemany(
                "INSERT INTO step (invoice, data) VALUES (?, ?)",
                [(step.invoice, json.dumps(asdict(step), default=str)) for step in steps],
            )

    def payments(self) -> list[Row]:
        """All payments that it ever took or refused."""
        with self.changing() as books:
            return [row_of(one) for one in books.execute("SELECT * FROM payment ORDER BY no")]

    def payment(self, invoice: str) -> Row:
        """The last payment of an invoice; raises LookupError."""
        found = [one for one in self.payments() if one.invoice == invoice]
        if not found:
            raise LookupError(invoice)
        return found[-1]

    def calls(self, method: str = "collect") -> list[tuple[str, str]]:
        """Key and invoice of each call of that method, in their order."""
        with self.changing() as books:
            return list(
                books.execute(
                    "SELECT key, invoice FROM call WHERE method = ? ORDER BY no", [method]
                )
            )

    def audit(self) -> Audit:
        """What was really charged."""
        charges: dict[str, int] = {}
        taken = Decimal(0)
        for one in self.payments():
            if one.state in TAKEN:
                charges[one.invoice] = charges.get(one.invoice, 0) + 1
                taken += one.amount if one.state == "SUCCEEDED" else 0
        with self.changing() as books:
            refunds = books.execute("SELECT amount FROM refund WHERE state = 'SUCCEEDED'")
            taken -= sum((Decimal(amount) for (amount,) in refunds), Decimal(0))
            texts = tuple(text for (text,) in books.execute("SELECT text FROM violation"))
        return Audit(charges, taken, texts)

    def settle(self, invoice: str, at: datetime, *, fee: Decimal | None = None) -> None:
        """The bank decides for us: what was pending is paid."""
        self._decide(invoice, at, {"state": "SUCCEEDED", "fee": None if fee is None else str(fee)})

    def fail(self, invoice: str, at: datetime, code: str, *, hard: bool = False) -> None:
        """The bank decides against us: what was pending or waited for the customer is refused."""
        self._decide(invoice, at, {"state": "DECLINED", "code": code, "hard": int(hard)})

    def _decide(self, invoice: str, at: datetime, changes: Mapping[str, object]) -> None:
        row = self.payment(invoice)
        with self.changing() as books:
            for column, value in changes.items():
                books.execute(f"UPDATE payment SET {column} = ? WHERE no = ?", [value, row.no])  # noqa: S608 - columns of ours
            happened(books, f"payment.{str(changes['state']).lower()}", f"payment:{row.no}", at)

    def dispute(
        self,
        invoice: str,
        at: datetime,
        amount: Decimal,
        *,
        fee: Decimal = Decimal(0),
        code: str = "",
    ) -> str:
        """The customer's bank takes a payment back; gives the dispute's name."""
        row = self.payment(invoice)
        with self.changing() as books:
            no = books.execute(
                "INSERT INTO dispute (payment, amount, fee, code, state, at)"
                " VALUES (?, ?, ?, ?, 'OPENED', ?)",
                [row.no, str(amount), str(fee), code, at.isoformat()],
            ).lastrowid
            happened(books, "dispute.opened", f"dispute:{no}", at)
        return f"dd_{no}"

    def end_dispute(self, name: str, at: datetime, *, won: bool) -> None:
        """The dispute ends: the money comes back, or is gone."""
        no, state = int(name.removeprefix("dd_")), "WON" if won else "LOST"
        with self.changing() as books:
            books.execute("UPDATE dispute SET state = ? WHERE no = ?", [state, no])
            happened(books, f"dispute.{state.lower()}", f"dispute:{no}", at)

    def pay_page(self, page: str, at: datetime, *, saved: str = "") -> None:
        """The customer pays on a page; `saved` is the token of the means they let us keep."""
        with self.changing() as books:
            no = int(page.removeprefix("pg_"))
            body, state = books.execute(
                "SELECT body, state FROM page WHERE no = ?", [no]
            ).fetchone()
            if state != "OPEN":
                raise ValueError(f"the page {page} is {state}")
            payment = _paid_on_page(books, json.loads(body), at)
            books.execute(
                "UPDATE page SET state = 'PAID', payment = ?, saved = ? WHERE no = ?",
                [payment, saved, no],
            )
            if saved:
                self._keep(books, saved, str(json.loads(body)["method"]))

    def expire_page(self, page: str) -> None:
        """Nobody can pay on it any more."""
        with self.changing() as books:
            books.execute(
                "UPDATE page SET state = 'CLOSED' WHERE no = ? AND state = 'OPEN'",
                [int(page.removeprefix("pg_"))],
            )

    def keep_means(self, token: str, method: str = "CARD") -> None:
        """A means of payment that the double knows."""
        with self.changing() as books:
            self._keep(books, token, method)

    def forget_means(self, token: str, at: datetime) -> None:
        """The means does not exist any more there."""
        with self.changing() as books:
            books.execute("UPDATE means SET gone = 1 WHERE reference = ?", [token])
            happened(books, "means.gone", f"means:{token}", at)

    @staticmethod
    def _keep(books: sqlite3.Connection, token: str, method: str) -> None:
        books.execute(
            "INSERT OR IGNORE INTO means VALUES (?, ?, ?, ?, 0)",
            [token, method, f"Double {token[-4:]}", f"fp-{token}"],
        )


def happened(books: sqlite3.Connection, kind: str, subject: str, at: datetime) -> None:
    """Note an event that is delivered or polled."""
    books.execute(
        "INSERT INTO event (type, subject, at) VALUES (?, ?, ?)", [kind, subject, at.isoformat()]
    )


def next_step(books: sqlite3.Connection, invoice: str) -> Step:
    """The step that the script has for this call, used up; it succeeds where there is none."""
    found = books.execute(
        "SELECT no, data FROM step WHERE invoice IN ('', ?) ORDER BY no LIMIT 1", [invoice]
    ).fetchone()
    if found is None:
        return Step(Do.SUCCEED)
    books.execute("DELETE FROM step WHERE no = ?", [found[0]])
    told = json.loads(found[1])
    fee = told.pop("fee")
    return Step(Do(told.pop("do")), fee=None if fee is None else Decimal(fee), **told)


def _paid_on_page(
    books: sqlite3.Connection, page: Mapping[str, object], at: datetime
) -> int | None:
    if page["amount"] is None:
        return None
    number = str(page["invoice_number"])
    key = str(page["attempt"]).replace("-", "")
    no = books.execute(
        "INSERT INTO payment (key, attempt, tenant, invoice, amount, currency, state, body, at)"
        " VALUES (?, ?, ?, ?, ?, ?, 'SUCCEEDED', '', ?)",
        [
            key,
            page["attempt"],
            page["tenant"],
            number,
            page["amount"],
            page["currency"],
            at.isoformat(),
        ],
    ).lastrowid
    happened(books, "payment.succeeded", f"payment:{no}", at)
    return no
