"""The secrets that webhooks are signed with: made here, replaced with a day in which both sign.

Whoever replaces one again within that day, because the answer with the new one was lost, does not end
the one that the receiver still proves by.
"""

from collections.abc import Mapping

from faktura.domain.webhook_signing import RandomBytes, Signer, new_signing_secret
from faktura.domain.webhooks import GRACE, Endpoint
from faktura.store.secrets import (
    KeyRing,
    put_secret,
    read_secrets,
    remove_secret,
    unreadable_secrets,
)
from faktura.store.transaction import Tx

_CURRENT, _FORMER = "secret", "former"
# So many sign along at most, the newest of them.
_MOST_FORMER = 3


def make_secret(tx: Tx, keys: KeyRing, endpoint: Endpoint, random: RandomBytes) -> str:
    """A new secret for the endpoint, kept encrypted; those that were live sign along as former ones.

    One that cannot be read signs nothing and is gone. Raises SettingMissing where the installation has
    no key.
    """
    instance = endpoint.secret_instance
    unread = unreadable_secrets(tx, keys, instance)
    for name in unread:
        remove_secret(tx, instance, name)
    kept = read_secrets(tx, keys, instance)
    if _CURRENT in kept:
        former = _live(tx, endpoint, kept)[:_MOST_FORMER]
        put_secret(tx, keys, instance, _FORMER, " ".join(former))
    made = new_signing_secret(random)
    put_secret(tx, keys, instance, _CURRENT, made)
    return made


def current_secret(tx: Tx, keys: KeyRing, endpoint: Endpoint) -> str:
    """The secret that a receiver is to know now; raises as `read_secrets`."""
    return read_secrets(tx, keys, endpoint.secret_instance)[_CURRENT]


def signer_of(tx: Tx, keys: KeyRing, endpoint: Endpoint) -> Signer:
    """Signs with all secrets that are live, the newest first; raises as `read_secrets`."""
    return Signer.of(_live(tx, endpoint, read_secrets(tx, keys, endpoint.secret_instance)))


def _live(tx: Tx, endpoint: Endpoint, kept: Mapping[str, str]) -> list[str]:
    rotated = endpoint.rotated_at
    if _FORMER in kept and rotated is not None and tx.now() < rotated + GRACE:
        return [kept[_CURRENT], *kept[_FORMER].split()]
    return [kept[_CURRENT]]


def forget_secrets(tx: Tx, endpoint: Endpoint) -> None:
    """The endpoint is removed, and so are its secrets."""
    for name in (_CURRENT, _FORMER):
        remove_secret(tx, endpoint.secret_instance, name)
