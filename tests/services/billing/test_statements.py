"""How many statements a chunk takes: as many for forty contracts as for four, joined or not (O21)."""

from dataclasses import replace

import pytest
from sqlalchemy import event
from tests.services.billing.scene import START, Scene


def statements(scene: Scene, contracts: int) -> int:
    """The statements of a run over so many contracts, two of each customer."""
    for _ in range(contracts // 2):
        owner = scene.customer()
        for _ in range(2):
            scene.contract(owner)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(scene.database.engine, "before_cursor_execute", note)
    try:
        scene.bill(START)
    finally:
        event.remove(scene.database.engine, "before_cursor_execute", note)
    return len(asked)


@pytest.mark.parametrize("joined", [False, True])
def test_a_chunk_takes_as_many_statements_whatever_its_size(scene: Scene, joined: bool):
    """Joining contracts asks the database nothing more (F053)."""
    scene.tenant = replace(scene.tenant, collective_invoices=joined)

    few = statements(scene, 4)
    many = statements(scene, 40)

    assert few == many
