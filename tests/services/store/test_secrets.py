"""Secrets, settings and state of adapters: encrypted, bound to their owner, apart by tenant."""

from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import func, select, update

from faktura.kernel.errors import IntegrityBroken, Misconfigured, SettingMissing
from faktura.store.adapters import AdapterStore, read_settings, write_settings
from faktura.store.database import open_database
from faktura.store.secrets import (
    KeyRing,
    SecretName,
    keys_in_use,
    new_key,
    older_secrets,
    put_secret,
    read_secrets,
    remove_secret,
    rotate_secret,
)
from faktura.store.tables import adapter_secret, adapter_state

OLD = "b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
NEW = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="


@pytest.fixture
def database(database_url, clock, ids):
    """A database with the schema."""
    opened = open_database(database_url, clock, ids)
    yield opened
    opened.close()


def row(database):
    with database.read(1) as tx:
        return tx.connection.execute(select(adapter_secret)).one()


def test_a_secret_is_kept_encrypted_with_its_keys_id(database):
    """The id is the beginning of the key's SHA-256, so that a lost key can be named."""
    keys = KeyRing([NEW, OLD])

    with database.write(1) as tx:
        put_secret(tx, keys, "stripe", "api_key", "sk_live_1")
        put_secret(tx, keys, "stripe", "api_key", "sk_live_2")

    with database.read(1) as tx:
        assert read_secrets(tx, keys, "stripe") == {"api_key": "sk_live_2"}
        assert read_secrets(tx, keys, "other") == {}
    stored = row(database)
    assert stored.key_id == sha256(NEW.encode()).hexdigest()[:8]
    assert b"sk_live" not in stored.ciphertext


def test_a_secret_of_one_tenant_is_none_of_anothers(database):
    """Every read is the tenant's own (P50)."""
    keys = KeyRing([NEW])

    with database.write(1) as tx:
        put_secret(tx, keys, "stripe", "api_key", "one")
    with database.write(2) as tx:
        put_secret(tx, keys, "stripe", "api_key", "two")
        remove_secret(tx, "stripe", "api_key")

    with database.read(1) as tx:
        assert read_secrets(tx, keys, "stripe") == {"api_key": "one"}
    with database.read(2) as tx:
        assert read_secrets(tx, keys, "stripe") == {}


@pytest.mark.parametrize(
    "moved", [{"tenant_id": 2}, {"instance": "second"}, {"name": "webhook_secret"}]
)
def test_a_secret_moved_to_another_row_is_refused(database, moved):
    """Whoever can write rows must not make one account use another one's key."""
    keys = KeyRing([NEW])
    with database.write(1) as tx:
        put_secret(tx, keys, "stripe", "api_key", "one")
        tx.connection.execute(update(adapter_secret).values(**moved))

    tenant, instance = moved.get("tenant_id", 1), moved.get("instance", "stripe")
    with database.read(tenant) as tx, pytest.raises(IntegrityBroken) as refused:
        read_secrets(tx, keys, instance)

    assert refused.value.problem == "the ciphertext belongs to another secret"


def test_a_changed_ciphertext_is_refused(database):
    """Fernet signs what it encrypts."""
    keys = KeyRing([NEW])
    with database.write(1) as tx:
        put_secret(tx, keys, "stripe", "api_key", "one")
        tx.connection.execute(update(adapter_secret).values(ciphertext=b"gAAAAABn"))

    with database.read(1) as tx, pytest.raises(IntegrityBroken) as refused:
        read_secrets(tx, keys, "stripe")

    assert str(refused.value) == "secret stripe/api_key: the ciphertext was changed"


def test_a_rotated_secret_is_read_with_the_newest_key_alone(database):
    """The ids beside the ciphertexts say which keys are in use meanwhile."""
    both = KeyRing([NEW, OLD])
    old_id, new_id = (sha256(key.encode()).hexdigest()[:8] for key in (OLD, NEW))
    with database.write(1) as tx:
        put_secret(tx, KeyRing([OLD]), "stripe", "webhook_secret", "two")
        put_secret(tx, KeyRing([OLD]), "stripe", "api_key", "one")
    with database.write(2) as tx:
        put_secret(tx, KeyRing([OLD]), "stripe", "api_key", "another's")

    with database.write(1) as tx:
        older = older_secrets(tx, both)
        first = rotate_secret(tx, both, older[0])
        again = rotate_secret(tx, both, older[0])
        gone = rotate_secret(tx, both, SecretName("stripe", "gone"))
        between = keys_in_use(tx)
        meanwhile = read_secrets(tx, both, "stripe")
        rotate_secret(tx, both, older[1])
        after = keys_in_use(tx)

    assert older == [SecretName("stripe", "api_key"), SecretName("stripe", "webhook_secret")]
    assert (first, again, gone) == (True, False, False)
    assert between == {old_id: 1, new_id: 1}
    assert meanwhile == {"api_key": "one", "webhook_secret": "two"}
    assert after == {new_id: 2}
    with database.read(1) as tx:
        assert read_secrets(tx, KeyRing([NEW]), "stripe") == meanwhile


