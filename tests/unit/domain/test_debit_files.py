"""Files of collective debits: their ids, how they are cut, and when they are late (F101, P41)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.debit_files import DebitBlock, KeptFile, cut, message_id_of, message_ids_in
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import FileState, MandateScheme

CUT_OFF = datetime(2026, 10, 13, 8, tzinfo=UTC)
OWN = UUID("0199f6ec-0000-7000-8000-3f9a0c71b2d4")
FILE = KeptFile(
    "sepa",
    1,
    "FKT1-X3F9A0C71B2D4",
    "pain.008.xml",
    "application/xml",
    b"",
    3,
    Money(43_320, "EUR"),
    MandateScheme.CORE,
    date(2026, 10, 15),
    date(2026, 10, 15),
    CUT_OFF,
    datetime(2026, 10, 1, 6, tzinfo=UTC),
    (DebitBlock("B-1", (UUID(int=2), UUID(int=1))), DebitBlock("B-2", (UUID(int=3),))),
    {},
)


def test_a_message_id_has_its_number_and_the_end_of_an_id() -> None:
    """At most 31 characters: payment blocks add their number."""
    assert message_id_of(12, OWN) == "FKT12-X3F9A0C71B2D4"
    assert len(message_id_of(99_999_999_999_999, OWN)) <= 31
    for no in (0, 10**30):
        with pytest.raises(OutOfRange, match=f"there is no message id for file {no}"):
            message_id_of(no, OWN)


@pytest.mark.parametrize(
    "text",
    [
        "FKT12-X3F9A0C71B2D4",
        "PII FKT12-X3F9A0C71B2D4-1 VOM 13.10.",
        "fkt12 x3f9a 0c71b2d4",
        "SAMMLERFKT12-X3F9A0C7\n1B2D4-12",
    ],
)
def test_an_id_is_found_however_the_bank_sets_it(text: str) -> None:
    """In small letters, cut in lines, without hyphens."""
    assert message_ids_in(text) == {"FKT12-X3F9A0C71B2D4"}


@pytest.mark.parametrize("text", ["", "RE-000001", "FKT12-3F9A0C71B2D4", "FKT-X3F9A0C71B2D4"])
def test_what_is_no_id_of_ours_names_no_file(text: str) -> None:
    assert message_ids_in(text) == frozenset()


def test_801_debits_are_two_files_and_schemes_are_never_mixed() -> None:
    """G5: 800 and 1; the order within a scheme stays."""
    core, b2b = MandateScheme.CORE, MandateScheme.B2B
    debits = [(core, number) for number in range(801)]
    debits.insert(1, (b2b, 1_000))

    found = list(cut(debits, lambda one: one[0], 800))

    assert [len(file) for file in found] == [1, 800, 1]
    assert found[0] == ((b2b, 1_000),)
    assert [number for _, number in found[1]] == list(range(800))


def test_a_file_is_late_from_its_cut_off_on_until_it_is_handed_in() -> None:
    """10:00 sharp is too late."""
    assert not FILE.is_late(CUT_OFF - timedelta(seconds=1))
    assert FILE.is_late(CUT_OFF)
    assert not replace(FILE, state=FileState.HANDED_IN).is_late(CUT_OFF)


def test_its_debits_are_those_of_its_blocks_in_their_order() -> None:
    assert FILE.attempts == (UUID(int=2), UUID(int=1), UUID(int=3))
