"""What a command prints: tables for people, JSON for scripts, progress for whoever waits."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from unicodedata import category

import click

Advance = Callable[[int], None]
Record = Mapping[str, object]

_WIDE = 200
# What is left of a column that may wrap, and what a table puts between two columns.
_NARROW = 12
_GAP = 3
# Control characters, invisible ones that turn the direction of text, lone halves of a pair.
_STEERING = frozenset({"Cc", "Cf", "Cs"})


def print_json(value: object) -> None:
    """Indented JSON; dates, decimals and ids as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_records(
    records: Sequence[Record],
    *,
    columns: Sequence[str],
    as_json: bool,
    title: str = "",
    nothing: str = "",
) -> None:
    """A table of the records' `columns`, one row each; as JSON a list of the whole records.

    Without records people read the sentence `nothing`, if there is one.
    """
    if as_json:
        print_json(list(records))
        return
    if nothing and not records:
        click.echo(nothing)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    cells = [[shown(record.get(column)) for column in columns] for record in records]
    least = 0
    for place, column in enumerate(columns):
        values = [row[place] for row in cells]
        # Numbers, days, amounts and ids are copied from a table: they must stand in one piece.
        whole = all(len(value.split()) <= 1 for value in values)
        least += max((len(value) for value in [column, *values]), default=0) if whole else _NARROW
        table.add_column(
            column.replace("_", " "),
            overflow="fold",
            no_wrap=whole,
            justify="right" if any(values) and all(map(_is_amount, values)) else "left",
        )
    for row in cells:
        table.add_row(*(Text(value) for value in row))
    _print(table, least + _GAP * len(columns))


def print_record(record: Record, *, as_json: bool, title: str = "") -> None:
    """One thing, a line for each field under its own name; as JSON an object."""
    if as_json:
        print_json(record)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in record.items():
        table.add_row(Text(name), Text(shown(value)))
    _print(table)


def _is_amount(cell: str) -> bool:
    return not cell or cell.removeprefix("-").replace(".", "", 1).isdecimal()


def shown(value: object) -> str:
    """A value as a table's cell: nothing for None, yes and no, commas between several."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(shown(entry) for entry in value)
        case _:
            return _harmless(str(value))


def _harmless(text: str) -> str:
    """What a bank or a customer wrote must not steer the terminal it is shown on."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if category(sign) in _STEERING and sign != "\n" else sign
        for sign in text
    )


def say(line: str, *, as_json: bool) -> None:
    """A sentence for people; silent where a script reads."""
    if not as_json:
        click.echo(line)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Advance]:
    """A progress bar on a terminal's standard error, nothing elsewhere.

    Gives a function that takes how many of `total` are done since the last call; a total of None
    shows that something is going on.
    """
    if not sys.stderr.isatty():
        yield _ignore
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.advance(task, done)


def _ignore(_done: int) -> None:
    return None


def _print(table: object, least: int = 0) -> None:
    """Print to the terminal's width, but never narrower than `least`: cut ids are worth nothing."""
    from rich.console import Console

    # A pipe has no width of its own: nothing is cut or broken there unless COLUMNS says so.
    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
    console = Console(width=wide)
    if console.width < least:
        console = Console(width=least)
    console.print(table)
