"""Users and what they are members of, on both databases."""

import pytest
from tests.services.users.conftest import FIRST, MIA, SECOND

from faktura.kernel.errors import Conflict, FieldInvalid, NotFound
from faktura.services.users import (
    add_member,
    all_users,
    create_user,
    disable_user,
    enable_user,
    remove_member,
    set_password,
    user_of,
)
from faktura.store.users import find_members_tenant, is_member, list_members_tenants


def test_an_address_is_there_once(database, mia):
    """In capitals or not; what was there stays as it was."""
    with (
        pytest.raises(Conflict, match=f"there is a user {MIA} already"),
        database.write(0) as tx,
    ):
        create_user(tx, "MIA@Verlag.Example", name="Somebody else")

    with database.read(0) as tx:
        assert user_of(tx, " Mia@VERLAG.example ") == mia


def test_a_name_is_printed_on_pages(database):
    """Nothing invisible, nothing endless."""
    for name in ("a\nb", "a\x00", "x" * 101):
        with pytest.raises(FieldInvalid, match="is no name"), database.write(0) as tx:
            create_user(tx, MIA, name=name)


def test_a_user_sees_the_tenants_they_are_a_member_of(database, mia):
    """F135: any number of them, by one sign-in; a second time changes nothing."""
    with database.write(SECOND) as tx:
        add_member(tx, MIA)
        add_member(tx, MIA)

    with database.read(0) as tx:
        assert [tenant.key for tenant in list_members_tenants(tx, mia.id)] == ["first", "second"]
        assert find_members_tenant(tx, mia.id, "second") == SECOND
        (entry,) = all_users(tx)
    assert (entry.user, list(entry.tenants)) == (mia, ["first", "second"])


def test_a_membership_ends(database, mia):
    """And does not end twice."""
    with database.write(FIRST) as tx:
        remove_member(tx, MIA)

    with database.read(FIRST) as tx:
        assert not is_member(tx, mia.id)
        assert find_members_tenant(tx, mia.id, "first") is None
        assert [entry.tenants for entry in all_users(tx)] == [[]]
    with pytest.raises(NotFound, match="no member"), database.write(FIRST) as tx:
        remove_member(tx, MIA)


def test_a_tenant_of_others_is_not_found(database, mia):
    """Like one that does not exist."""
    with database.read(0) as tx:
        assert find_members_tenant(tx, mia.id, "second") is None
        assert find_members_tenant(tx, mia.id, "third") is None


def test_a_user_is_disabled_and_comes_back(database, mia, clock):
    """The row stays: who did something is still known."""
    with database.write(0) as tx:
        disable_user(tx, MIA)
    with database.read(0) as tx:
        disabled = user_of(tx, MIA)
    with database.write(0) as tx:
        enable_user(tx, MIA)

    assert disabled.disabled_at == clock.now()
    with database.read(0) as tx:
        assert user_of(tx, MIA) == mia


@pytest.mark.parametrize(
    "act",
    [
        lambda tx: set_password(tx, "no@body.example", "hash"),
        lambda tx: disable_user(tx, "no@body.example"),
        lambda tx: enable_user(tx, "no@body.example"),
        lambda tx: add_member(tx, "no@body.example"),
        lambda tx: remove_member(tx, "no@body.example"),
    ],
    ids=["password", "disable", "enable", "add", "remove"],
)
def test_nobody_is_named(database, act):
    """With the command that lists who there is."""
    with (
        pytest.raises(NotFound, match=r"there is no user “no@body\.example”") as refused,
        database.write(FIRST) as tx,
    ):
        act(tx)

    assert "faktura users list" in refused.value.mend
