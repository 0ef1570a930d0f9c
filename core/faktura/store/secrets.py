"""Secrets of adapters at rest: encrypted, bound to their owner, keys rotated without a pause.

The keys stand in FAKTURA_SECRET_KEYS, the newest first; beside each ciphertext lies the id of the
key that wrote it, so that nobody drops a key that is still needed.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import delete, func, select
from typing_extensions import override

from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FakturaError, IntegrityBroken, Misconfigured, SettingMissing
from faktura.store.tables import adapter_secret
from faktura.store.transaction import Tx

VARIABLE = "FAKTURA_SECRET_KEYS"
_NEW_KEY = "Make one with: faktura plugins new-key"


class KeyRing:
    """The installation's keys; prints as their ids only."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are Fernet keys, the newest first; raises Misconfigured for any other text."""
        self.ids = tuple(sha256(key.encode()).hexdigest()[:8] for key in keys)
        try:
            fernets = [Fernet(key) for key in keys]
        except ValueError:
            fernets = None
        if fernets is None:
            # Raised outside of the handler: the first error's text could quote the key.
            raise Misconfigured("a key is not a Fernet key", place=VARIABLE, mend=_NEW_KEY)
        self._fernet = MultiFernet(fernets) if fernets else None

    @override
    def __repr__(self) -> str:
        """The ids of the keys."""
        return f"KeyRing({', '.join(self.ids)})"

    @property
    def newest(self) -> str:
        """The id of the key that encrypts."""
        self._keys()
        return self.ids[0]

    def encrypt(self, text: str) -> bytes:
        """The text under the newest key; raises SettingMissing where no key is set."""
        return self._keys().encrypt(text.encode())

    def decrypt(self, ciphertext: bytes, key_id: str, place: str) -> str:
        """The text; raises Misconfigured when its key is gone, IntegrityBroken when it is not ours."""
        keys = self._keys()
        if key_id not in self.ids:
            raise Misconfigured(
                f"the key {key_id} that the {place} was written with is missing",
                place=VARIABLE,
                mend="Put the key back behind the newest one, or set the secret anew",
            )
        try:
            return keys.decrypt(ciphertext).decode()
        except InvalidToken:
            raise IntegrityBroken("the ciphertext was changed", place=place) from None

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise SettingMissing(
                "secrets need a key and none is set", place=VARIABLE, mend=_NEW_KEY
            )
        return self._fernet


@dataclass(frozen=True, slots=True)
class SecretName:
    """Which secret of an adapter instance."""

    instance: str
    name: str


def new_key() -> str:
    """A fresh key for FAKTURA_SECRET_KEYS."""
    return Fernet.generate_key().decode()


def put_secret(tx: Tx, keys: KeyRing, instance: str, name: str, value: str) -> None:
    """Keep a secret of an adapter instance, replacing an earlier one."""
    ciphertext = keys.encrypt(
        canonical_json({"tenant": tx.tenant_id, "instance": instance, "name": name, "value": value})
    )
    remove_secret(tx, instance, name)
    tx.connection.execute(
        adapter_secret.insert().values(
            tenant_id=tx.tenant_id,
            instance=instance,
            name=name,
            key_id=keys.newest,
            ciphertext=ciphertext,
            changed_at=tx.now(),
        )
    )


def remove_secret(tx: Tx, instance: str, name: str) -> None:
    """Forget a secret; nothing happens if there is none."""
    tx.connection.execute(
        delete(adapter_secret).where(
            adapter_secret.c.tenant_id == tx.tenant_id,
            adapter_secret.c.instance == instance,
            adapter_secret.c.name == name,
        )
    )


def read_secrets(
    tx: Tx, keys: KeyRing, instance: str, without: Collection[str] = ()
) -> dict[str, str]:
    """The secrets of an instance in clear, by name; those of `without` are not even decrypted.

    Raises IntegrityBroken when a ciphertext was changed or moved here from another row.
    """
    return {
        name: _opened(tx, keys, instance=instance, name=name, row=row)
        for name, row in _rows(tx, instance).items()
        if name not in without
    }


def unreadable_secrets(tx: Tx, keys: KeyRing, instance: str) -> dict[str, FakturaError]:
    """Why secrets of an instance cannot be read, by name; those that can be are not among them."""
    found: dict[str, FakturaError] = {}
    for name, row in _rows(tx, instance).items():
        try:
            _opened(tx, keys, instance=instance, name=name, row=row)
        except (Misconfigured, IntegrityBroken) as error:
            found[name] = error
    return found


def older_secrets(tx: Tx, keys: KeyRing) -> list[SecretName]:
    """The tenant's secrets that are not under the newest key, by instance and name."""
    rows = tx.connection.execute(
        select(adapter_secret.c.instance, adapter_secret.c.name)
        .where(adapter_secret.c.tenant_id == tx.tenant_id, adapter_secret.c.key_id != keys.newest)
        .order_by(adapter_secret.c.instance, adapter_secret.c.name)
    )
    return [SecretName(row.instance, row.name) for row in rows]


def rotate_secret(tx: Tx, keys: KeyRing, secret: SecretName) -> bool:
    """Encrypt a secret with the newest key; False where somebody else did, or replaced it.

    Raises as `read_secrets`, and Misconfigured where its key is gone.
    """
    own = (
        adapter_secret.c.tenant_id == tx.tenant_id,
        adapter_secret.c.instance == secret.instance,
        adapter_secret.c.name == secret.name,
        adapter_secret.c.key_id != keys.newest,
    )
    row = tx.connection.execute(
        select(adapter_secret.c.ciphertext, adapter_secret.c.key_id).where(*own).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    value = _opened(
        tx,
        keys,
        instance=secret.instance,
        name=secret.name,
        row=(row.ciphertext, row.key_id),
    )
    put_secret(tx, keys, secret.instance, secret.name, value)
    return True


def keys_in_use(tx: Tx) -> dict[str, int]:
    """How many of the tenant's secrets are under each key, by the key's id."""
    rows = tx.connection.execute(
        select(adapter_secret.c.key_id, func.count().label("secrets"))
        .where(adapter_secret.c.tenant_id == tx.tenant_id)
        .group_by(adapter_secret.c.key_id)
    )
    return {row.key_id: row.secrets for row in rows}


def _rows(tx: Tx, instance: str) -> dict[str, tuple[bytes, str]]:
    """The ciphertexts of an instance with the ids of their keys, by name."""
    rows = tx.connection.execute(
        select(adapter_secret).where(
            adapter_secret.c.tenant_id == tx.tenant_id, adapter_secret.c.instance == instance
        )
    )
    return {row.name: (row.ciphertext, row.key_id) for row in rows}


def _opened(tx: Tx, keys: KeyRing, *, instance: str, name: str, row: tuple[bytes, str]) -> str:
    place = f"secret {instance}/{name}"
    content: dict[str, object] = json.loads(keys.decrypt(*row, place))
    # Fernet binds a text to no row: what it was written for stands inside it.
    owner = (content["tenant"], content["instance"], content["name"])
    if owner != (tx.tenant_id, instance, name):
        raise IntegrityBroken("the ciphertext belongs to another secret", place=place)
    return str(content["value"])
