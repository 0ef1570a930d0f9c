"""Every command that the documentation shows exists with these options."""

import re
import shlex
from pathlib import Path

import click

from faktura.cli.main import faktura

_ROOT = Path(__file__).parents[2]
_PAGES = (
    "README.md",
    "docs/operations.md",
    "docs/payments.md",
    "docs/imports.md",
    "docs/domain.md",
    "docs/hooks.md",
)


def test_documented_commands_exist_with_their_options():
    """Names of commands and options, and those that are required; what they do is for other tests."""
    wrong = [
        f"{page}: {line}: {problem}"
        for page in _PAGES
        for line in _commands((_ROOT / page).read_text())
        if (problem := _problem(line))
    ]

    assert not wrong, "\n".join(wrong)


def _commands(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    return re.findall(r"^(?: {4})?faktura (.+)$", joined, re.MULTILINE)


def _problem(line: str) -> str | None:
    words = shlex.split(line, comments=True)
    words = words[: next((n for n, word in enumerate(words) if word in {"|", ">"}), len(words))]
    command: click.Command = faktura
    context = click.Context(faktura, info_name="faktura")
    while isinstance(command, click.Group) and words:
        name = words.pop(0)
        found = command.get_command(context, name)
        if found is None:
            return f"there is no {name}"
        command, context = found, click.Context(found, parent=context, info_name=name)
    if any(word.endswith(("…", "...")) for word in words):
        return None
    try:
        with context.scope(cleanup=False):
            command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    given = {word.partition("=")[0] for word in words}
    missing = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option) and option.required and not given & set(option.opts)
    ]
    return f"{', '.join(missing)} is missing" if missing else None
