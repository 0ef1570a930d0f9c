"""A named error as a person or a script reads it, on standard error."""

import json

import click

from faktura.kernel.errors import FakturaError


def report(error: FakturaError, *, as_json: bool) -> None:
    """Write place, problem and what to do; as JSON `{"error": {code, problem, place, mend}}`.

    An error that gathers others is followed by a line for each, as JSON by `parts`.
    """
    if as_json:
        parts = {"parts": [part.as_dict() for part in error.parts]} if error.parts else {}
        click.echo(
            json.dumps({"error": {**error.as_dict(), **parts}}, ensure_ascii=False), err=True
        )
        return
    click.secho("error: ", fg="red", nl=False, err=True)
    click.echo(f"{error.place}: {error.problem}" if error.place else error.problem, err=True)
    if error.mend:
        click.echo(f"       {error.mend}", err=True)
    for part in error.parts:
        click.echo(f"  {part}", err=True)
