"""From settings to a running application: database, plugins, adapters, content store, clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faktura.bootstrap.settings import Settings, read_settings
from faktura.domain.tenants import Tenant
from faktura.flows.call_log import CallLog
from faktura.flows.outgoing import OutgoingHttp
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.registry import Registry
from faktura.kernel.clock import Clock, SystemClock
from faktura.kernel.errors import FakturaError, FieldRepeated, Misconfigured
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.payment_terms import ProviderState
from faktura.services.passwords import Passwords
from faktura.store.adapters import AdapterStore
from faktura.store.bank_connections import list_connections
from faktura.store.bank_feeds import list_feeds
from faktura.store.blobs import ContentStore, DirectoryStore, TableStore
from faktura.store.database import Database, open_database
from faktura.store.migrations import check_current
from faktura.store.object_store import ObjectStore, read_place
from faktura.store.payment_accounts import list_accounts
from faktura.store.secrets import KeyRing
from faktura.store.tenants import choose_tenant_id, list_tenants, read_tenant

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class App:
    """Everything a flow needs, put together once; close it at the end."""

    settings: Settings
    clock: Clock
    database: Database
    registry: Registry
    adapters: Adapters
    content: ContentStore
    keys: KeyRing
    passwords: Passwords = field(default_factory=Passwords)

    def tenant_id(self, key: str | None) -> int:
        """The id of the named tenant, or of the only one; raises NotFound."""
        with self.database.read(0) as tx:
            return choose_tenant_id(tx, key)

    def tenant(self, key: str | None) -> Tenant:
        """The named tenant with its settings, or the only one; raises NotFound."""
        with self.database.read(self.tenant_id(key)) as tx:
            return read_tenant(tx)

    @property
    def mail_folder(self) -> Path | None:
        """Where mails lie that no server gets: beside a SQLite file; None with PostgreSQL."""
        if self.database.is_postgresql:
            return None
        return _sqlite_file(self.settings.database_url).with_name("mails")

    def check_adapters(self) -> None:
        """Raise SettingMissing where an enabled plugin lacks a setting of a tenant: a start stops.

        Better now, with the name of the setting, than at night in a job.
        """
        with self.database.read(0) as tx:
            tenants = list_tenants(tx)
        for tenant in tenants:
            try:
                self.adapters.check(tenant.id)
                self._check_payments(tenant)
                self._check_feeds(tenant)
            except FakturaError as error:
                raise error.at(f"tenant {tenant.key}") from None

    def _check_feeds(self, tenant: Tenant) -> None:
        with self.database.read(tenant.id) as tx:
            used = {one.instance for one in list_connections(tx)}
            accesses = [one for one in list_feeds(tx) if one.instance in used]
        # Whoever has disconnected all banks may disable the plugin.
        for access in accesses:
            self.adapters.bank_feed(tenant.id, access.feed, access.instance)

    def _check_payments(self, tenant: Tenant) -> None:
        with self.database.read(tenant.id) as tx:
            accounts = list_accounts(tx)
        for account in accounts:
            # One that was paused collects nothing, and may wait for its settings.
            if account.state is not ProviderState.PAUSED:
                self.adapters.check_payment(
                    tenant.id, account.provider, account.instance, account.methods
                )
        for policy in tenant.payments.by_method.values():
            for action in policy.actions:
                self.adapters.check_action(tenant.id, action)

    def close(self) -> None:
        """Close the connections to the database."""
        self.database.close()


def open_app(environment: Mapping[str, str], *, clock: Clock | None = None) -> App:
    """Start on the settings of `environment` and of `faktura.toml` in the working directory.

    Raises Misconfigured when the database is not reachable or not at this release's version, when
    an enabled plugin is missing, broken or of a wrong api_version, and when a key is not a key.
    """
    settings = read_settings(environment, Path())
    registry = load(settings.plugins)
    keys = KeyRing(settings.secret_keys)
    time = clock or SystemClock()
    database = connect(settings, time)
    try:
        check_current(database)
    except FakturaError:
        database.close()
        raise
    adapters = Adapters(
        registry,
        AdapterStore(database, keys),
        time,
        Installation(settings.environment, settings.adapters),
        CallLog(database, OutgoingHttp(settings.private_hosts), settings.sandbox_hosts).http_of,
    )
    content = content_store(settings, database)
    return App(settings, time, database, registry, adapters, content, keys)


def connect(settings: Settings, clock: Clock) -> Database:
    """The database of these settings, whatever its version; makes the folder of a SQLite file."""
    url = settings.database_url
    if url.startswith(_SQLITE):
        try:
            _sqlite_file(url).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(
                f"its folder cannot be made: {error}", place="FAKTURA_DATABASE_URL"
            ) from error
    return open_database(url, clock, Uuid7Source(clock))


def content_store(settings: Settings, database: Database) -> ContentStore:
    """Where these settings keep rendered and received bytes; raises FieldInvalid, FieldRepeated."""
    if settings.blob_s3:
        if settings.blob_dir is not None:
            raise FieldRepeated(
                "content is to lie in a folder and in an object store",
                place="FAKTURA_BLOB_S3",
                mend="Leave it out, or FAKTURA_BLOB_DIR",
            )
        return ObjectStore(read_place(settings.blob_s3, settings.private_hosts))
    if settings.blob_dir is not None:
        return DirectoryStore(settings.blob_dir)
    if database.is_postgresql:
        return TableStore(database)
    file = _sqlite_file(settings.database_url)
    return DirectoryStore(file.with_name(f"{file.stem}-content"))


def _sqlite_file(url: str) -> Path:
    return Path(url.removeprefix(_SQLITE))
