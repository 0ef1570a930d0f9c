"""Opening a database for the sample company and importing its files, as a user would."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from faktura.bootstrap import App, connect, open_app, read_settings
from faktura.domain.tenants import Tenant
from faktura.flows.imports import import_file
from faktura.kernel.clock import FixedClock, SystemClock
from faktura.kernel.errors import Conflict
from faktura.services.bank_accounts import add_bank_account
from faktura.services.imports.catalogue import import_catalogue, read_catalogue_file
from faktura.services.imports.contracts import import_contracts, read_contract_file
from faktura.services.imports.customers import import_customers, read_customer_file
from faktura.services.imports.entries import ImportFile
from faktura.services.tenants import set_up_tenant
from faktura.services.users import add_member, create_user
from faktura.store.given_json import read_given
from faktura.store.migrations import upgrade
from faktura.store.tenants import list_tenants
from faktura.store.users import find_user

KEY = "lindenhof"
USER = "demo@faktura.example"
FOLDER = Path("var/demo")
MORNING_OF_THE_RUN = datetime(2026, 10, 1, 6, tzinfo=UTC)
_LEDGER_ACCOUNT = "1200"

# What the demo needs besides the user's own settings: its plugins, and whose books DATEV is for.
_SETTINGS = {
    "FAKTURA_PLUGINS": "xrechnung,zugferd,camt,datev",
    "FAKTURA_DATEV__CONSULTANT": "29098",
    "FAKTURA_DATEV__CLIENT": "55003",
}


def demo_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of the demo: the user's database where one is set, else a fresh one.

    Without FAKTURA_DATABASE_URL the folder var/demo is emptied and holds everything.
    """
    settings = {**environment, **_SETTINGS}
    if not environment.get("FAKTURA_DATABASE_URL"):
        shutil.rmtree(FOLDER, ignore_errors=True)
        settings["FAKTURA_DATABASE_URL"] = f"sqlite:///{FOLDER}/faktura.db"
    return settings


def open_demo(settings: Mapping[str, str]) -> tuple[App, FixedClock]:
    """The application on a set-up database, with the clock of the demo's month.

    Raises Conflict when tenants other than the sample company live in the database.
    """
    database = connect(read_settings(settings, Path()), SystemClock())
    try:
        upgrade(database)
        with database.read(0) as tx:
            others = [tenant.key for tenant in list_tenants(tx) if tenant.key != KEY]
    finally:
        database.close()
    if others:
        raise Conflict(
            f"the database holds other tenants: {', '.join(others)}",
            place="FAKTURA_DATABASE_URL",
            mend="Give the demo an empty database, or none: then it makes its own in var/demo",
        )
    clock = FixedClock(MORNING_OF_THE_RUN)
    return open_app(settings, clock=clock), clock


def data_file(name: str) -> bytes:
    """One of the company's files."""
    return files("faktura.demo").joinpath("data", name).read_bytes()


def load_company(app: App) -> Tenant:
    """The sample company, imported unless it is there already."""
    with app.database.read(0) as tx:
        present = [tenant for tenant in list_tenants(tx) if tenant.key == KEY]
    if present:
        return present[0]
    with app.database.write(0) as tx:
        settings = data_file("tenant.json").decode()
        wanted = read_given(settings, Tenant, place="tenant.json", fixed={"id": 0, "key": KEY})
        tenant = set_up_tenant(tx, wanted)
    with app.database.write(tenant.id) as tx:
        add_bank_account(
            tx,
            tenant.seller.iban,
            holder=tenant.seller.account_holder,
            bic=tenant.seller.bic,
            ledger_account=_LEDGER_ACCOUNT,
        )
    database = app.database
    import_file(database, tenant, _file("catalogue.json"), read_catalogue_file, import_catalogue)
    import_file(database, tenant, _file("customers.json"), read_customer_file, import_customers)
    import_file(database, tenant, _file("contracts.json"), read_contract_file, import_contracts)
    return tenant


def load_user(app: App, tenant: Tenant) -> None:
    """Who looks at the sample company: without a password, so only by a link from this machine."""
    with app.database.write(tenant.id) as tx:
        if find_user(tx, USER) is None:
            create_user(tx, USER, name="Demo")
        add_member(tx, USER)


def _file(name: str) -> ImportFile:
    return ImportFile(name, data_file(name))
