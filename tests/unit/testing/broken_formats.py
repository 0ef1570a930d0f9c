"""Document formats and readers that are each broken in one way; another process loads them, too."""

import socket
import time
from contextlib import suppress
from decimal import Decimal

from typing_extensions import override

from faktura.kernel.errors import FakturaError, RenderRefused
from faktura.plugin import CheckedFile, Finding, InvoiceDocument, ReadDocument, Severity
from faktura.testing.invoices import changed, sample_invoice
from faktura_ref_einvoice.format import RefInvoiceFormat
from faktura_ref_einvoice.reader import RefInvoiceReader


class LosesALine(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        content = super().render(document)
        if len(document.lines) < 2:
            return content
        shorter = document.model_copy(update={"lines": document.lines[:-1]})
        return _unchecked(self, shorter)


class RoundsAnAmount(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        super().render(document)
        due = document.totals.due.quantize(Decimal(1))
        return _unchecked(self, changed(document, "totals.due", due))


class TellsTheTime(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        return super().render(document) + b" " * self.runtime.clock.now().hour


class KnowsTheTimeZone(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        return super().render(document) + b" " * (time.localtime(0).tm_hour + 1)


class DependsOnHashes(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        names = {document.number, document.seller.name, document.buyer.name, document.currency}
        return super().render(document) + b" " * list(names).index(document.number)


class CountsItsWork(RefInvoiceFormat):
    count = 0

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        self.count += 1
        return super().render(document) + b" " * self.count


class CutsTexts(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        super().render(document)
        return _unchecked(self, changed(document, "buyer.name", document.buyer.name[:60]))


class FillsTemplates(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        return super().render(document).replace(b"{{ 7*7 }}", b"49")


class DropsWhatItCannotWrite(RefInvoiceFormat):
    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        return tuple(one for one in super().check(document) if one.rule != "ref-characters")

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        name = document.buyer.name.encode(errors="ignore").decode()
        return super().render(changed(document, "buyer.name", name))


class RendersInSpiteOfErrors(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        return _unchecked(self, document)


class RefusesWithoutAFinding(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        if document.totals.gross < 0:
            raise RenderRefused("below zero", mend="Do not")
        return super().render(document)


class WarnsOnly(RefInvoiceFormat):
    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        warning = {"severity": Severity.WARNING}
        return tuple(one.model_copy(update=warning) for one in super().check(document))


class AsksTheNetwork(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        with suppress(OSError, AssertionError):
            socket.getaddrinfo("localhost", 80)
        return super().render(document)


class ChangesTheDocument(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        content = super().render(document)
        document.__dict__["payment_terms"] = "sofort"
        return content


class TakesMuchMemory(RefInvoiceFormat):
    @override
    def render(self, document: InvoiceDocument) -> bytes:
        taken = [bytes([number % 256]) * 100_000 for number in range(len(document.lines))]
        return super().render(document) + b" " * (not taken)


def _unchecked(own: RefInvoiceFormat, document: InvoiceDocument) -> bytes:
    lenient = _Lenient(own.settings, own.runtime)
    return lenient.render(document)


class _Lenient(RefInvoiceFormat):
    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        return ()


class ReadsHalves(RefInvoiceReader):
    @override
    def read(self, content: bytes) -> ReadDocument:
        try:
            return super().read(content)
        except FakturaError:
            return ReadDocument(document=sample_invoice(), syntax="REF", specification="any")


class Crashes(RefInvoiceReader):
    @override
    def read(self, content: bytes) -> ReadDocument:
        return super().read(content.decode().encode())


class SaysNothingOfTheRest(RefInvoiceReader):
    @override
    def read(self, content: bytes) -> ReadDocument:
        return super().read(content).model_copy(update={"unread": ()})


class ChecksNothing(RefInvoiceReader):
    @override
    def check(self, content: bytes) -> CheckedFile:
        return super().check(content).model_copy(update={"findings": ()})


class RecognisesAll(RefInvoiceReader):
    @override
    def recognises(self, content: bytes) -> bool:
        return True


class ForgetsAField(RefInvoiceReader):
    @override
    def read(self, content: bytes) -> ReadDocument:
        read = super().read(content)
        return read.model_copy(update={"document": changed(read.document, "due_on", None)})


class ChecksAnything(RefInvoiceReader):
    @override
    def check(self, content: bytes) -> CheckedFile:
        try:
            return super().check(content)
        except FakturaError:
            return CheckedFile(syntax="REF", specification=None, rule_sets=(), findings=())
