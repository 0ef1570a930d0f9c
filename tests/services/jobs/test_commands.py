"""`faktura jobs`: list, show, retry, as text and as JSON."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

import pytest
from click.testing import CliRunner

from faktura.cli import jobs as commands
from faktura.domain.jobs import Finished, JobName, Quarantined
from faktura.kernel.errors import TransitionRefused
from faktura.store.database import Database
from faktura.store.jobs import enqueue
from faktura.store.queues import queue_of

LEASE = timedelta(seconds=60)
TOLD = {
    "code": "delivery_failed",
    "problem": "no answer within 30 seconds",
    "place": "listener example.Hook",
    "mend": "",
}


@dataclass
class App:
    """As much of the application as the commands need."""

    database: Database

    def tenant_id(self, key):
        """Tenant 1, unless the other one is named."""
        return {None: 1, "tenant-2": 2}[key]


@pytest.fixture
def run(database, monkeypatch):
    """Run `faktura jobs …` on this database and return what it writes."""
    monkeypatch.setattr(commands, "running", lambda: nullcontext(App(database)))

    def call(*words: str):
        done = CliRunner().invoke(commands.jobs, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


@pytest.fixture
def stuck(database):
    """A quarantined delivery; beside it stand a done one and one that waits."""
    with database.write(1) as tx:
        ids = [enqueue(tx, JobName.DELIVER, {"n": n}, lock=f"lock-{n}") for n in (1, 2, 3)]
    queue = queue_of(database)
    first, second = queue.claim("w", 2, LEASE)
    queue.settle([(first, Quarantined(TOLD))])
    queue.settle([(second, Finished())])
    return ids[0]


def test_the_list_shows_what_is_not_done(run, stuck):
    """Newest first, a line a job, with the error in short."""
    lines = [line for line in run("list").splitlines() if "DELIVER" in line]

    assert len(lines) == 2
    assert "READY" in lines[0]
    assert " ".join(lines[1].split()) == (
        f"{stuck} QUARANTINED DELIVER 1 2026-10-31 08:00:00Z"
        " delivery_failed: no answer within 30 seconds"
    )


def test_the_list_can_be_narrowed(run, stuck):
    """--state may be repeated; --limit takes the latest; another tenant has jobs of its own."""
    done_or_stuck = ("list", "--json", "--state", "DONE", "--state", "QUARANTINED")

    both = [found["state"] for found in json.loads(run(*done_or_stuck))]
    last = [found["state"] for found in json.loads(run(*done_or_stuck, "--limit", "1"))]
    others = json.loads(run(*done_or_stuck, "--tenant", "tenant-2"))

    assert both == ["DONE", "QUARANTINED"]
    assert last == ["DONE"]
    assert others == []


def test_a_script_reads_the_list_as_json(run, stuck):
    """Whole records, moments in UTC."""
    _waiting, found = json.loads(run("list", "--json"))

    assert found == {
        "id": str(stuck),
        "name": "DELIVER",
        "state": "QUARANTINED",
        "args": {"n": 1},
        "attempts": 1,
        "run_at": "2026-10-31T08:00:00+00:00",
        "created_at": "2026-10-31T08:00:00+00:00",
        "finished_at": None,
        "key": None,
        "lock": "lock-1",
        "worker": None,
        "error": TOLD,
    }


def test_one_job_is_shown_with_its_error(run, stuck):
    """A line a field for a person, the record for a script."""
    written = run("show", str(stuck))

    assert "QUARANTINED" in written
    assert "no answer within 30 seconds" in written
    assert json.loads(run("show", str(stuck), "--json"))["error"] == TOLD


def test_a_person_tries_a_job_again(run, stuck):
    """The job is ready with no attempt used; a second try of a done job is refused by name."""
    assert json.loads(run("retry", str(stuck), "--json"))["state"] == "READY"
    assert "QUARANTINED" not in run("list")


def test_a_done_job_is_refused(run, stuck):
    """The named error reaches the command line's top, which prints it."""
    (done,) = json.loads(run("list", "--state", "DONE", "--json"))

    with pytest.raises(TransitionRefused, match="a job that is DONE is not tried again"):
        run("retry", done["id"])
