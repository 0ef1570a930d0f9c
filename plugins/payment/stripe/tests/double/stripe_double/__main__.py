"""The double as a process of its own: `python -m stripe_double PORT FILE`; says when it listens."""

import sys
from functools import partial
from pathlib import Path

from aiohttp import web

from faktura.kernel.clock import SystemClock
from stripe_double.server import application_of
from stripe_double.world import World

world = World(SystemClock(), Path(sys.argv[2]))
world.base = f"http://127.0.0.1:{sys.argv[1]}"
say = partial(print, flush=True)
web.run_app(application_of(world), host="127.0.0.1", port=int(sys.argv[1]), print=say)
