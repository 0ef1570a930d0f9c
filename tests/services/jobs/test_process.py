"""Workers as processes: they stop on a signal, and nothing is lost when they cannot."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select, text

from faktura.domain.jobs import JobName, JobRequest, JobState
from faktura.store.database import open_database
from faktura.store.jobs import enqueue, enqueue_all, find_job
from faktura.store.migrations import upgrade
from faktura.store.tables import job
from faktura.worker.process import run_worker

SCRIPT = Path(__file__).parent / "counting_worker.py"
FAKTURA = (sys.executable, "-u", "-c", "from faktura.cli.main import main; main()")
JOBS = 1_000
PATIENCE = 120


@pytest.fixture
def spawn(empty_database_url, tmp_path):
    """Start a worker process that counts in tmp_path; whatever still runs at the end is killed."""
    started = []

    def start():
        worker = subprocess.Popen(
            [sys.executable, "-u", str(SCRIPT), empty_database_url, str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(worker)
        return worker

    with closing(sqlite3.connect(tmp_path / "effects.sqlite3")) as effects:
        effects.execute("PRAGMA journal_mode=WAL")
        effects.execute("CREATE TABLE effect (n INTEGER PRIMARY KEY)")
    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def put_in_jobs(database):
    with database.write(1) as tx:
        enqueue_all(tx, [JobRequest(JobName.DELIVER, {"n": n}) for n in range(JOBS)])


def runs(folder):
    path = folder / "runs"
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def states(database):
    with database.read(1) as tx:
        rows = tx.connection.execute(
            # Beside these jobs stand those that the schedule puts in.
            select(job.c.state, func.count().label("number"))
            .where(job.c.name == JobName.DELIVER)
            .group_by(job.c.state)
        )
        return {row.state: row.number for row in rows}


def handed_out(database):
    """What procrastinate still has of these jobs; on SQLite there is none."""
    if not database.is_postgresql:
        return 0
    with database.read(1) as tx:
        left = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'DELIVER'"
        return tx.connection.execute(text(left)).scalar_one()


def state_of(database, job_id):
    with database.read(1) as tx:
        found = find_job(tx, job_id)
    return found and found.state


def wait_until(true):
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it takes too long"
        Event().wait(0.02)


def test_kill_9_loses_nothing_and_repeats_no_effect(database, spawn, tmp_path):
    """Three of four workers are killed in the middle of 1,000 jobs: every effect is there, once.

    A job that ran when its worker was killed runs again; its effect has a key, so it counts once.
    """
    workers = [spawn() for _ in range(4)]
    for worker in workers:
        assert "is running" in worker.stdout.readline()

    put_in_jobs(database)
    for doomed, after in zip(workers[:3], (200, 400, 600), strict=True):
        wait_until(lambda after=after: len(runs(tmp_path)) >= after)
        doomed.send_signal(signal.SIGKILL)
        assert doomed.wait() == -signal.SIGKILL
        assert states(database)["READY"] > 0
    wait_until(lambda: states(database) == {"DONE": JOBS})
    workers[3].send_signal(signal.SIGTERM)

    assert workers[3].wait(timeout=PATIENCE) == 0
    with closing(sqlite3.connect(tmp_path / "effects.sqlite3")) as effects:
        kept = [n for (n,) in effects.execute("SELECT n FROM effect ORDER BY n")]
    assert kept == list(range(JOBS))
    ran = Counter(runs(tmp_path))
    assert set(ran) == set(range(JOBS))
    # Not more than the killed workers had in hand: three times eight slots.
    assert sum(ran.values()) <= JOBS + 24
    assert handed_out(database) == 0


def test_a_worker_is_ready_to_be_stopped_when_it_says_that_it_runs(database, context_with):
    """One line, then the signal counts; without jobs it ends at once."""
    said = []

    def announce(line):
        said.append(line)
        os.kill(os.getpid(), signal.SIGTERM)

    run_worker(context_with(), announce)

    (line,) = said
    assert re.fullmatch(
        r"worker \S+-\d+-[0-9a-f]{8} is running; Ctrl-C stops it after the jobs it is doing", line
    )


@pytest.mark.parametrize("stopped_by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_a_worker_in_good_order(database, spawn, tmp_path, stopped_by):
    """It says that it runs, finishes what it does, and leaves nothing half done."""
    worker = spawn()
    line = worker.stdout.readline()
    put_in_jobs(database)
    wait_until(lambda: len(runs(tmp_path)) >= 20)

    worker.send_signal(stopped_by)
    code = worker.wait(timeout=PATIENCE)

    left = states(database)
    assert code == 0
    assert line.startswith("worker ")
    assert set(left) == {"DONE", "READY"}
    assert left["DONE"] == len(runs(tmp_path))


def test_the_command_does_the_jobs_of_the_installation(empty_database_url, tmp_path, clock, ids):
    """`faktura worker` on a database of this release: a job is done, then a signal ends it."""
    database = open_database(empty_database_url, clock, ids)
    upgrade(database)
    with database.write(1) as tx:
        job_id = enqueue(tx, JobName.FAN_OUT, {"seal": 1})
    worker = subprocess.Popen(
        [*FAKTURA, "worker"],
        cwd=tmp_path,
        env={**os.environ, "FAKTURA_DATABASE_URL": empty_database_url, "FAKTURA_PLUGINS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    try:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        wait_until(lambda: state_of(database, job_id) is JobState.DONE)
    finally:
        worker.send_signal(signal.SIGTERM)
        _out, errors = worker.communicate(timeout=PATIENCE)

    database.close()
    assert "is running" in line
    assert (worker.returncode, errors) == (0, "")


@pytest.mark.parametrize(
    "empty_database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_serving_on_postgresql_starts_no_worker_and_says_so(
    empty_database_url, tmp_path, clock, ids
):
    """Workers run apart, on as many machines as there are."""
    database = open_database(empty_database_url, clock, ids)
    upgrade(database)
    database.close()
    serving = subprocess.Popen(
        [*FAKTURA, "serve", "--port", "0"],
        cwd=tmp_path,
        env={**os.environ, "FAKTURA_DATABASE_URL": empty_database_url, "FAKTURA_PLUGINS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    try:
        assert serving.stdout is not None
        lines = [serving.stdout.readline() for _ in range(2)]
    finally:
        serving.send_signal(signal.SIGTERM)
        rest, errors = serving.communicate(timeout=PATIENCE)

    assert "faktura is at http://127.0.0.1:" in lines[0]
    assert lines[1] == "Background jobs wait for `faktura worker`, which runs apart.\n"
    assert rest == ""
    assert (serving.returncode, "Traceback" in errors) == (0, False)
