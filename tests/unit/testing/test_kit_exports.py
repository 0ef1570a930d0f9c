"""The kit of exporters notices each thing that may go wrong with an export (O1)."""

import pytest
from tests.reference.accounting.tests import test_kit as reference
from tests.unit.testing import broken_exporters as broken
from tests.unit.testing.kit_runs import all_that_notice, notices

from faktura.testing.kit.exports_texts import STRANGE_ACCOUNTS
from faktura_ref_accounting.exporter import RefAccountingExporter

PARAMETERS = {
    "hostile_text": ("formula", "quotes", "right to left", "two hundred signs", "very long"),
    "account": STRANGE_ACCOUNTS,
}
MONTH = "test_a_month_is_in_the_files_entry_by_entry"
AGAIN = "test_equal_batches_give_equal_bytes"
ELSEWHERE = "test_another_process_gives_the_same_bytes"
HOSTILE = "test_a_hostile_text_changes_nothing_but_itself"
DAYS = "test_both_ends_of_the_batch_belong_to_it"


def kit_of(adapter: type[RefAccountingExporter]) -> reference.TestExporter:
    """The reference connector's own kit over another exporter."""

    class Kit(reference.TestExporter):
        adapter_class = adapter

    return Kit()


def test_a_sound_exporter_passes():
    """Or what follows would show nothing."""
    assert all_that_notice(kit_of(RefAccountingExporter), PARAMETERS) == []


def test_an_exporter_with_one_fault_fails_where_the_fault_is():
    """What the others below stand on is sound but for one thing; this module asks for the time."""
    assert all_that_notice(kit_of(broken.HoldsAll), PARAMETERS) == [
        "test_many_entries_are_never_held_at_once",
        "test_time_comes_from_the_clock_it_was_given",
    ]


@pytest.mark.parametrize(
    ("adapter", "scenario"),
    [
        (broken.WritesTwice, MONTH),
        (broken.SkipsCents, MONTH),
        (broken.LosesTheLastDay, MONTH),
        (broken.SkipsOtherDays, DAYS),
        (broken.SortsByAmount, "test_the_order_is_that_of_the_journal"),
        (broken.HoldsAll, "test_many_entries_are_never_held_at_once"),
        (broken.CutsSilently, HOSTILE),
        (broken.LeavesFormulas, HOSTILE),
        (broken.SplitsCells, HOSTILE),
        (broken.LosesLetters, HOSTILE),
        (broken.CallsAllEuros, "test_another_currency_is_refused_or_exact"),
        (broken.TakesUnbalanced, "test_an_entry_that_does_not_balance_is_refused"),
        (broken.TellsTheTime, AGAIN),
        (broken.CountsItsWork, AGAIN),
        (broken.KnowsTheTimeZone, ELSEWHERE),
        (broken.DependsOnHashes, ELSEWHERE),
    ],
)
def test_a_broken_exporter_is_noticed(adapter: type[RefAccountingExporter], scenario: str):
    """By the scenario that is about it."""
    assert notices(kit_of(adapter), scenario, PARAMETERS)
