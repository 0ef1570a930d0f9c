"""While servers of one release run, the next one brings the schema up to its own, where that adds only."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from faktura.kernel.clock import Clock
from faktura.kernel.errors import Misconfigured
from faktura.kernel.ids import IdSource
from faktura.store import migrations
from faktura.store.database import Database, open_database
from faktura.store.migrations import check_current, current, is_fit, oldest_release, upgrade

_ADDS = '''"""Adds a table that the release before knows nothing of."""
from alembic import op
import sqlalchemy as sa
revision = "{0}"
down_revision = "{1}"
{2}

def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table("later_{0}", sa.Column("id", sa.Integer))
'''


class Release:
    """An installation with more revisions than ours, beside ours; `at` says which one runs here."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.ours = migrations.head()
        self._patch = patch
        self._folder = folder / "alembic"
        (self._folder / "versions").mkdir(parents=True)
        for path in migrations.FOLDER.rglob("*.py"):
            if not path.is_relative_to(migrations.VERSIONS):
                (self._folder / path.relative_to(migrations.FOLDER)).write_text(path.read_text())
        for path in migrations.VERSIONS.glob("v*.py"):
            (self._folder / "versions" / path.name).write_text(path.read_text())
        self._known = migrations.FOLDER, migrations.VERSIONS

    def add(self, *, additive: bool) -> str:
        """A further revision of the next release; its number."""
        folder = self._folder / "versions"
        last = max(path.stem[1:5] for path in folder.glob("v[0-9]*.py"))
        number = f"{int(last) + 1:04d}"
        said = "additive = True" if additive else ""
        (folder / f"v{number}_later.py").write_text(_ADDS.format(number, last, said))
        return number

    def next(self) -> None:
        """From here on the next release runs."""
        self._patch.setattr(migrations, "FOLDER", self._folder)
        self._patch.setattr(migrations, "VERSIONS", self._folder / "versions")

    def this(self) -> None:
        """From here on this release runs."""
        self._patch.setattr(migrations, "FOLDER", self._known[0])
        self._patch.setattr(migrations, "VERSIONS", self._known[1])

    def oldest(self) -> str:
        """What the next release says one must know of its schema."""
        return oldest_release(self._folder / "versions")


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    return Release(tmp_path, monkeypatch)


@pytest.fixture
def database(database_url: str, clock: Clock, ids: IdSource) -> Iterator[Database]:
    """A database at this release's version; the next test gets a fresh one."""
    opened = open_database(database_url, clock, ids)
    yield opened
    with opened.write(0) as tx:
        head = migrations.head()
        for number in range(int(head) + 1, int(head) + 3):
            tx.connection.execute(text(f"DROP TABLE IF EXISTS later_{number:04d}"))
        tx.connection.execute(text(f"UPDATE alembic_version SET version_num = '{head}'"))
    opened.close()


def test_a_release_goes_on_while_the_schema_is_ahead_by_what_was_added(
    database: Database, release: Release, caplog: pytest.LogCaptureFixture
):
    """The next release upgrades; whoever starts with this one is told in the log, and works."""
    newest = release.add(additive=True)
    release.next()
    assert upgrade(database) is True
    assert is_fit(database) is True
    release.this()

    with caplog.at_level(logging.WARNING, "faktura.store"):
        # Whoever balances the load asks all the time: it keeps sending work, and fills no log.
        assert is_fit(database) is True
        check_current(database)

    assert caplog.messages == [f"database_is_ahead version={newest} release={release.ours}"]
    assert upgrade(database) is False
    assert current(database) == newest


def test_a_release_stops_where_something_it_uses_is_gone(database: Database, release: Release):
    """One revision that takes something away is enough, also behind and before additive ones."""
    release.add(additive=True)
    stop = release.add(additive=False)
    release.next()
    assert is_fit(database) is False
    upgrade(database)
    release.this()

    assert is_fit(database) is False
    for act in (check_current, upgrade):
        with pytest.raises(Misconfigured) as refused:
            act(database)
        assert refused.value.problem == (
            f"the database stands at version {stop}, this release knows up to {release.ours}"
            f" and would have to know {stop}"
        )
        assert refused.value.mend == "Install the release that set it up, or a newer one"


def test_what_a_release_must_know_is_the_last_revision_that_is_not_additive(release: Release):
    """A word in a comment or a text says nothing: only the line of its own does."""
    release.add(additive=True)
    stop = release.add(additive=False)
    release.add(additive=True)

    assert release.oldest() == stop


def test_a_note_for_another_version_says_nothing(database: Database, release: Release):
    """A database whose version somebody set by hand, or that was restored half, is refused."""
    newest = release.add(additive=True)
    release.next()
    upgrade(database)
    release.this()
    beyond = f"{int(newest) + 1:04d}"
    with database.write(0) as tx:
        tx.connection.execute(text(f"UPDATE alembic_version SET version_num = '{beyond}'"))

    with pytest.raises(Misconfigured, match=f"stands at version {beyond}"):
        check_current(database)


def test_two_that_upgrade_at_once_do_it_once(database: Database, release: Release):
    """The second one waits for the first and finds nothing left to do."""
    newest = release.add(additive=True)
    release.next()

    with ThreadPoolExecutor(2) as both:
        done = sorted(both.map(upgrade, [database, database]))

    assert done == [False, True]
    assert current(database) == newest
