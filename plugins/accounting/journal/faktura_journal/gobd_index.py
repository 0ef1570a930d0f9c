"""index.xml: the description of the tables by the standard for handing data to tax auditors.

The order of elements is that of gdpdu-01-09-2004.dtd.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol
from xml.sax.saxutils import escape

from faktura.kernel.clock import zone
from faktura.plugin import ExportBatch
from faktura_journal.gobd_tables import Field, Form, Table
from faktura_journal.plain_text import one_line

DELIMITER = ";"
LINE_END = "\r\n"
ENCAPSULATOR = '"'


class DateFormat(NamedTuple):
    """A format of days: for `strftime`, and as the standard writes it."""

    pattern: str
    described: str


DATE_FORMAT = DateFormat("%d.%m.%Y", "DD.MM.YYYY")


class Described(Protocol):
    """A table with what its rows came to: of each column the longest text or most decimals."""

    table: Table
    widths: list[int]


def index_xml(batch: ExportBatch, location: str, tables: Sequence[Described]) -> bytes:
    """The description of these tables, in their order; `location` is the company's seat."""
    made = batch.created_at.astimezone(zone(batch.time_zone))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">',
        "<DataSet>",
        _element("Version", "1.0"),
        "<DataSupplier>",
        _element("Name", batch.company),
        _element("Location", location),
        _element("Comment", f"Export {batch.number} vom {made:%d.%m.%Y}"),
        "</DataSupplier>",
        "<Media>",
        _element("Name", "Buchführung"),
    ]
    written = frozenset(one.table.name for one in tables)
    for one in tables:
        lines += _table(one, batch, written)
    lines += ["</Media>", "</DataSet>", ""]
    return "\n".join(lines).encode()


def _table(described: Described, batch: ExportBatch, written: frozenset[str]) -> Iterator[str]:
    table = described.table
    yield "<Table>"
    yield _element("URL", table.url)
    yield _element("Name", table.name)
    yield _element("Description", table.description)
    yield "<Validity>"
    first, last = (f"{day:{DATE_FORMAT.pattern}}" for day in (batch.start, batch.end))
    yield f"<Range>{_element('From', first)}{_element('To', last)}</Range>"
    yield _element("Format", DATE_FORMAT.described)
    yield "</Validity>"
    yield "<UTF8/>"
    yield _element("DecimalSymbol", ",")
    yield _element("DigitGroupingSymbol", ".")
    yield "<VariableLength>"
    yield _element("ColumnDelimiter", DELIMITER)
    yield "<RecordDelimiter>&#13;&#10;</RecordDelimiter>"
    yield _element("TextEncapsulator", ENCAPSULATOR)
    for column, (field, width) in enumerate(zip(table.fields, described.widths, strict=True)):
        name = "VariablePrimaryKey" if column < table.keys else "VariableColumn"
        yield f"<{name}>{_element('Name', field.name)}{_form(field, width)}</{name}>"
    for column_name, other in table.references:
        if other in written:
            names = _element("Name", column_name) + _element("References", other)
            yield f"<ForeignKey>{names}</ForeignKey>"
    yield "</VariableLength>"
    yield "</Table>"


def _form(field: Field, width: int) -> str:
    if field.form is Form.TEXT:
        return "<AlphaNumeric/>" + _element("MaxLength", str(max(width, 1)))
    if field.form is Form.DAY:
        return f"<Date>{_element('Format', DATE_FORMAT.described)}</Date>"
    return f"<Numeric>{_element('Accuracy', str(width))}</Numeric>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(one_line(text))}</{name}>"
