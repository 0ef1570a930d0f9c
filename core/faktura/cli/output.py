"""What a command prints: tables for people, JSON for scripts, progress for whoever waits."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

Advance = Callable[[int], None]
Record = Mapping[str, object]

_WIDE = 200


def print_json(value: object) -> None:
    """Indented JSON; dates, decimals and ids as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def print_records(
    records: Sequence[Record], *, columns: Sequence[str], as_json: bool, title: str = ""
) -> None:
    """A table of the records' `columns`, one row each; as JSON a list of the whole records."""
    if as_json:
        print_json(list(records))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for record in records:
        table.add_row(*(Text(shown(record.get(column))) for column in columns))
    _print(table)


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


def shown(value: object) -> str:
    """A value as a table's cell: nothing for None, yes and no, commas between several."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(entry) for entry in value)
        case _:
            return str(value)


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


def _print(table: object) -> None:
    from rich.console import Console

    # A pipe has no width: nothing may be cut or broken there.
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    console.print(table)
