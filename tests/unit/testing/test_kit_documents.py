"""The kit of formats and readers notices each thing that may go wrong with a document (O1)."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

import pytest
from tests.reference.einvoice.tests import test_kit as reference
from tests.unit.testing import broken_formats as broken
from tests.unit.testing.kit_runs import all_that_notice, notices
from typing_extensions import override

from faktura.testing.kit.documents import DocumentFormatKit
from faktura.testing.kit.reader_files import FOREIGN_FILES
from faktura_ref_einvoice.format import RefInvoiceFormat
from faktura_ref_einvoice.reader import RefInvoiceReader

SCENARIOS = (
    "one line",
    "twelve lines at 19 and 7 %",
    "cancellation with negative quantities",
    "texts as long as they may be",
)
TEXTS = ("markup", "template", "two hundred signs", "very long", "half a character")
PARAMETERS = {
    "scenario": SCENARIOS,
    "hostile_text": TEXTS,
    "path": ("number", "seller.name", "buyer.name", "lines"),
    "foreign": sorted(FOREIGN_FILES),
}
SCENARIO = "test_a_scenario_is_written_whole_or_refused_by_name"
AGAIN = "test_equal_documents_give_equal_bytes"
ELSEWHERE = "test_another_process_gives_the_same_bytes"
HOSTILE = "test_a_hostile_text_is_data_or_refused"
LAW = "test_a_document_without_what_the_law_wants_is_refused"


def kit_of_format(adapter: type[RefInvoiceFormat], *scenarios: str) -> reference.TestFormat:
    """The reference connector's own kit over another format."""

    class Kit(reference.TestFormat):
        adapter_class = adapter
        every_field = False

    Kit.scenarios = (*SCENARIOS, *scenarios)
    return Kit()


def kit_of_reader(adapter: type[RefInvoiceReader]) -> reference.TestReader:
    """The reference connector's own kit over another reader."""

    class Kit(reference.TestReader):
        adapter_class = adapter
        damages = 40

    return Kit()


def test_a_sound_format_and_a_sound_reader_pass():
    """Or what follows would show nothing."""
    assert all_that_notice(kit_of_format(RefInvoiceFormat), PARAMETERS) == []
    assert all_that_notice(kit_of_reader(RefInvoiceReader), PARAMETERS) == []


@pytest.mark.parametrize(
    ("adapter", "scenario"),
    [
        (broken.LosesALine, SCENARIO),
        (broken.RoundsAnAmount, SCENARIO),
        (broken.TellsTheTime, AGAIN),
        (broken.KnowsTheTimeZone, ELSEWHERE),
        (broken.DependsOnHashes, ELSEWHERE),
        (broken.CountsItsWork, AGAIN),
        (broken.CutsTexts, HOSTILE),
        (broken.FillsTemplates, HOSTILE),
        (broken.DropsWhatItCannotWrite, HOSTILE),
        (broken.RendersInSpiteOfErrors, LAW),
        (broken.RefusesWithoutAFinding, SCENARIO),
        (broken.WarnsOnly, LAW),
        (broken.AsksTheNetwork, "test_nothing_reaches_for_the_network"),
        (broken.ChangesTheDocument, SCENARIO),
    ],
)
def test_a_broken_format_is_noticed(adapter: type[RefInvoiceFormat], scenario: str):
    """By the scenario that is about it."""
    assert notices(kit_of_format(adapter), scenario, PARAMETERS)


def test_a_format_that_takes_too_much_memory_is_noticed():
    """A hundred megabytes for a thousand lines."""
    kit = kit_of_format(broken.TakesMuchMemory, "a thousand lines")

    with pytest.raises(AssertionError):
        kit.test_another_process_gives_the_same_bytes()


@pytest.mark.parametrize(
    ("adapter", "scenario"),
    [
        (broken.ReadsHalves, "test_a_file_without_its_end_is_never_an_invoice"),
        (broken.Crashes, "test_a_foreign_file_is_not_mine"),
        (broken.SaysNothingOfTheRest, "test_what_has_no_field_is_told_and_not_lost"),
        (broken.ChecksNothing, "test_a_sum_that_its_parts_do_not_make_is_found"),
        (broken.RecognisesAll, "test_a_foreign_file_is_not_mine"),
        (broken.ForgetsAField, "test_a_file_comes_back_as_the_document_it_was"),
        (broken.ChecksAnything, "test_a_foreign_file_is_not_mine"),
    ],
)
def test_a_broken_reader_is_noticed(adapter: type[RefInvoiceReader], scenario: str):
    """By the scenario that is about it."""
    assert notices(kit_of_reader(adapter), scenario, PARAMETERS)


def test_left_out_fields_of_the_core_are_noticed():
    """A format cannot call what the law wants left out."""
    kit = kit_of_format(RefInvoiceFormat)
    for fields in ("number", "lines", "lines.net"):
        type(kit).leaves_out = (*reference.LEFT_OUT, fields)
        with pytest.raises(AssertionError):
            kit.test_what_is_left_out_is_not_of_the_core()


@pytest.mark.parametrize(
    ("adapter", "is_noticed"),
    [
        (RefInvoiceFormat, False),
        (broken.LosesALine, True),
        (broken.RoundsAnAmount, True),
        (broken.CutsTexts, True),
    ],
)
def test_without_a_way_back_the_text_is_searched(adapter: type[RefInvoiceFormat], is_noticed: bool):
    """Lines, amounts and names in the text, as on a page that nobody can read back."""

    class Kit(DocumentFormatKit):
        adapter_class = adapter
        scenarios = SCENARIOS

        @override
        def text_of(self, content: bytes) -> str:
            return content.decode("unicode-escape")

    assert notices(Kit(), SCENARIO, PARAMETERS) is is_noticed
