"""A row as a booking record: which column holds what, and the line on disk."""

from collections.abc import Mapping

from faktura_datev import columns
from faktura_datev.row import Row, Voucher

Cells = dict[int, str]
"""The filled columns of a record by number, unquoted."""


def voucher_cells(voucher: Voucher, *, lock: bool) -> Cells:
    """The columns all rows of an entry share."""
    cells = {
        columns.DAY: f"{voucher.on.day:02}{voucher.on.month:02}",
        columns.DOCUMENT_1: voucher.document,
        columns.TEXT: voucher.text,
        columns.MANDATE: voucher.mandate,
        # Written even when 0: a record without it locks the whole batch.
        columns.LOCK: str(int(lock)),
    }
    if voucher.due:
        # Belegfeld 2 is where DATEV has always looked for the due date, 117 where it does now.
        day_and_month = f"{voucher.due.day:02}{voucher.due.month:02}"
        cells[columns.DOCUMENT_2] = f"{day_and_month}{voucher.due.year % 100:02}"
        cells[columns.DUE] = f"{day_and_month}{voucher.due.year:04}"
    for n, (kind, content) in enumerate(voucher.infos):
        cells[columns.FIRST_INFO + 2 * n] = kind
        cells[columns.FIRST_INFO + 2 * n + 1] = content
    return _filled(cells)


def cells_of(row: Row, shared: Cells) -> Cells:
    """The record of a row; `shared` are the cells of its voucher."""
    return shared | _filled(
        {
            columns.AMOUNT: f"{row.amount // 100},{row.amount % 100:02}",
            columns.SIDE: row.side,
            # Leading zeros are dropped, as DATEV's own files do.
            columns.ACCOUNT: row.account.lstrip("0"),
            columns.CONTRA: row.contra.lstrip("0"),
            columns.TAX_KEY: row.key,
            columns.COST_1: row.cost_centre,
            columns.COST_2: row.cost_object,
            columns.EU_VAT_ID: _destination(row.vat_id),
        }
    )


def line_of(cells: Mapping[int, str]) -> str:
    """The record as it stands on disk, without the line end."""
    fields = list(columns.EMPTY)
    for number, value in cells.items():
        if columns.EMPTY[number - 1]:
            value = '"' + value.replace('"', '""') + '"'
        fields[number - 1] = value
    return ";".join(fields)


def _filled(cells: Cells) -> Cells:
    return {number: value for number, value in cells.items() if value}


def _destination(vat_id: str) -> str:
    # DATEV knows Greece by its VAT prefix, not by its ISO code.
    return "EL" + vat_id[2:] if vat_id.startswith("GR") else vat_id
