"""The kit of document readers: what was written comes back whole, and no file does any harm."""

import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

import pytest

from faktura.kernel.errors import BadInput
from faktura.plugin import CheckedFile, DocumentReader, InvoiceDocument, ReadDocument, Severity
from faktura.testing.invoice_scenarios import SCENARIOS
from faktura.testing.invoices import changed
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.document_facts import CORE_FIELDS, differences, without
from faktura.testing.kit.network_watch import network_watched
from faktura.testing.kit.reader_files import (
    FOREIGN_FILES,
    SECRET,
    bombs,
    cut_files,
    damaged_files,
    outside_entities,
    twisted_json,
    with_entity,
)
from faktura.testing.kit.surroundings import Surroundings

_PLAIN, _LINES = "one line", "twelve lines at 19 and 7 %"
_WRONG_SUMS = {"totals.gross": "119.01", "totals.due": "118.99", "lines.0.net": "100.01"}


class DocumentReaderKit(ConnectorKit):
    """What every reader must keep; its maker gives `written`, the file of a document."""

    adapter_class: ClassVar[type[DocumentReader]]  # type: ignore[mutable-override] # the family's
    settings: ClassVar[Mapping[str, object]] = {}
    scenarios: ClassVar[Collection[str]] = tuple(SCENARIOS)
    """Which of faktura.testing.invoice_scenarios; those that the file format can say."""
    leaves_out: ClassVar[Collection[str]] = ()
    """Fields that the files have no place for; none of the core."""
    syntax: ClassVar[str]
    """What `ReadDocument.syntax` says about these files."""
    recognised: ClassVar[Collection[str]] = ()
    """Foreign files that begin like ours, so that reading tells: any XML for a reader of XML."""

    more_is_at: ClassVar[str] = ""
    """Where the file says more, as `unread` names the place; where the reader tells places."""
    damages: ClassVar[int] = 200
    """How many damaged files are tried; fewer only where reading is slow."""

    def written(self, document: InvoiceDocument) -> bytes:
        """The file of a document, as another program writes it."""
        raise AssertionError(f"{type(self).__name__} does not say how a file is written")

    def with_something_more(self, content: bytes) -> bytes:
        """The file with one value more that no field of the document has a place for."""
        raise AssertionError(f"{type(self).__name__} does not say how a file says more")

    def hostile_files(self) -> Mapping[str, bytes]:
        """More files of the maker's own that must be refused, such as a bomb in a container."""
        return {}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each scenario and each foreign file."""
        for name, values in (("scenario", self.scenarios), ("foreign", FOREIGN_FILES)):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, sorted(values))

    def build(self) -> DocumentReader:
        """A new reader with the settings of the kit."""
        settings = self.adapter_class.Settings.model_validate(dict(self.settings))
        return self.adapter_class(settings, Surroundings().runtime())

    def test_it_has_a_name_and_leaves_out_nothing_of_the_core(self) -> None:
        """The plain invoice is always among the scenarios."""
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.build().reader_id)
        assert _PLAIN in self.scenarios
        assert not set(self.leaves_out) & CORE_FIELDS

    def test_a_file_comes_back_as_the_document_it_was(self, scenario: str) -> None:
        """Every field, nothing unread, no error found; twice the same."""
        document, reader = SCENARIOS[scenario].document, self.build()
        content = self.written(document)

        read = reader.read(content)

        lost = ("printed", *self.leaves_out)
        assert reader.recognises(content)
        assert list(differences(without(document, lost), without(read.document, lost))) == []
        assert (read.syntax, read.unread) == (self.syntax, ())
        assert reader.read(content) == read
        self._assert_good(reader.check(content), read)

    def _assert_good(self, checked: CheckedFile, read: ReadDocument) -> None:
        assert [one for one in checked.findings if one.severity is Severity.ERROR] == []
        assert (checked.syntax, checked.specification) == (read.syntax, read.specification)
        assert checked.rule_sets

    def test_what_has_no_field_is_told_and_not_lost(self) -> None:
        """By its place in the file, or the whole file is refused."""
        content = self.with_something_more(self.written(SCENARIOS[_PLAIN].document))
        unread: tuple[str, ...] = ("the whole file",)
        try:
            unread = self.build().read(content).unread
        except BadInput:
            self.assert_refused(self.build(), content)
        assert unread
        assert not self.more_is_at or unread == (self.more_is_at,)

    def test_a_sum_that_its_parts_do_not_make_is_found(self) -> None:
        """By checking, with the field; a file is judged, not only read."""
        plain = SCENARIOS[_PLAIN].document
        for path, amount in _WRONG_SUMS.items():
            content = self.written(changed(plain, path, Decimal(amount)))
            findings = self.build().check(content).findings
            wrong = [one for one in findings if one.severity is Severity.ERROR]
            assert wrong, f"{path} = {amount} was not found"
            assert all(one.term and one.rule and one.message and one.mend for one in wrong)

    def test_a_foreign_file_is_not_mine(self, foreign: str) -> None:
        """It is refused by name, by reading and by checking."""
        content, reader = FOREIGN_FILES[foreign], self.build()

        assert reader.recognises(content) is (foreign in self.recognised)
        self.assert_refused(reader, content)

    def test_a_file_without_its_end_is_never_an_invoice(self) -> None:
        """Half a transmission: it is refused, or all of the invoice came before the cut."""
        reader = self.build()
        whole = self.written(SCENARIOS[_LINES].document)
        meant = reader.read(whole).document

        for content in cut_files(whole):
            try:
                read = reader.read(content).document
            except BadInput:
                self.assert_refused(reader, content)
            else:
                assert list(differences(meant, read)) == [], f"after {len(content)} bytes"

    def test_a_damaged_file_is_read_or_refused(self) -> None:
        """A turned byte may be an honest letter; it is never an accident of the program."""
        reader = self.build()

        for content in damaged_files(self.written(SCENARIOS[_PLAIN].document), self.damages):
            assert reader.recognises(content) in (True, False)
            try:
                assert isinstance(reader.read(content), ReadDocument)
                reader.check(content)
            except BadInput:
                continue

    def test_a_value_of_another_kind_is_refused_or_read(self) -> None:
        """In files of JSON: a list for a text, a number for an object, nothing at all."""
        reader = self.build()
        for content in twisted_json(self.written(SCENARIOS[_PLAIN].document)):
            try:
                reader.read(content)
            except BadInput:
                self.assert_refused(reader, content)

    def test_no_entity_is_taken_in(self) -> None:
        """Whether it grows or not: an honest e-invoice declares none."""
        reader = self.build()
        for name, declarations in bombs().items():
            for document in (b"<Invoice>a</Invoice>", self.written(SCENARIOS[_PLAIN].document)):
                content = with_entity(document, declarations)
                if content is not None:
                    self.assert_refused(reader, content, name)

    def test_nothing_from_outside_is_taken_in(self, tmp_path: Path) -> None:
        """Neither a file of this machine nor an address, and nobody is called."""
        reader = self.build()
        with outside_entities(tmp_path) as (entities, server), network_watched() as seen:
            for declarations in entities.values():
                for document in (b"<Invoice>a</Invoice>", self.written(SCENARIOS[_PLAIN].document)):
                    content = with_entity(document, declarations)
                    if content is not None:
                        assert SECRET not in self.assert_refused(reader, content)
            with pytest.raises(BlockingIOError):
                server.accept()
        assert seen == []

    def test_hostile_files_of_the_maker_are_refused(self) -> None:
        """What only this format has, such as files within files."""
        reader = self.build()

        for name, content in self.hostile_files().items():
            self.assert_refused(reader, content, name)

    def assert_refused(self, reader: DocumentReader, content: bytes, name: str = "") -> str:
        """Reading and checking say the same no; gives back what is said."""
        assert reader.recognises(content) in (True, False)
        return " ".join(_told(act, content, name) for act in (reader.read, reader.check))


def _told(act: Callable[[bytes], object], content: bytes, name: str) -> str:
    told: BadInput | None = None
    try:
        act(content)
    except BadInput as refused:
        told = refused
    assert told is not None, f"{name or 'a file'} of {len(content)} bytes was taken"
    assert told.problem.strip(), "a refusal without a word"
    return str(told)
