"""What a copy asks of its two databases before anything is written (O25, F137)."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from tests.services.company import Company, opened
from tests.services.copying.scene import change, copied, fill

from faktura.cli.db import db
from faktura.flows.sandbox_copying import copy_to_sandbox
from faktura.kernel.errors import Misconfigured
from faktura.store.database import Database, open_database

NOBODY = "postgresql://someone:geheim@127.0.0.1:1/none"


@pytest.fixture
def source(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "source.db"
    shutil.copy(migrated_file, file)
    database = opened(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.mark.parametrize("command", ["copy", "sandbox-copy"])
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (NOBODY, "the database does not answer"),
        ("mysql://someone:geheim@h/none", "the database address is neither SQLite nor PostgreSQL"),
    ],
)
def test_a_target_that_does_not_answer_is_told_as_the_target(
    source, monkeypatch, command, url, problem
):
    """One line that says which of the two it is, without the password, and no traceback."""
    Company(source)
    monkeypatch.setenv("FAKTURA_DATABASE_URL", str(source.engine.url))

    done = CliRunner().invoke(db, [command, "--to", url])

    assert isinstance(done.exception, Misconfigured)
    assert done.exception.place == "--to"
    assert done.exception.problem.startswith(problem)
    assert "geheim" not in str(done.exception)


def test_a_source_ahead_of_this_release_is_not_copied(source, migrated_file, tmp_path):
    """This release can work on it, but knows nothing of the columns that came after it."""
    fill(source)
    shutil.copy(migrated_file, tmp_path / "target.db")
    target = opened(f"sqlite:///{tmp_path}/target.db")
    change(source, "UPDATE alembic_version SET version_num = '9998'")
    change(source, "PRAGMA user_version = 99980057")

    with pytest.raises(Misconfigured) as refused:
        copied(source, target)

    target.close()
    assert refused.value.place == "the source"
    assert refused.value.problem.startswith("the source stands at version 9998, this release knows")


def test_a_sandbox_is_not_set_up_among_tables_of_something_else(source, tmp_path):
    """A wrong address must not put our tables into another program's database."""
    Company(source)
    target = open_database(f"sqlite:///{tmp_path}/other.db", source.clock, source.new_id)
    change(target, "CREATE TABLE theirs (id INTEGER)")

    with pytest.raises(Misconfigured) as refused:
        copy_to_sandbox(source, 1, target, "probe")

    assert refused.value.problem == "the target holds tables of something else, such as theirs"
    with target.read(0) as tx:
        names = tx.connection.execute(text("SELECT name FROM sqlite_master")).scalars().all()
    target.close()
    assert names == ["theirs"]
