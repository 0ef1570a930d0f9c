"""`faktura db rotate-secrets`: all tenants, in short transactions, whatever is in the way."""

from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import event, update
from tests.services.company import TENANT, Company

from faktura.flows.secret_rotation import rotate_all_secrets
from faktura.kernel.errors import SettingMissing
from faktura.store.secrets import KeyRing, put_secret, read_secrets
from faktura.store.tables import adapter_secret

LOST = "bG9zdGxvc3Rsb3N0bG9zdGxvc3Rsb3N0bG9zdGxvc3Q="
OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="


def key_id(key: str) -> str:
    """The beginning of the key's SHA-256."""
    return sha256(key.encode()).hexdigest()[:8]


def keep(company, *names: str, instance: str = "stripe", key: str = OLD):
    """Keep secrets of an instance under that key; the value is the name."""
    with company.database.write(company.tenant.id) as tx:
        for name in names:
            put_secret(tx, KeyRing([key]), instance, name, name)


def test_the_secrets_of_every_tenant_come_under_the_newest_key(company):
    """250 and 1 of them: a batch is at most 100, each in a transaction of its own."""
    other = Company(company.database, replace(TENANT, key="other"))
    keep(company, *(f"s-{no:03}" for no in range(250)))
    keep(other, "api_key")
    keep(other, "pin", key=NEW)
    ends = []
    event.listen(company.database.engine, "commit", lambda _connection: ends.append(1))

    done = rotate_all_secrets(company.database, KeyRing([NEW, OLD]))
    transactions = len(ends)
    again = rotate_all_secrets(company.database, KeyRing([NEW]))

    assert (done.rotated, done.in_use, done.problems) == (251, {key_id(NEW): 252}, ())
    assert (again.rotated, again.in_use, again.problems) == (0, {key_id(NEW): 252}, ())
    # Reads: the tenants, and before and after for each of two; writes: 3 batches and 1.
    assert transactions == 5 + 4
    with company.database.read(1) as tx:
        assert read_secrets(tx, KeyRing([NEW]), "stripe")["s-249"] == "s-249"


def test_a_secret_that_cannot_be_read_holds_up_no_other(company):
    """Each is named with its tenant; the keys in use say what must not be dropped."""
    keep(company, "a", "b")
    keep(company, "c", key=LOST)
    keep(company, "d", instance="broken")
    with company.database.write(1) as tx:
        tx.connection.execute(
            update(adapter_secret)
            .where(adapter_secret.c.instance == "broken")
            .values(ciphertext=b"x")
        )

    done = rotate_all_secrets(company.database, KeyRing([NEW, OLD]))

    assert done.rotated == 2
    assert done.in_use == {key_id(NEW): 2, key_id(OLD): 1, key_id(LOST): 1}
    assert [(error.place, error.problem) for error in done.problems] == [
        ("tenant werk, secret broken/d", "the ciphertext was changed"),
        (
            "tenant werk, FAKTURA_SECRET_KEYS",
            f"the key {key_id(LOST)} that the secret stripe/c was written with is missing",
        ),
    ]


def test_without_a_key_nothing_is_rotated(company):
    """The message says how to make one."""
    with pytest.raises(SettingMissing) as refused:
        rotate_all_secrets(company.database, KeyRing([]))

    assert refused.value.mend == "Make one with: faktura plugins new-key"
