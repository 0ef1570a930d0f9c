"""The kit of document formats: every scenario is written or refused by name, and nothing is lost."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar, NamedTuple

import pytest

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import RenderRefused
from faktura.plugin import DocumentFormat, Finding, InvoiceDocument, Severity
from faktura.testing.invoice_scenarios import SCENARIOS
from faktura.testing.invoices import changed, sample_invoice
from faktura.testing.kit.another_process import OTHER_NOW, rendered_elsewhere
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.document_facts import (
    CORE_FIELDS,
    differences,
    emptied_one_by_one,
    facts_of,
    squeezed,
    text_paths,
    without,
)
from faktura.testing.kit.hostile_texts import HOSTILE_TEXTS, Fate
from faktura.testing.kit.network_watch import network_watched
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings

PLAIN, LARGE = "one line", "a thousand lines"
_FREE = ("buyer.name", "lines.0.name")
_MIXED = "<b>&\"';=#{x}\\"
_BROKEN = "a\x00\ud800"
_RICH = ("every field of the parties", "every reference", "every field of a line", PLAIN)


class Limit(NamedTuple):
    """A bound of a format: in the field at `path`, `fits` is written and `beyond` is refused.

    `term` is that of the finding, where one is meant.
    """

    path: str
    fits: object
    beyond: object
    term: str = ""


class DocumentFormatKit(ConnectorKit):
    """What every document format must keep; its maker gives a way to read the bytes again.

    Either `read_back` gives the document of the bytes, and every field is compared; or `text_of`
    gives their text, and number, parties, lines and amounts are searched for in it.
    """

    adapter_class: ClassVar[type[DocumentFormat]]  # type: ignore[mutable-override] # the family's
    settings: ClassVar[Mapping[str, object]] = {}
    scenarios: ClassVar[Collection[str]] = tuple(SCENARIOS)
    """Which of faktura.testing.invoice_scenarios; fewer only where rendering is slow."""
    refuses: ClassVar[Collection[str]] = ()
    """Scenarios that the format has no way to write: each must be refused with findings."""
    leaves_out: ClassVar[Collection[str]] = ()
    """Fields that the format has no place for, such as `lines.attributes`; none of the core."""
    limits: ClassVar[Collection[Limit]] = ()
    """Bounds of the format's own rules, tried from both sides."""
    hostile: ClassVar[Collection[str]] = tuple(HOSTILE_TEXTS)
    replaces: ClassVar[Collection[str]] = ()
    """Scenarios and hostile texts with signs that the page, as it documents, shows otherwise."""
    every_field: ClassVar[bool] = True
    """Whether hostile texts go through every text of a rich document: some hundred renderings."""
    most_megabytes: ClassVar[int] = 64
    """What a document of a thousand lines may take."""

    def read_back(self, content: bytes) -> InvoiceDocument | None:
        """The document that the bytes say, read by something else than the format's own code."""
        return None

    def text_of(self, content: bytes) -> str:
        """What a person reads in the bytes."""
        return content.decode()

    def amount_shown(self, amount: Decimal, document: InvoiceDocument) -> str:
        """How the text writes an amount of the document."""
        return f"{amount:f}"

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each scenario and each hostile text."""
        for name, values in (("scenario", self.scenarios), ("hostile_text", self.hostile)):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, sorted(values))

    def build(self, moment: datetime = KIT_NOW) -> DocumentFormat:
        """A new format at that moment, with the settings of the kit."""
        settings = self.adapter_class.Settings.model_validate(dict(self.settings))
        return self.adapter_class(settings, Surroundings(clock=FixedClock(moment)).runtime())

    @property
    def format(self) -> DocumentFormat:
        """One format for all tests of a class, as the hub keeps it."""
        built = _BUILT.get(type(self))
        if built is None:
            built = _BUILT[type(self)] = self.build()
        return built

    def test_the_format_says_what_it_writes(self) -> None:
        """Its id, type, suffix and rule set stand beside the stored bytes."""
        own = self.format

        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", own.format_id)
        assert re.fullmatch(r"[a-z]+/[-+.a-z0-9]+", own.media_type)
        assert re.fullmatch(r"(\.[a-z0-9]+)+", own.file_suffix)
        assert own.rule_set.strip()
        assert own.rule_set == self.build().rule_set

    def test_what_is_left_out_is_not_of_the_core(self) -> None:
        """§ 14 Abs. 4 UStG: who, whom, what, when, how much; the plain invoice is always written."""
        unknown = {*self.refuses, *self.scenarios} - set(SCENARIOS)
        assert not unknown, "scenarios that do not exist"
        assert PLAIN not in self.refuses
        assert not set(self.leaves_out) & CORE_FIELDS
        sold = {f"lines.{name}" for name in ("id", "name", "quantity", "price", "net")}
        assert not set(self.leaves_out) & sold

    def test_a_scenario_is_written_whole_or_refused_by_name(self, scenario: str) -> None:
        """F044: nothing is lost in silence, and the document is the same afterwards."""
        document = SCENARIOS[scenario].document
        before = document.model_copy(deep=True)

        if scenario in self.refuses:
            self.assert_refused(document)
        else:
            assert _errors(self.format.check(document)) == []
            content = self.format.render(document)
            self.assert_says(document, content, letters=scenario not in self.replaces)

        assert document == before

    def test_equal_documents_give_equal_bytes(self) -> None:
        """Once more, after another document, from another object at another time."""
        own, other = self.format, self.build(OTHER_NOW)

        for name in self._written_scenarios():
            first = own.render(SCENARIOS[name].document)
            own.render(sample_invoice(number="R-2026-00043"))
            again = SCENARIOS[name].document.model_copy(deep=True)
            assert own.render(again) == first, name
            if other.rule_set == own.rule_set:
                assert other.render(again) == first, f"{name}, another object"

    def test_another_process_gives_the_same_bytes(self) -> None:
        """Another hash seed, time zone, language, folder and clock; a thousand lines stay small."""
        names = [name for name in self._written_scenarios() if name != LARGE]
        documents = [SCENARIOS[name].document for name in names]
        if LARGE in self.scenarios:
            names.append(LARGE)
            documents.append(SCENARIOS[LARGE].document)

        said = rendered_elsewhere(self.adapter_class, self.settings, documents)

        if said["rule_set"] == self.format.rule_set:
            here = [sha256(self.format.render(document)).hexdigest() for document in documents]
            pairs = zip(names, here, said["sha256"], strict=True)
            assert [name for name, one, other in pairs if one != other] == []
        assert said["kilobytes"] <= self.most_megabytes * 1024

    def test_another_document_gives_other_bytes(self) -> None:
        """A cent, a day, a name: what was compared above was not a constant."""
        changes = {"number": "R-2026-00043", "totals.due": Decimal("119.00"), "buyer.name": "B"}
        plain = sample_invoice(prepaid=Decimal("19.00"))
        written = {self.format.render(plain)}
        for path, value in changes.items():
            other = sample_invoice() if path == "totals.due" else changed(plain, path, value)
            written.add(self.format.render(other))

        assert len(written) == 1 + len(changes)

    def test_nothing_reaches_for_the_network(self) -> None:
        """Rendering is pure: no connection, no name looked up."""
        with network_watched() as seen:
            self.format.check(sample_invoice())
            self.format.render(sample_invoice())
            self.build().render(sample_invoice(number="R-2026-00043"))

        assert seen == []

    @pytest.mark.parametrize("path", ["number", "seller.name", "buyer.name", "lines"])
    def test_a_document_without_what_the_law_wants_is_refused(self, path: str) -> None:
        """§ 14 Abs. 4 UStG: before a number is spent, and with the field that a person fills."""
        plain = sample_invoice()

        for nothing in ((),) if path == "lines" else ("", " "):
            self.assert_refused(changed(plain, path, nothing))

    def test_the_limits_of_the_format_are_where_it_says(self) -> None:
        """What just fits is written, what is just beyond is refused."""
        for limit in self.limits:
            fits = changed(sample_invoice(), limit.path, limit.fits)
            assert _errors(self.format.check(fits)) == [], limit.path
            self.assert_says(fits, self.format.render(fits))
            beyond = changed(sample_invoice(), limit.path, limit.beyond)
            self.assert_refused(beyond)
            terms = [one.term for one in _errors(self.format.check(beyond))]
            assert not limit.term or limit.term in terms, terms

    def test_what_may_be_absent_may_be_absent(self) -> None:
        """Every optional field of a document that fills every field, taken away one by one."""
        for name in _RICH if self.every_field else ():
            for document in emptied_one_by_one(SCENARIOS[name].document):
                self._written_or_refused(document)

    def test_a_hostile_text_is_data_or_refused(self, hostile_text: str) -> None:
        """It never changes what else the document says."""
        text, fate = HOSTILE_TEXTS[hostile_text].text, HOSTILE_TEXTS[hostile_text].fate

        for path in _FREE:
            document = changed(sample_invoice(), path, text)
            errors = _errors(self.format.check(document))
            assert not (fate is Fate.WRITTEN and errors), errors
            assert fate is not Fate.REFUSED or errors, "a text that nobody can read was taken"
            self._written_or_refused(document, letters=hostile_text not in self.replaces)

    def test_a_hostile_text_in_any_field_is_data_or_refused(self) -> None:
        """Every text of a document that fills every field, one after the other."""
        for document, path in _rich_fields() if self.every_field else ():
            for text in (_MIXED, _BROKEN):
                try:
                    self._written_or_refused(changed(document, path, text))
                except AssertionError as error:
                    raise AssertionError(f"{path} = {text!a}: {error}") from error

    def assert_refused(self, document: InvoiceDocument) -> None:
        """There are errors, each says what to do, and nothing is rendered."""
        errors = _errors(self.format.check(document))
        assert errors, "nothing was found wrong"
        for error in errors:
            assert all(part.strip() for part in (error.term, error.rule, error.message, error.mend))
        with pytest.raises(RenderRefused) as refused:
            self.format.render(document)
        assert refused.value.problem.strip()
        assert refused.value.mend.strip()

    def assert_says(
        self, document: InvoiceDocument, content: bytes, *, letters: bool = True
    ) -> None:
        """The bytes say what the document says, field by field or by their text.

        Without `letters` the text is searched for texts in ASCII and for amounts only.
        """
        assert isinstance(content, bytes)
        kit = type(self)
        back = self.read_back(content)
        if back is not None:
            lost = ("printed", *self.leaves_out)
            found = list(differences(without(document, lost), without(back, lost)))
            assert found == []
        if back is None or kit.text_of is not DocumentFormatKit.text_of:
            text = squeezed(self.text_of(content))
            shown = [
                (path, part) for path, part in self._shown(document) if letters or part.isascii()
            ]
            wanted = Counter(part for _, part in shown)
            rare = {part for part, times in wanted.items() if text.count(part) < times}
            assert [path for path, part in shown if part in rare] == [], "not there for each"

    def _shown(self, document: InvoiceDocument) -> Iterator[tuple[str, str]]:
        for path, value in facts_of(document):
            text = value if isinstance(value, str) else self.amount_shown(value, document)
            yield path, squeezed(text)

    def _written_or_refused(self, document: InvoiceDocument, *, letters: bool = True) -> None:
        if _errors(self.format.check(document)):
            self.assert_refused(document)
        else:
            self.assert_says(document, self.format.render(document), letters=letters)

    def _written_scenarios(self) -> list[str]:
        return [name for name in self.scenarios if name not in self.refuses]


_BUILT: dict[type[DocumentFormatKit], DocumentFormat] = {}


def _errors(findings: Collection[Finding]) -> list[Finding]:
    return [entry for entry in findings if entry.severity is Severity.ERROR]


def _rich_fields() -> Iterator[tuple[InvoiceDocument, str]]:
    """Each text field once, in the first document that fills it."""
    known: set[str] = set()
    for name in _RICH:
        document = SCENARIOS[name].document
        for path in text_paths(document):
            place = re.sub(r"\d+", "*", path)
            if place not in known and not path.startswith("printed"):
                known.add(place)
                yield document, path
