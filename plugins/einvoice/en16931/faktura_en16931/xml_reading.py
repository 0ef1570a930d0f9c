"""What both readers share: exact values, taken from elements by their path."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from lxml import etree

from faktura.kernel.errors import BadInput, UnknownTerm, shortened
from faktura.kernel.terms import TaxCategory
from faktura.plugin import Identifier
from faktura_en16931.xml_nodes import CONSTANT, Node, Tags, line_of, local
from faktura_en16931.xml_values import day_from, decimal_from

__all__ = ["Part", "line_of", "local", "opened"]


def opened(root: etree._Element, namespaces: Mapping[str, str]) -> "Part":
    """The root of a file as a part; `namespaces` are the prefixes of the reader's paths."""
    return Part(root, Tags(namespaces))


class Part(Node):
    """An element with its values by path and term; `term` is the BT number that errors name.

    Texts come back exactly as they stand, identifiers and codes without outer blanks; what is
    absent or blank is None. Only the first element at a path is taken.
    """

    def text(self, path: str, term: str) -> str | None:
        """The exact text, outer blanks and line feeds included."""
        found = self.part(path)
        return found.own_text(term) if found else None

    def needed_text(self, path: str, term: str) -> str:
        """The same; raises FieldMissing."""
        text = self.text(path, term)
        if text is None:
            raise self.missing(path, term)
        return text

    def code(self, path: str, term: str) -> str | None:
        """An identifier, reference or code: outer blanks mean nothing in these types."""
        text = self.text(path, term)
        return text.strip() if text else None

    def needed_code(self, path: str, term: str) -> str:
        """The same; raises FieldMissing."""
        return self.needed_text(path, term).strip()

    def identifier(self, path: str, term: str) -> Identifier | None:
        """An identifier with its schemeID, which is the sub-term 1 of the term."""
        found = self.part(path)
        value = self.code(path, term)
        if found is None or value is None:
            return None
        return Identifier(value=value, scheme=found.attribute("schemeID", f"{term}-1"))

    def decimal(self, path: str, term: str) -> Decimal | None:
        """An exact number; raises AmountUnreadable."""
        found = self.part(path)
        text = self.code(path, term)
        if found is None or text is None:
            return None
        try:
            return decimal_from(text)
        except BadInput as error:
            raise error.at(found.place(term)) from None

    def needed_decimal(self, path: str, term: str) -> Decimal:
        """The same; raises FieldMissing too."""
        value = self.decimal(path, term)
        if value is None:
            raise self.missing(path, term)
        return value

    def amount(self, path: str, term: str, currency: str) -> Decimal | None:
        """An amount; raises FieldInvalid when it names another currency than `currency`."""
        found = self.part(path)
        value = self.decimal(path, term)
        if found is None or value is None:
            return None
        named = found.attribute("currencyID", CONSTANT)
        if named is not None and named.strip() != currency:
            problem = f"the amount is in {shortened(named)}, not in {shortened(currency)}"
            raise found.invalid(term, problem)
        return value

    def needed_amount(self, path: str, term: str, currency: str) -> Decimal:
        """The same; raises FieldMissing too."""
        value = self.amount(path, term, currency)
        if value is None:
            raise self.missing(path, term)
        return value

    def day(self, path: str, term: str) -> date | None:
        """A date: format 102 where the element says so, else ISO; raises DateUnreadable."""
        found = self.part(path)
        text = self.code(path, term)
        if found is None or text is None:
            return None
        try:
            return day_from(text, found.attribute("format", CONSTANT))
        except BadInput as error:
            raise error.at(found.place(term)) from None

    def needed_day(self, path: str, term: str) -> date:
        """The same; raises FieldMissing too."""
        value = self.day(path, term)
        if value is None:
            raise self.missing(path, term)
        return value

    def category(self, path: str, term: str) -> TaxCategory | None:
        """A VAT category; raises UnknownTerm."""
        found = self.part(path)
        code = self.code(path, term)
        if found is None or code is None:
            return None
        try:
            return TaxCategory(code)
        except ValueError:
            problem = f"“{shortened(code)}” is no VAT category that faktura knows"
            known = ", ".join(TaxCategory)
            raise UnknownTerm(problem, place=found.place(term), mend=f"Known: {known}") from None

    def needed_category(self, path: str, term: str) -> TaxCategory:
        """The same; raises FieldMissing too."""
        value = self.category(path, term)
        if value is None:
            raise self.missing(path, term)
        return value

    def indicator(self, path: str, term: str) -> bool:
        """A boolean of XML, which is no term itself; raises FieldMissing, FieldInvalid."""
        found = self.need(path, term)
        text = found.code(".", CONSTANT)
        if text not in ("true", "1", "false", "0"):
            problem = f"“{shortened(text)}” is neither true nor false"
            raise found.invalid(term, problem)
        return text in ("true", "1")

    def content(self, path: str, term: str) -> bytes | None:
        """A file in base64; raises FieldInvalid."""
        found = self.part(path)
        text = self.text(path, term)
        if found is None or text is None:
            return None
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError:
            raise found.invalid(term, "the attached file is no base64") from None
