"""The file's data as fields of the document; what nobody asked for is remembered as unread."""

from collections.abc import Mapping

from faktura.kernel.errors import FileUnreadable


class Part:
    """An object of the file at `place`; raises FileUnreadable for what is not there or not so."""

    def __init__(self, data: object, place: str = "") -> None:
        if not isinstance(data, dict):
            raise FileUnreadable("it is no object", place=place)
        self._data: Mapping[str, object] = data
        self._place = place
        self._asked: set[str] = set()
        self._below: list[Part] = []

    def part(self, name: str) -> "Part":
        """The object of that name."""
        self._below.append(Part(self.value(name), self._at(name)))
        return self._below[-1]

    def parts(self, name: str) -> list["Part"]:
        """The objects of a list."""
        values = self.value(name)
        if not isinstance(values, list):
            raise FileUnreadable("it is no list", place=self._at(name))
        found = [Part(one, f"{self._at(name)}.{number}") for number, one in enumerate(values)]
        self._below += found
        return found

    def named(self, **names: str) -> dict[str, object]:
        """Values under other names, whatever they are: `named(issued_on="date")`."""
        return {field: self.value(name) for field, name in names.items()}

    def unread(self) -> tuple[str, ...]:
        """The places that nobody asked for, here and below."""
        own = (self._at(name) for name in self._data if name not in self._asked)
        return (*own, *(place for part in self._below for place in part.unread()))

    def value(self, name: str) -> object:
        """What stands there; null where it is absent."""
        self._asked.add(name)
        if name not in self._data:
            raise FileUnreadable("it is not there", place=self._at(name))
        return self._data[name]

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}".lstrip(".")


def document_fields(part: Part) -> dict[str, object]:
    """The fields of InvoiceDocument."""
    return {
        **part.named(
            number="number",
            issued_on="date",
            type_code="type",
            currency="currency",
            due_on="due",
            payment_terms="terms",
            buyer_reference="reference",
        ),
        "payment": part.named(means_code="means"),
        "seller": _party(part.part("seller")),
        "buyer": _party(part.part("buyer")),
        "lines": [_line(one) for one in part.parts("lines")],
        "vat": [_vat(one) for one in part.parts("vat")],
        "totals": _totals(part.part("totals")),
    }


def _party(part: Part) -> dict[str, object]:
    return {
        **part.named(name="name", vat_id="vatId", tax_number="taxNumber"),
        "identifiers": [one.named(value="value", scheme="scheme") for one in part.parts("ids")],
        "address": _address(part.part("address")),
    }


def _address(part: Part) -> dict[str, object]:
    return part.named(
        line1="line1",
        line2="line2",
        line3="line3",
        city="city",
        postcode="postcode",
        country="country",
    )


def _line(part: Part) -> dict[str, object]:
    return part.named(
        id="id",
        name="name",
        description="text",
        quantity="quantity",
        unit_code="unit",
        price="price",
        price_base="per",
        net="net",
        vat_category="category",
        vat_rate="rate",
    )


def _vat(part: Part) -> dict[str, object]:
    return part.named(
        category="category",
        rate="rate",
        taxable="net",
        tax="tax",
        exemption_reason="reason",
        exemption_code="code",
    )


def _totals(part: Part) -> dict[str, object]:
    return part.named(
        lines="lines",
        net="net",
        vat="vat",
        gross="gross",
        prepaid="prepaid",
        rounding="rounding",
        due="due",
    )
