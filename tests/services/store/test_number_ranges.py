"""Number ranges: a new prefix from a day on, never the same number twice (F062, P22)."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.services.billing.scene import TENANT, Scene, open_scene

from faktura.domain.numbering import NumberFormat
from faktura.kernel.errors import Conflict, TransitionRefused, UnknownTerm
from faktura.services.tenants import start_number_range
from faktura.store.numbers import CORRECTION, INVOICE, RangeFormat, ranges, take_numbers

_NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture
def scene(database_url: str) -> Iterator[Scene]:
    database = open_scene(database_url)
    yield Scene(database)
    database.close()


def _start(scene: Scene, started: RangeFormat) -> None:
    with scene.database.write(TENANT.id) as tx:
        start_number_range(tx, started)


def _take(scene: Scene, on: date, count: int) -> list[str]:
    with scene.database.write(TENANT.id) as tx:
        return take_numbers(tx, INVOICE, on, count)


def test_a_prefix_changes_from_a_day_on(scene: Scene):
    """P22: the old format goes on for earlier days, each with a counter of its own."""
    _take(scene, date(2026, 12, 31), 2)

    _start(scene, RangeFormat(INVOICE, _NEXT_YEAR, NumberFormat("RE-27-", 3), 1))

    assert _take(scene, _NEXT_YEAR, 2) == ["RE-27-001", "RE-27-002"]
    assert _take(scene, date(2026, 12, 31), 1) == ["RE-0003"]
    with scene.database.read(TENANT.id) as tx:
        assert [(row.format.prefix, row.next) for row in ranges(tx)] == [("RE-", 4), ("RE-27-", 3)]


@pytest.mark.parametrize("prefix", ["RE-", "RE-00", "RE-2027"])
def test_a_prefix_that_could_give_a_number_again_is_refused(scene: Scene, prefix: str):
    """P22: RE-00 and one digit would be RE-001 and, of RE- with three digits, the same number."""
    with pytest.raises(Conflict) as refused:
        _start(scene, RangeFormat(INVOICE, _NEXT_YEAR, NumberFormat(prefix, 3), 1_000))

    assert refused.value.place == "prefix"


def test_a_prefix_that_goes_on_in_other_signs_is_free(scene: Scene):
    """RE-2027- and RE- never write the same: the sign after the digits tells them apart."""
    _start(scene, RangeFormat(INVOICE, _NEXT_YEAR, NumberFormat("RE-2027-", 3), 1))

    assert _take(scene, _NEXT_YEAR, 1) == ["RE-2027-001"]


def test_a_day_has_one_format(scene: Scene):
    """A second format of one day would make two numbers possible."""
    _start(scene, RangeFormat(INVOICE, _NEXT_YEAR, NumberFormat("A-", 4), 1))

    with pytest.raises(Conflict):
        _start(scene, RangeFormat(INVOICE, _NEXT_YEAR, NumberFormat("B-", 4), 1))


def test_an_unknown_range_is_named_with_those_that_exist(scene: Scene):
    """Nothing is made by a typo."""
    with pytest.raises(UnknownTerm) as refused:
        _start(scene, RangeFormat("INVOCE", _NEXT_YEAR, NumberFormat("A-", 4), 1))

    assert refused.value.mend == (
        "Ranges: CANCELLATION, CORRECTION, CREDIT_NOTE, CREDIT_NOTE_CORRECTION, DEPOSIT, DUNNING, FINAL, INVOICE, MANDATE"
    )


def test_a_range_that_is_not_set_up_gives_no_number(scene: Scene):
    """P20: a number is taken from a row or not at all."""
    with scene.database.write(TENANT.id) as tx, pytest.raises(TransitionRefused):
        take_numbers(tx, CORRECTION, _NEXT_YEAR, 1)
