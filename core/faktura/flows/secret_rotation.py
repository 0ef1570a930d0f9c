"""Bringing the secrets of all tenants under the newest key, in short transactions.

Whoever reads meanwhile finds each secret under the one key or the other. Killed anywhere, it is
taken up by the next call: what is under the newest key already is left alone.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError, IntegrityBroken, Misconfigured
from faktura.store.database import Database
from faktura.store.secrets import KeyRing, keys_in_use, older_secrets, rotate_secret
from faktura.store.tenants import list_tenants

# Well below 100 ms on SQLite, where nobody else can write meanwhile.
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Rotation:
    """What came of it: `rotated` secrets, how many lie under each key now, what could not be read."""

    rotated: int
    in_use: Mapping[str, int]
    problems: tuple[FakturaError, ...]


def rotate_all_secrets(database: Database, keys: KeyRing) -> Rotation:
    """Encrypt every older secret with the newest key; raises SettingMissing where there is none.

    A secret whose key is missing or that was changed is a problem of its own: the rest goes on.
    """
    with database.read(0) as tx:
        tenants = list_tenants(tx)
    rotated, problems = 0, list[FakturaError]()
    in_use = Counter[str]()
    for tenant in tenants:
        done, failed = _rotate_tenant(database, keys, tenant)
        rotated += done
        problems += failed
        with database.read(tenant.id) as tx:
            in_use.update(keys_in_use(tx))
    return Rotation(rotated, in_use, tuple(problems))


def _rotate_tenant(
    database: Database, keys: KeyRing, tenant: Tenant
) -> tuple[int, list[FakturaError]]:
    with database.read(tenant.id) as tx:
        older = older_secrets(tx, keys)
    rotated, problems = 0, list[FakturaError]()
    for start in range(0, len(older), _AT_ONCE):
        with database.write(tenant.id) as tx:
            for secret in older[start : start + _AT_ONCE]:
                try:
                    rotated += rotate_secret(tx, keys, secret)
                except (Misconfigured, IntegrityBroken) as error:
                    problems.append(error.at(f"tenant {tenant.key}"))
    return rotated, problems
