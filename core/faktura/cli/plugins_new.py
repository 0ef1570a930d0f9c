"""faktura plugins new: the distribution of a connector, complete but for what only a person can write."""

from pathlib import Path

import click

from faktura.cli.output import say

_FAMILIES = ("payment", "banking", "accounting", "einvoice", "events", "tax")


@click.command()
@click.argument("family", type=click.Choice(_FAMILIES))
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the new folder is made.  [default: here]",
)
@click.option("--feed", is_flag=True, help="Of banking: a feed instead of a statement parser.")
def new(family: str, name: str, folder: Path, *, feed: bool) -> None:
    """Write a new connector into the folder faktura-NAME; nothing is fetched from anywhere.

    Its tests run at once and fail where something is still to be written, each with a sentence. See
    docs/connectors for the way from there.
    """
    from faktura.testing.scaffold.distribution import Kind, new_distribution

    if feed and family != "banking":
        raise click.UsageError("--feed is of the family banking")
    word = family if family != "banking" else ("feed" if feed else "statements")
    written = new_distribution(Kind(word), name).write(folder)
    say(f"{written}: pip install -e '{written}[testing]', then pytest in it.", as_json=False)