def test_a_secret_that_was_moved_is_not_rotated(database):
    """A rotation must not make good what somebody moved here from another row."""
    with database.write(1) as tx:
        put_secret(tx, KeyRing([OLD]), "stripe", "api_key", "one")
        tx.connection.execute(update(adapter_secret).values(instance="second"))

    with database.write(1) as tx, pytest.raises(IntegrityBroken):
        rotate_secret(tx, KeyRing([NEW, OLD]), SecretName("second", "api_key"))


def test_a_key_that_is_still_needed_is_named(database):
    """The id beside the ciphertext says which key is missing."""
    with database.write(1) as tx:
        put_secret(tx, KeyRing([OLD]), "stripe", "api_key", "one")

    with database.read(1) as tx, pytest.raises(Misconfigured) as refused:
        read_secrets(tx, KeyRing([NEW]), "stripe")

    assert str(refused.value) == (
        f"FAKTURA_SECRET_KEYS: the key {sha256(OLD.encode()).hexdigest()[:8]} that the"
        " secret stripe/api_key was written with is missing. Put the key back behind the newest one,"
        " or set the secret anew"
    )


def test_without_a_key_nothing_is_kept_and_nothing_is_needed(database):
    """Who has no secrets needs no key; who has one is told how to make it."""
    with database.write(1) as tx:
        assert read_secrets(tx, KeyRing([]), "stripe") == {}
        with pytest.raises(SettingMissing) as refused:
            put_secret(tx, KeyRing([]), "stripe", "api_key", "one")

    assert refused.value.place == "FAKTURA_SECRET_KEYS"
    assert refused.value.mend == "Make one with: faktura plugins new-key"


def test_a_text_that_is_no_key_is_refused_without_showing_it():
    """It may be a good key with a typo."""
    with pytest.raises(Misconfigured) as refused:
        KeyRing(["bmV3-typo"])

    assert "typo" not in str(refused.value)
    assert refused.value.__context__ is None


def test_a_key_ring_prints_ids_only():
    """Keys reach no log."""
    assert repr(KeyRing([NEW, OLD])) == (
        f"KeyRing({sha256(NEW.encode()).hexdigest()[:8]}, {sha256(OLD.encode()).hexdigest()[:8]})"
    )


def test_a_fresh_key_works(database):
    """What `plugins new-key` prints can be put into the setting."""
    keys = KeyRing([new_key()])

    with database.write(1) as tx:
        put_secret(tx, keys, "stripe", "api_key", "ü€")

    with database.read(1) as tx:
        assert read_secrets(tx, keys, "stripe") == {"api_key": "ü€"}


def test_settings_are_kept_per_tenant_and_instance_with_exact_numbers(database):
    """JSON in, JSON out: 0.1 stays a decimal."""
    with database.write(1) as tx:
        write_settings(tx, "datev", {"client": 1})
        write_settings(tx, "datev", {"client": 2, "rate": Decimal("0.1"), "on": True})
    store = AdapterStore(database, KeyRing([]))

    assert store.settings(1, "datev") == {"client": 2, "rate": "0.1", "on": True}
    assert store.settings(1, "other") == {}
    assert store.settings(2, "datev") == {}
    assert store.secrets(1, "datev") == {}
    with database.read(1) as tx:
        assert read_settings(tx, "datev")["client"] == 2


def test_state_is_what_was_put_last(database):
    """An adapter keeps cursors; another instance and another tenant have their own."""
    store = AdapterStore(database, KeyRing([]))
    state = store.state(1, "feed")

    state.put("cursor", {"last": "2026-10-30", "page": 3})
    state.put("cursor", {"last": "2026-10-31", "page": 4})
    store.state(2, "feed").put("cursor", {"last": "2020-01-01"})

    assert state.get("cursor") == {"last": "2026-10-31", "page": 4}
    assert state.get("other") is None
    assert store.state(1, "second").get("cursor") is None
    with database.read(1) as tx:
        assert tx.connection.execute(select(func.count()).select_from(adapter_state)).scalar() == 2
