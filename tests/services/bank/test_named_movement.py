"""A movement is named by its id or by a unique ending of it."""

from itertools import count
from uuid import UUID

import pytest
from tests.services.bank.statement_files import moved, statement

from faktura.kernel.errors import Conflict, FieldInvalid, NotFound
from faktura.services.named_movement import named_movement
from faktura.store import tables

FIRST = UUID("019a0000-0000-7000-8000-00000abcdef1")
SECOND = UUID("019a0000-0000-7000-8000-00001abcdef1")


@pytest.fixture
def named(scene):
    """The id a text names where there are two movements that end alike."""
    scene.upload(statement(moved("1.00", "eins"), moved("2.00", "zwei")))
    t = tables.bank_transaction
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(tables.match_decision.delete())
        for movement, new in zip(scene.movements(), (FIRST, SECOND), strict=True):
            tx.connection.execute(t.update().where(t.c.id == movement.id).values(id=new))

    def call(written: str, tenant_id: int = scene.tenant.id) -> UUID:
        with scene.database.read(tenant_id) as tx:
            return named_movement(tx, written)

    return call


@pytest.mark.parametrize(
    "written",
    [str(FIRST), FIRST.hex, "00000abcdef1", "0ABCDEF1", "8000-00000abcdef1", " 0abcdef1\n"],
)
def test_the_end_of_an_id_names_a_movement(named, written):
    """With or without hyphens, in either case."""
    assert named(written) == FIRST


def test_an_ending_that_several_ids_have_is_refused_with_their_names(named):
    """The person chooses."""
    with pytest.raises(Conflict, match=f"several ids end in abcdef1: {FIRST}, {SECOND}\\. Write"):
        named("abcdef1")


def test_of_many_ids_with_one_ending_five_are_named(scene, named):
    """A message is no list."""
    t, new_ids = tables.bank_transaction, count(0x019A_0000_0000_7000_8000_00FF_FFFF_FFFF, 1 << 48)
    lines = [moved(f"{euros}.00", "drei") for euros in range(3, 9)]
    scene.upload(statement(*lines, sequence=2), name="2.txt")
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(tables.match_decision.delete())
        for movement in scene.movements()[-6:]:
            new = UUID(int=next(new_ids))
            tx.connection.execute(
                t.update().where(t.c.amount == movement.amount.minor).values(id=new)
            )

    with pytest.raises(Conflict) as refused:
        named("ffffff")

    assert refused.value.problem.count("-00ffffffffff") == 5
    assert refused.value.problem.endswith(" and more")


def test_an_ending_that_no_id_has_is_not_found(named):
    """Also the beginning of one, and that of another tenant."""
    with pytest.raises(NotFound, match="ends in 999999"):
        named("999999")
    with pytest.raises(NotFound):
        named("019a0000")
    with pytest.raises(NotFound):
        named("0abcdef1", tenant_id=99)


@pytest.mark.parametrize("written", ["bcdef", "", "%abcdef1", "_abcdef1", "RE-000001", "0" * 33])
def test_what_cannot_be_the_end_of_an_id_is_refused(named, written):
    """Fewer than six digits could meet a movement by chance."""
    with pytest.raises(FieldInvalid) as refused:
        named(written)

    assert refused.value.place == "movement"
