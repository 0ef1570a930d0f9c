"""What the core keeps for adapters: settings and state as JSON, per tenant and instance."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, select

from faktura.kernel.canonical import canonical_json
from faktura.store.database import Database
from faktura.store.secrets import KeyRing, read_secrets
from faktura.store.tables import adapter_setting, adapter_state
from faktura.store.transaction import Tx


def read_settings(tx: Tx, instance: str) -> dict[str, object]:
    """The tenant's settings of an instance, empty where there are none; numbers stay exact."""
    data = tx.connection.execute(
        select(adapter_setting.c.data).where(
            adapter_setting.c.tenant_id == tx.tenant_id, adapter_setting.c.instance == instance
        )
    ).scalar_one_or_none()
    found: dict[str, object] = {} if data is None else json.loads(data, parse_float=Decimal)
    return found


def write_settings(tx: Tx, instance: str, settings: Mapping[str, object]) -> None:
    """Replace the tenant's settings of an instance; secrets do not belong here."""
    tx.connection.execute(
        delete(adapter_setting).where(
            adapter_setting.c.tenant_id == tx.tenant_id, adapter_setting.c.instance == instance
        )
    )
    tx.connection.execute(
        adapter_setting.insert().values(
            tenant_id=tx.tenant_id, instance=instance, data=canonical_json(settings)
        )
    )


def read_state(tx: Tx, instance: str, key: str) -> object | None:
    """The value last kept under the key, None if there is none."""
    value = tx.connection.execute(
        select(adapter_state.c.value).where(
            adapter_state.c.tenant_id == tx.tenant_id,
            adapter_state.c.instance == instance,
            adapter_state.c.name == key,
        )
    ).scalar_one_or_none()
    found: object | None = None if value is None else json.loads(value)
    return found


def write_state(tx: Tx, instance: str, key: str, value: Mapping[str, object]) -> None:
    """Keep a JSON object under the key, replacing an earlier one."""
    tx.connection.execute(
        delete(adapter_state).where(
            adapter_state.c.tenant_id == tx.tenant_id,
            adapter_state.c.instance == instance,
            adapter_state.c.name == key,
        )
    )
    tx.connection.execute(
        adapter_state.insert().values(
            tenant_id=tx.tenant_id,
            instance=instance,
            name=key,
            value=canonical_json(value),
            changed_at=tx.now(),
        )
    )


@dataclass(frozen=True, slots=True)
class AdapterState:
    """The state store handed to one adapter; each call is a transaction of its own."""

    database: Database
    tenant_id: int
    instance: str

    def get(self, key: str) -> object | None:
        """The value last put under the key, None if there is none."""
        with self.database.read(self.tenant_id) as tx:
            return read_state(tx, self.instance, key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Keep a JSON object under the key."""
        with self.database.write(self.tenant_id) as tx:
            write_state(tx, self.instance, key, value)


@dataclass(frozen=True, slots=True)
class AdapterStore:
    """Settings, secrets and state of all instances, as the hub asks for them.

    `unread` are secrets that are left out: what is replaced or removed need not be readable.
    """

    database: Database
    keys: KeyRing
    unread: frozenset[str] = frozenset()

    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        """The tenant's own settings of the instance."""
        with self.database.read(tenant_id) as tx:
            return read_settings(tx, instance)

    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        """The instance's secrets in clear, by field, without the unread ones."""
        with self.database.read(tenant_id) as tx:
            return read_secrets(tx, self.keys, instance, self.unread)

    def state(self, tenant_id: int, instance: str) -> AdapterState:
        """Where the instance keeps its small state."""
        return AdapterState(self.database, tenant_id, instance)
