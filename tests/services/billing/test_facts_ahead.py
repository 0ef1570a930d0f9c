"""Documents of a run are made before their numbers are known; what is written is the same (O20, P24)."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from tests.services.billing.scene import TENANT, Scene

from faktura.domain.violations import Violation
from faktura.flows.verification import verify
from faktura.store import facts_ahead, tables
from faktura.store.blobs import TableStore

_DAY = date(2026, 9, 15)


def rows(scene: Scene, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table, sorted."""
    table = tables.metadata.tables[name]
    with scene.database.read(TENANT.id) as tx:
        found = tx.connection.execute(select(*(table.c[column] for column in columns))).all()
    return sorted(tuple(row) for row in found)


def proven(scene: Scene) -> list[Violation]:
    """What `faktura verify` finds."""
    return list(verify(scene.database, TableStore(scene.database), TENANT.id))


def test_every_text_of_a_document_has_its_number(scene: Scene):
    """On both databases, by either way: 35.70 and 71.40 for one and two pieces."""
    scene.contract()
    scene.contract(quantity="2")

    scene.bill(_DAY)

    assert rows(scene, "document", "number", "gross") == [("RE-0001", 3570), ("RE-0002", 7140)]
    assert rows(scene, "account_transaction", "source", "text", "amount") == [
        ("inv:RE-0001", "Rechnung RE-0001", 3570),
        ("inv:RE-0002", "Rechnung RE-0002", 7140),
    ]
    assert rows(scene, "open_item", "number", "open") == [("RE-0001", 3570), ("RE-0002", 7140)]
    entries = rows(scene, "journal_entry", "seq", "entry_key", "seal_seq")
    assert entries == [(1, "inv:RE-0001", 1), (2, "inv:RE-0002", 1)]
    assert {seq for seq, _ in rows(scene, "leg", "entry_seq", "no")} == {1, 2}
    told = [json.loads(data)["number"] for (data,) in rows(scene, "event", "data")]
    assert sorted(told) == ["RE-0001", "RE-0002"]
    assert proven(scene) == []


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_month_that_is_locked_meanwhile_is_not_booked_in(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """P24: the entries were ready when September was locked; they are booked on the first open day."""
    scene.contract()
    monkeypatch.setattr(facts_ahead, "locked_through", lambda _tx: None)
    with scene.database.write(TENANT.id) as tx:
        tx.connection.execute(update(tables.chain_head).values(locked_to=date(2026, 9, 30)))

    scene.bill(_DAY)

    assert rows(scene, "journal_entry", "seq", "value_date", "booked_on") == [
        (1, _DAY, date(2026, 10, 1))
    ]
    assert [one.proof for one in proven(scene) if one.proof == "SEALS"] == []


def test_a_customer_who_writes_like_a_number_changes_nothing(scene: Scene):
    """Texts of others may hold anything: escapes, tabs, what ends a COPY."""
    scene.contract(scene.customer(name="\\. \\N\t0\u2028RE-0001 \\u0000 GmbH"))

    scene.bill(_DAY)

    ((snapshot,),) = rows(scene, "document", "snapshot")
    assert json.loads(snapshot)["buyer"]["name"] == "\\. \\N\t0\u2028RE-0001 \\u0000 GmbH"
    assert proven(scene) == []
