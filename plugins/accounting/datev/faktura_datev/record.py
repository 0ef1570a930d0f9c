"""A row as a booking record: which column holds what, and the line on disk."""

from collections.abc import Mapping, Sequence

from faktura_datev import columns
from faktura_datev.layouts import POSTINGS, Layout
from faktura_datev.row import Row, Voucher

Cells = dict[int, str]
"""The filled columns of a record by number, unquoted."""


def _empty(first: int, last: int) -> str:
    """The columns `first`..`last` (from 1, inclusive) with nothing in them."""
    return ";".join(POSTINGS.empty[first - 1 : last])


_LAST = len(POSTINGS.columns)
_CURRENCIES = _empty(columns.CURRENCY, columns.BASE_CURRENCY)
_DISCOUNT = _empty(columns.DOCUMENT_2 + 1, columns.TEXT - 1)
_BEFORE_MATTER = _empty(columns.TEXT + 1, columns.MATTER - 1)
_AFTER_MATTER = _empty(columns.MATTER + 1, columns.LINK - 1)
_QUANTITY = _empty(columns.COST_2 + 1, columns.DESTINATION - 1)
_MORE = _empty(columns.EU_RATE + 1, columns.MANDATE - 1)
_SHAREHOLDER = _empty(columns.MANDATE + 1, columns.LOCK - 1)
_SERVICE = _empty(columns.LOCK + 1, columns.DUE - 1)
_REST = _empty(columns.REVERSAL + 1, _LAST)
# The columns from the last Beleginfo on to the cost centre, by how many pairs are filled.
_INFOS = [
    "".join(f";{_empty(n, n)}" for n in range(columns.FIRST_INFO + 2 * pairs, columns.COST_1))
    for pairs in range((columns.COST_1 - columns.FIRST_INFO) // 2 + 1)
]


def lines_of(rows: Sequence[Row], *, lock: bool) -> list[str]:
    """The rows of one voucher as they stand on disk, without line ends.

    Most columns are never filled, so whole stretches of them are written at once.
    """
    middle, link, last = _voucher_parts(rows[0].voucher, lock=lock)
    lines = []
    for row in rows:
        amount = row.amount
        lines.append(
            f'{amount // 100},{amount % 100:02};"{row.side}";{_CURRENCIES};'
            # Leading zeros are dropped, as DATEV's own files do.
            f'{row.account.lstrip("0")};{row.contra.lstrip("0")};"{row.key}";{middle};'
            f"{row.matter};{_AFTER_MATTER};{link};"
            f'"{_doubled(row.cost_centre)}";"{_doubled(row.cost_object)}";{_QUANTITY};'
            f'"{_doubled(row.destination)}";{row.eu_rate};{last}'
        )
    return lines


def _voucher_parts(voucher: Voucher, *, lock: bool) -> tuple[str, str, str]:
    """Columns 10 to 17, 20 to 36, and those from 42 on."""
    day = f"{voucher.on.day:02}{voucher.on.month:02}"
    short, long = _due(voucher)
    infos = "".join(f';"{_doubled(kind)}";"{_doubled(what)}"' for kind, what in voucher.infos)
    middle = (
        f'{day};"{voucher.document}";"{short}";{_DISCOUNT};"{_doubled(voucher.text)}";'
        f"{_BEFORE_MATTER}"
    )
    link = f'"{_doubled(_link(voucher))}"{infos}{_INFOS[len(voucher.infos)]}'
    reversal = "1" if voucher.reversal else ""
    last = (
        f'{_MORE};"{_doubled(voucher.mandate)}";{_SHAREHOLDER};{int(lock)};{_SERVICE};{long};'
        f'"{reversal}";{_REST}'
    )
    return middle, link, last


def _doubled(text: str) -> str:
    return text.replace('"', '""') if '"' in text else text


def _link(voucher: Voucher) -> str:
    return f'BEDI "{voucher.link}"' if voucher.link else ""


def _due(voucher: Voucher) -> tuple[str, str]:
    """The due date for Belegfeld 2, where DATEV has always looked, and for 117, where it does now."""
    if not voucher.due:
        return "", ""
    due = voucher.due
    day_and_month = f"{due.day:02}{due.month:02}"
    return f"{day_and_month}{due.year % 100:02}", f"{day_and_month}{due.year:04}"


def voucher_cells(voucher: Voucher, *, lock: bool) -> Cells:
    """The columns all rows of an entry share."""
    short, long = _due(voucher)
    cells = {
        columns.DAY: f"{voucher.on.day:02}{voucher.on.month:02}",
        columns.DOCUMENT_1: voucher.document,
        columns.DOCUMENT_2: short,
        columns.TEXT: voucher.text,
        columns.LINK: _link(voucher),
        columns.MANDATE: voucher.mandate,
        # Written even when 0: a record without it locks the whole batch.
        columns.LOCK: str(int(lock)),
        columns.DUE: long,
        columns.REVERSAL: "1" if voucher.reversal else "",
    }
    for n, (kind, content) in enumerate(voucher.infos):
        cells[columns.FIRST_INFO + 2 * n] = kind
        cells[columns.FIRST_INFO + 2 * n + 1] = content
    return _filled(cells)


def cells_of(row: Row, shared: Cells) -> Cells:
    """What a record must be read as; `shared` are the cells of its voucher."""
    return shared | _filled(
        {
            columns.AMOUNT: f"{row.amount // 100},{row.amount % 100:02}",
            columns.SIDE: row.side,
            columns.ACCOUNT: row.account.lstrip("0"),
            columns.CONTRA: row.contra.lstrip("0"),
            columns.TAX_KEY: row.key,
            columns.COST_1: row.cost_centre,
            columns.COST_2: row.cost_object,
            columns.DESTINATION: row.destination,
            columns.EU_RATE: row.eu_rate,
            columns.MATTER: row.matter,
        }
    )


def line_of(cells: Mapping[int, str], layout: Layout) -> str:
    """A record of any layout as it stands on disk, without the line end."""
    fields = list(layout.empty)
    for number, value in cells.items():
        if layout.empty[number - 1]:
            value = f'"{_doubled(value)}"'
        fields[number - 1] = value
    return ";".join(fields)


def _filled(cells: Cells) -> Cells:
    return {number: value for number, value in cells.items() if value}
