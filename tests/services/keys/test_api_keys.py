"""Who comes through the REST door: proof, reach, rotation and the end of keys (F114)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.company import TENANT, Company
from tests.services.counting import counted

from faktura.domain.api_keys import (
    ApiKey,
    RandomBytes,
    Scope,
    network,
    presented_key,
    unknown_key,
    written_key,
)
from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FieldMissing,
    NotFound,
    OutOfRange,
    TransitionRefused,
)
from faktura.kernel.request_errors import (
    AddressRefused,
    ApiSwitchedOff,
    ScopeMissing,
    Unauthenticated,
)
from faktura.services.api_keys import (
    NewKey,
    authenticate,
    create_key,
    list_keys,
    note_use,
    require,
    revoke_key,
    rotate_key,
    switch_api,
)
from faktura.store.catalogue import Project, write_projects
from faktura.store.tables import api_key

HOME = ip_address("127.0.0.1")
NOBODY = UUID("019a0000-0000-7000-8000-000000000000")
READING = frozenset({Scope.CONTRACTS_READ})
MADE = datetime(2026, 10, 1, 6, tzinfo=UTC)
# 31 zero bytes and a one, in base64url.
FIRST_SECRET = "A" * 42 + "E"


def made(company: Company, random: RandomBytes, **changes: object) -> tuple[ApiKey, str]:
    """A new key of all projects, and its text."""
    new = replace(NewKey("shop", None, READING), **changes)  # type: ignore[arg-type]
    with company.database.write(company.tenant.id) as tx:
        return create_key(tx, new, random)


def opened_by(company, text, address=HOME):
    """What a text of a key gives access to."""
    presented = presented_key(text)
    with company.database.read(presented.tenant_id) as tx:
        return authenticate(tx, presented, address)


def at(company, **later: int):
    """The same company at a later moment."""
    clock = FixedClock(MADE)
    clock.advance(timedelta(**later))
    company.database = replace(company.database, clock=clock)
    return company


def test_a_key_opens_the_door_and_only_its_hash_is_kept(company, random):
    """The text is handed out once; the database could not give it back."""
    key, text = made(company, random, networks=(network("127.0.0.0/8"),), requests_per_minute=60)

    access = opened_by(company, text)

    assert text == f"fk_1_{key.id.hex}_{FIRST_SECRET}"
    assert access.key == key
    assert access.projects == {company.project.id}
    assert (key.created_at, key.expires_at, key.requests_per_minute) == (MADE, None, 60)
    with company.database.read(1) as tx:
        (row,) = tx.connection.execute(select(api_key)).all()
    assert FIRST_SECRET not in str(row)
    assert (row.scopes, row.networks) == ("contracts:read", "127.0.0.0/8")


def test_whatever_is_wrong_with_a_key_the_answer_is_the_same(company, random):
    """Unknown id, wrong secret, another tenant, no tenant, expired, revoked: nothing to learn."""
    other = Company(company.database, replace(TENANT, key="other"))
    key, text = made(company, random)
    revoked, revoked_text = made(company, random)
    _, short_text = made(company, random, lifetime=timedelta(hours=1))
    secret = text[-43:]
    with company.database.write(1) as tx:
        revoke_key(tx, revoked.id)
    at(company, hours=1)

    said = []
    for tried in (
        written_key(1, NOBODY, secret),
        written_key(1, key.id, "B" + secret[1:]),
        written_key(other.tenant.id, key.id, secret),
        written_key(999, key.id, secret),
        short_text,
        revoked_text,
    ):
        with pytest.raises(Unauthenticated) as refused:
            opened_by(company, tried)
        said.append(refused.value.as_dict())

    assert said == [unknown_key().as_dict()] * 6
    assert opened_by(company, text).key.id == key.id


def test_a_key_reaches_the_projects_that_are_switched_on(company, random):
    """F114: its own one, or without one all of them; a project is silent until it is switched on."""
    with company.database.write(1) as tx:
        second, third = (Project(tx.new_id(), key, key.title()) for key in ("second", "third"))
        write_projects(tx, [second, third])
    _, everywhere = made(company, random)
    _, own = made(company, random, project="second")

    with pytest.raises(ApiSwitchedOff) as silent:
        opened_by(company, own)
    before = opened_by(company, everywhere).projects
    with company.database.write(1) as tx:
        assert switch_api(tx, "second", on=True).api_enabled
    after = opened_by(company, everywhere).projects
    own_after = opened_by(company, own).projects
    with company.database.write(1) as tx:
        switch_api(tx, "main", on=False)
        switch_api(tx, "second", on=False)
    with pytest.raises(ApiSwitchedOff):
        opened_by(company, everywhere)

    assert silent.value.mend == "Run: faktura keys switch-on PROJECT"
    assert before == {company.project.id}
    assert after == {company.project.id, second.id}
    assert own_after == {second.id}


def test_a_project_of_another_tenant_is_never_reached(company, random):
    """Both are switched on; each key sees its own."""
    other = Company(company.database, replace(TENANT, key="other"))
    with company.database.write(other.tenant.id) as tx:
        switch_api(tx, "main", on=True)
        _, text = create_key(tx, NewKey("shop", None, READING), random)

    assert opened_by(company, text).projects == {other.project.id}
    with company.database.read(1) as tx:
        assert list_keys(tx) == []


def test_a_key_is_only_for_its_addresses(company, random):
    """Told only to who proved to have the key."""
    _, text = made(company, random, networks=(network("192.0.2.0/24"),))
    wrong = text[:-43] + FIRST_SECRET.replace("E", "I")

    with pytest.raises(AddressRefused) as refused:
        opened_by(company, text)
    with pytest.raises(Unauthenticated):
        opened_by(company, wrong)

    assert "127.0.0.1" in refused.value.problem
    assert opened_by(company, text, ip_address("192.0.2.9")).key.networks == (
        network("192.0.2.0/24"),
    )


def test_a_missing_scope_is_named(company, random):
    """So that whoever runs the calling system knows what to ask for."""
    _, text = made(company, random)
    access = opened_by(company, text)

    require(access, Scope.CONTRACTS_READ)
    with pytest.raises(ScopeMissing) as refused:
        require(access, Scope.CONTRACTS_WRITE)

    assert refused.value.problem.endswith("has no scope contracts:write")
    assert refused.value.mend == "Make a key with --scope contracts:write"


UNKEPT: list[tuple[dict[str, object], type[FakturaError], str]] = [
    ({"scopes": frozenset()}, FieldMissing, "scope"),
    ({"name": "  "}, FieldMissing, "name"),
    ({"name": "a\x1bb"}, FieldInvalid, "name"),
    ({"name": "a" * 201}, OutOfRange, "name"),
    ({"project": "gone"}, NotFound, "project"),
    ({"project": "main", "scopes": frozenset({Scope.BANK_READ})}, FieldInvalid, "scope"),
    ({"requests_per_minute": 0}, OutOfRange, "requests per minute"),
    ({"requests_per_minute": 1_000_001}, OutOfRange, "requests per minute"),
    ({"lifetime": timedelta(0)}, OutOfRange, "lifetime"),
    ({"lifetime": timedelta(days=36_501)}, OutOfRange, "lifetime"),
]


def test_a_key_that_could_not_be_kept_is_refused(company, random):
    """By the field that is wrong; nothing is written."""
    said = []

    for changes, _, _ in UNKEPT:
        with pytest.raises(FakturaError) as refused:
            made(company, random, **changes)
        said.append((type(refused.value), refused.value.place))

    assert said == [(error, place) for _, error, place in UNKEPT]
    with company.database.read(1) as tx:
        assert list_keys(tx) == []


def test_a_rotated_key_and_its_successor_are_both_valid_for_a_while(company, random):
    """Calling systems change over without a gap; afterwards only the new one opens the door."""
    key, old = made(company, random, networks=(network("127.0.0.1"),), project="main")

    with company.database.write(1) as tx:
        fresh, new = rotate_key(tx, key.id, timedelta(hours=24), random)

    assert (fresh.name, fresh.scopes, fresh.networks, fresh.project_id) == (
        "shop", READING, (network("127.0.0.1"),), company.project.id,
    )  # fmt: skip
    assert (fresh.replaces, fresh.expires_at) == (key.id, None)
    at(company, hours=23, minutes=59)
    assert opened_by(company, old).key.id == key.id
    assert opened_by(company, new).key.id == fresh.id
    at(company, hours=24)
    with pytest.raises(Unauthenticated):
        opened_by(company, old)
    assert opened_by(company, new).key.id == fresh.id


def test_a_rotation_never_lengthens_the_old_key_and_gives_the_new_one_its_time(company, random):
    """A key of 10 days, rotated after 9: it ends on day 10, its successor on day 19."""
    key, _ = made(company, random, lifetime=timedelta(days=10))
    at(company, days=9)

    with company.database.write(1) as tx:
        fresh, _ = rotate_key(tx, key.id, timedelta(days=5), random)
        old = list_keys(tx)[0]

    assert old.expires_at == datetime(2026, 10, 11, 6, tzinfo=UTC)
    assert fresh.expires_at == datetime(2026, 10, 20, 6, tzinfo=UTC)


def test_a_key_is_rotated_once(company, random):
    """The second time it would get the short life of a key that runs out."""
    key, _ = made(company, random)
    with company.database.write(1) as tx:
        fresh, _ = rotate_key(tx, key.id, timedelta(hours=1), random)

    with company.database.write(1) as tx, pytest.raises(TransitionRefused) as refused:
        rotate_key(tx, key.id, timedelta(hours=1), random)

    assert str(fresh.id) in refused.value.problem
    assert refused.value.mend == "Rotate that one"


def test_what_ended_is_not_rotated(company, random):
    """A revoked key gives nobody a new one; nor does one that does not exist, or a grace below 0."""
    key, _ = made(company, random)
    live, _ = made(company, random)

    with company.database.write(1) as tx:
        revoke_key(tx, key.id)
        with pytest.raises(TransitionRefused):
            rotate_key(tx, key.id, timedelta(hours=1), random)
        with pytest.raises(NotFound):
            rotate_key(tx, NOBODY, timedelta(hours=1), random)
        with pytest.raises(OutOfRange):
            rotate_key(tx, live.id, timedelta(seconds=-1), random)

    with company.database.read(1) as tx:
        assert [found.id for found in list_keys(tx)] == [key.id, live.id]


def test_a_revoked_key_stays_revoked_since_the_first_time(company, random):
    """Saying it twice is no error and changes nothing; another tenant's key is not found."""
    key, _ = made(company, random)
    with company.database.write(1) as tx:
        revoke_key(tx, key.id)
    at(company, hours=1)

    with company.database.write(1) as tx:
        again = revoke_key(tx, key.id)
    with company.database.write(2) as tx, pytest.raises(NotFound):
        revoke_key(tx, key.id)

    assert again.revoked_at == MADE


def test_the_last_use_only_moves_forward(company, random):
    """Several processes report, each for its own last minute; unknown keys change nothing."""
    key, _ = made(company, random)
    unused, _ = made(company, random)
    late, early = MADE + timedelta(minutes=5), MADE + timedelta(minutes=4)

    for uses in ({key.id: late, NOBODY: late}, {key.id: early}, {}):
        with company.database.write(1) as tx:
            note_use(tx, uses)
    with company.database.write(2) as tx:
        note_use(tx, {unused.id: late})

    with company.database.read(1) as tx:
        assert [found.last_used_at for found in list_keys(tx)] == [late, None]


def test_an_unknown_project_is_not_switched(company):
    """The message names those that exist."""
    with company.database.write(1) as tx, pytest.raises(NotFound) as refused:
        switch_api(tx, "gone", on=True)

    assert refused.value.mend == "Known: main"


def test_a_request_costs_one_query(company, random, database):
    """It runs before every answer; the projects come with the key."""
    _, text = made(company, random)

    with database.read(1) as tx:
        alone, asked = counted(tx)
        authenticate(alone, presented_key(text), HOME)

    assert len(asked) == 1
    assert "LEFT OUTER JOIN project" in asked[0]
