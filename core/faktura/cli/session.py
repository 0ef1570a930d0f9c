"""The application for the length of a command; imported and opened only when one runs."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from faktura.bootstrap import App, Settings
    from faktura.hub.adapters import Adapters
    from faktura.store.database import Database

# Whose settings are asked where nobody's are kept.
NO_TENANT = 0


@contextmanager
def running() -> "Iterator[App]":
    """The application on the settings of this process; raises Misconfigured."""
    from faktura.bootstrap import open_app

    app = open_app(os.environ)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def connected() -> "Iterator[Database]":
    """Only the database, whatever its version, for the commands that set it up."""
    from faktura.bootstrap import connect
    from faktura.kernel.clock import SystemClock

    database = connect(installation(), SystemClock())
    try:
        yield database
    finally:
        database.close()


def installation() -> "Settings":
    """The installation's settings alone: no database, no plugin."""
    from faktura.bootstrap import read_settings

    return read_settings(os.environ, Path())


def adapters_alone() -> "Adapters":
    """Adapters on the installation's settings alone, for looking into files: no database is asked."""
    from faktura.hub.adapters import Adapters, Installation
    from faktura.hub.loader import load
    from faktura.hub.nothing_kept import NothingKept
    from faktura.kernel.clock import SystemClock

    settings = installation()
    own = Installation(settings.environment, settings.adapters)
    return Adapters(load(settings.plugins), NothingKept(), SystemClock(), own)
