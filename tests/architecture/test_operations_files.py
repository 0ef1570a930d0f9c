"""The files of docs/operations: their commands, options, settings and sources are the program's."""

import configparser
import dataclasses
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml  # type: ignore[import-untyped]

from faktura.bootstrap import Settings
from faktura.cli.main import faktura

_FOLDER = Path(__file__).parents[2] / "docs/operations"
_UNITS = sorted(_FOLDER.glob("*.service"))
_VARIABLES = {f"FAKTURA_{field.name.upper()}" for field in dataclasses.fields(Settings)}


def problem_of(words: list[str]) -> str | None:
    """What is wrong with a command line behind `faktura`."""
    command: click.Command = faktura
    context = click.Context(faktura, info_name="faktura")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        if found is None:
            return f"there is no {words[0]}"
        command, context, words = found, click.Context(found, parent=context), words[1:]
    try:
        with context.scope(cleanup=False):
            command.make_parser(context).parse_args(words)
    except click.UsageError as error:
        return error.format_message()
    return None


@pytest.mark.parametrize("unit", _UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_exists(unit):
    """With its options; and gives it longer to stop than a job may take."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign] # keys of systemd keep their case
    read.read_string(unit.read_text())
    program, *words = shlex.split(read["Service"]["ExecStart"])

    assert program == "/opt/faktura/bin/faktura"
    assert problem_of(words) is None
    assert int(read["Service"]["TimeoutStopSec"]) >= 60
    assert read["Service"]["User"] == "faktura"


def test_there_is_a_unit_for_each_kind_of_process():
    """An empty folder would pass the test above."""
    assert [unit.name for unit in _UNITS] == ["faktura-serve.service", "faktura-worker@.service"]


def test_compose_starts_commands_that_exist():
    """One that makes the schema first, those that serve and work after it."""
    services = yaml.safe_load((_FOLDER / "compose.yaml").read_text())["services"]
    own = {name: service for name, service in services.items() if "command" in service}

    assert set(own) == {"schema", "serve", "worker"}
    assert {name: problem_of(service["command"]) for name, service in own.items()} == {
        "schema": None,
        "serve": None,
        "worker": None,
    }
    for name in ("serve", "worker"):
        assert own[name]["depends_on"] == {
            "schema": {"condition": "service_completed_successfully"}
        }


def test_the_container_is_made_of_what_is_there():
    """Its sources exist, its first command too; it never runs as root."""
    lines = (_FOLDER / "Containerfile").read_text().splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY") and "--from" not in line]
    command = next(line for line in lines if line.startswith("CMD")).removeprefix("CMD ")

    assert copied == ["requirements.lock", "core", "plugins"]
    assert all((_FOLDER.parents[1] / name).exists() for name in copied)
    assert problem_of(yaml.safe_load(command)) is None
    assert "USER faktura" in lines


def test_every_setting_they_name_is_read():
    """A variable that nobody reads would be set in vain."""
    named = {
        name
        for path in _FOLDER.iterdir()
        for name in re.findall(r"\bFAKTURA_[A-Z_]+\b", path.read_text())
    }

    assert named
    assert named <= _VARIABLES
