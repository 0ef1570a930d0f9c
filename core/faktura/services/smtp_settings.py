"""Keeping a tenant's mail server; what waits for it is tried at once."""

from collections.abc import Collection, Mapping

from faktura.services.mail_pump import start_sending
from faktura.services.mail_rest import end_rest
from faktura.store.adapters import read_settings, write_settings
from faktura.store.secrets import KeyRing, put_secret, remove_secret
from faktura.store.transaction import Tx

_INSTANCE = "smtp"


def keep_smtp(
    tx: Tx,
    keys: KeyRing,
    fields: Mapping[str, object],
    secrets: Mapping[str, str],
    removed: Collection[str],
) -> None:
    """Keep these fields beside the others, take the removed ones back, and begin to send.

    The caller has tried what they come to. Raises Misconfigured where no key for secrets is set.
    """
    for name in removed:
        remove_secret(tx, _INSTANCE, name)
    for name, secret in secrets.items():
        put_secret(tx, keys, _INSTANCE, name, secret)
    kept = {**read_settings(tx, _INSTANCE), **fields}
    left = {name: value for name, value in kept.items() if name not in removed}
    write_settings(tx, _INSTANCE, left)
    end_rest(tx)
    start_sending(tx)
