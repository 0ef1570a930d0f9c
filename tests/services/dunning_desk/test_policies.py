"""Setting how overdue documents are dunned: by patches, with texts that are tried first (F083, F084, F128)."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from tests.services.dunning.scene import Scene

from faktura.domain.dunning_policies import DunningPolicy
from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange, TooPrecise
from faktura.kernel.template_errors import TemplateRefused
from faktura.services.dunning_policies import (
    change_dunning_level,
    change_dunning_policy,
    dunning_policy_record,
    remove_dunning_level,
)
from faktura.services.imports.findings import FieldsRefused
from faktura.store.tables import event


def changed(scene: Scene, patch: dict[str, object]) -> DunningPolicy:
    with scene.database.write(scene.tenant.id) as tx:
        return change_dunning_policy(tx, patch, by="mia")


def level_changed(scene: Scene, no: int, patch: dict[str, object]) -> DunningPolicy:
    with scene.database.write(scene.tenant.id) as tx:
        return change_dunning_level(tx, no, patch, by="mia")


def told(scene: Scene) -> list[tuple[str, Any]]:
    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(select(event.c.type, event.c.data)).all()
    return [(row.type, json.loads(row.data)) for row in rows]


def test_a_patch_changes_what_it_names_and_is_told_with_who_did_it(scene):
    """The levels stay as they were; what was set before is in the event."""
    changed(scene, {"graceDays": 21, "least": "10.00", "byItself": True})

    policy = scene.tenant.dunning
    assert (policy.grace_days, policy.least, policy.by_itself, policy.letters) == (
        21,
        1000,
        True,
        True,
    )
    assert [level.days for level in policy.levels] == [7, 14, 14]
    ((kind, data),) = told(scene)
    assert (kind, data["by"]) == ("ACCOUNTING_CHANGED", "mia")
    assert (data["old"]["graceDays"], data["dunning"]["graceDays"]) == (14, 21)


def test_a_patch_that_changes_nothing_is_told_to_nobody(scene):
    """Writing the same again is no change."""
    changed(scene, {"graceDays": 14})

    assert told(scene) == []


def test_the_record_of_a_policy_gives_that_policy_again(scene):
    """What is shown can be sent back."""
    record: Any = dunning_policy_record(scene.tenant.dunning, "EUR")

    assert record["levels"][1] == {
        "days": 14,
        "fee": "5.00",
        "interest": "LEGAL",
        "rate": None,
        "flat": False,
        "payDays": 7,
        "texts": {},
    }
    assert changed(scene, record) == scene.tenant.dunning
    assert told(scene) == []


def test_a_level_is_changed_alone_and_one_is_added_behind_the_last(scene):
    """Level 2 gets a fee of 7.50; level 4 comes with what it names."""
    level_changed(scene, 2, {"fee": "7.50"})
    level_changed(scene, 4, {"days": 10, "interest": "OWN", "rate": "6.5"})

    levels = scene.tenant.dunning.levels
    assert [(level.days, level.fee) for level in levels] == [(7, 0), (14, 750), (14, 0), (10, 0)]
    assert str(levels[3].rate) == "6.5"


def test_no_level_is_skipped(scene):
    """There are three: the next one is 4."""
    with pytest.raises(OutOfRange, match="there is no level 4 before level 5"):
        level_changed(scene, 5, {"days": 10})
    with pytest.raises(OutOfRange, match=r"there is no level 0: levels count from 1\. .* 1 to 4"):
        level_changed(scene, 0, {"days": 10})


def test_a_new_level_says_when_it_is_reached(scene):
    """Days have no usual value."""
    with pytest.raises(FieldsRefused) as refused:
        level_changed(scene, 4, {"fee": "1.00"})

    assert [part.place for part in refused.value.parts] == ["levels.4.days"]


def test_a_level_is_taken_out_and_those_behind_it_move_up(scene):
    """Of 7, 14 with a fee, 14 with the flat sum the second goes."""
    with scene.database.write(scene.tenant.id) as tx:
        remove_dunning_level(tx, 2, by="mia")

    assert [(one.days, one.fee, one.flat) for one in scene.tenant.dunning.levels] == [
        (7, 0, False),
        (14, 0, True),
    ]
    with scene.database.write(scene.tenant.id) as tx, pytest.raises(NotFound, match="level 3"):
        remove_dunning_level(tx, 3, by="mia")


def test_a_text_of_a_level_is_set_and_taken_away_by_language(scene):
    """null takes it away (RFC 7396)."""
    text = "Guten Tag {{ customer.name }}, es sind {{ notice.total }} offen."
    level_changed(scene, 1, {"texts": {"de": text, "en": "Hello {{ customer.name }}"}})
    level_changed(scene, 1, {"texts": {"en": None}})

    assert scene.tenant.dunning.levels[0].texts == {"de": text}


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("Hallo {{ customer.name }", "line 1, column "),
        ("Hallo\n{{ customer.password }}", "line 2, column "),
        ("{{ notice.__class__ }}", "line 1, column "),
        ("{% include 'x' %}", "line 1, column "),
    ],
)
def test_a_text_that_cannot_be_meant_is_refused_when_it_is_set_with_its_line(scene, text, spot):
    """F128, P49: nothing of it is kept."""
    with pytest.raises(TemplateRefused) as refused:
        level_changed(scene, 1, {"texts": {"de": text}})

    assert refused.value.place.startswith("levels.1.texts.de")
    assert spot in str(refused.value)
    assert scene.tenant.dunning.levels[0].texts == {}


def test_amounts_and_words_are_read_as_strictly_as_everywhere(scene):
    """A number instead of text, a word that is none; a tenth of a cent."""
    with pytest.raises(FieldsRefused) as refused:
        level_changed(scene, 1, {"fee": 5, "interest": "SOME"})
    with pytest.raises(TooPrecise, match=r"0\.001") as precise:
        level_changed(scene, 2, {"fee": "0.001"})

    assert precise.value.place == "levels.2, fee"
    assert [part.place for part in refused.value.parts] == ["levels.1.fee", "levels.1.interest"]


def test_an_own_rate_that_is_missing_is_named(scene):
    """§ 288 BGB is the other choice."""
    with pytest.raises(FieldMissing, match="OWN needs a rate"):
        level_changed(scene, 1, {"interest": "OWN"})
