"""Two tenants that know nothing of each other, billed in October 2026 and looked at on its last day.

Nordwind: 2 × 30.00 + 19 % = 71.40 (overdue), 30.00 + 19 % = 35.70 (10.00 of it paid), 9.90 + 7 % =
10.59 (paid), and a contract in quarantine. Süd: 250.00 + 19 % = 297.50. Anna sees Nordwind, Berta
both of them, and Carla nothing yet.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from tests.services.company import TENANT, Company, XRechnung, bill, opened, settle

from faktura.bootstrap import App, open_app
from faktura.domain.addresses import Address
from faktura.domain.discounts import Discount
from faktura.domain.payment_terms import PaymentTerm
from faktura.flows.documents import Documents, render_documents
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.clock import FixedClock
from faktura.services.documents import Selection
from faktura.services.passwords import PasswordCost, Passwords
from faktura.services.users import add_member, create_user
from faktura.store.database import Database
from faktura.store.tables import bank_account, bank_statement, bank_transaction, bank_upload

HOSTILE = '<script>alert("K")</script> & Söhne'
LOOKED_AT = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
ANNA, BERTA, CARLA = "anna@nord.example", "berta@büro.example", "carla@nord.example"
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
# The least that argon2 takes: tests want an answer, not safety.
CHEAP = PasswordCost(1, 8, 1)
_DIGEST = bytes(32)


def company_app(url: str, folder: Path, **settings: str) -> App:
    """The application on a new database with both tenants."""
    environment: Mapping[str, str] = {
        "FAKTURA_DATABASE_URL": url,
        "FAKTURA_BLOB_DIR": str(folder / "content"),
        **settings,
    }
    database = opened(url)
    nord = _nordwind(database)
    sued = Company(
        database,
        replace(TENANT, key="sued", seller=replace(TENANT.seller, legal_name="Süd OHG")),
    )
    sued.contract(sued.customer(name="Südkunde GmbH"), "A-4")
    bill(database, nord.tenant)
    bill(database, sued.tenant)
    settle(database, nord.tenant, "RE-000002", 1_000)
    settle(database, nord.tenant, "RE-000003", 1_059)
    _leave_a_movement(database, nord.tenant.id)
    _let_in(database, nord.tenant.id, sued.tenant.id)
    database.close()
    app = replace(open_app(environment, clock=FixedClock(LOOKED_AT)), passwords=Passwords(CHEAP))
    for tenant in (nord.tenant, sued.tenant):
        documents = Documents(app.database, app.content, XRechnung(), tenant)
        render_documents(documents, Selection("RE-000001"))
    return app


def _nordwind(database: Database) -> Company:
    nord = Company(
        database,
        replace(TENANT, key="nord", seller=replace(TENANT.seller, legal_name="Nordwind GmbH")),
    )
    nord.contract(nord.customer(name=HOSTILE), "A-1", quantity=Decimal(2))
    nord.contract(nord.customer(name="Zahlt AG", payment_term=PaymentTerm(60)), "A-1")
    nord.contract(nord.customer(name="Ganz Bezahlt KG"), "A-2")
    nord.contract(nord.customer(address=Address("Weg 1", "20095", "")), "A-1")
    discounted = Discount(percent=Decimal(10), reason="Treue")
    nord.contract(
        nord.customer(), "A-1", start=date(2026, 11, 5), discount=discounted
    )  # not due yet
    return nord


def _let_in(database: Database, nord: int, sued: int) -> None:
    """Three users with one password, members of one tenant, of two and of none."""
    hashed = Passwords(CHEAP).hash(PASSWORD)
    for email, tenants in ((ANNA, [nord]), (BERTA, [nord, sued]), (CARLA, [])):
        with database.write(0) as tx:
            create_user(tx, email, name=email.partition("@")[0].title(), password_hash=hashed)
        for tenant_id in tenants:
            with database.write(tenant_id) as tx:
                add_member(tx, email)


def _leave_a_movement(database: Database, tenant_id: int) -> None:
    """One bank movement that waits for a person."""
    with database.write(tenant_id) as tx:
        account, statement = tx.new_id(), tx.new_id()
        for table, values in (
            (bank_account, {"id": account, "iban": "DE02120300000000202051", "holder": "Nordwind",
                            "currency": "EUR"}),
            (bank_upload, {"bank_account_id": account, "sha256": _DIGEST, "filename": "a.xml",
                           "format": "camt.053", "report": "{}", "imported_at": tx.now()}),
            (bank_statement, {"id": statement, "bank_account_id": account,
                              "upload_sha256": _DIGEST, "message_id": "m", "statement_id": "s",
                              "warnings": "[]"}),
            (bank_transaction, {"id": tx.new_id(), "bank_account_id": account,
                                "statement_id": statement, "dedup_key": _DIGEST,
                                "booked_on": date(2026, 10, 30), "value_on": date(2026, 10, 30),
                                "amount": 500, "currency": "EUR", "counterparty": "?",
                                "state": MovementState.OPEN, "data": "{}",
                                "imported_at": tx.now()}),
        ):  # fmt: skip
            tx.connection.execute(table.insert().values(tenant_id=tenant_id, **values))
