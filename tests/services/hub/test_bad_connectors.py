"""A connector that could not work stops every start, and the message says plugin, hook and mend."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest
from click.testing import CliRunner
from tests.services.hub.conftest import Install
from typing_extensions import override

from faktura.cli.main import faktura
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import FakturaError, Misconfigured, PluginBroken
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Capabilities, Family, PluginManifest
from faktura.testing.payment_double import DoubleProvider

DESCRIBED = """
@hookimpl
def describe_plugin():
    return manifest("odd")
"""
PARSER = """
class {name}(StatementParser):
    format_id = "odd"

    def recognises(self, head, filename):
        return False

    def parse(self, source, filename):
        yield from ()
"""
PROVIDER = """
class Till(PaymentAdapter{abilities}):
    provider = "till"

    def capabilities(self):
        raise ValueError

    async def collect(self, request):
        raise ValueError

    async def look_up(self, attempt):
        raise ValueError
{more}

@hookimpl
def register_payment_adapters():
    return (Till,)
"""
POLL = """
    async def events_since(self, cursor, since):
        raise ValueError
"""
SOURCE = """
class Bell(WebhookSource):
    provider = "till"

    def read(self, delivery):
        return ()


@hookimpl
def register_webhook_sources():
    return (Bell,)
"""
BAD = {
    "wrong api_version": (
        """
        @hookimpl
        def describe_plugin():
            return manifest("odd", api_version=0)
        """,
        (
            "plugin odd, hook describe_plugin: it is written for version 0 of the hooks, this core has"
            " version 1. Install the plugin's release that fits this core"
        ),
    ),
    "async hook": (
        DESCRIBED
        + """
@hookimpl
async def register_payment_adapters():
    return ()
""",
        (
            "plugin odd, hook register_payment_adapters: it is async, and a hook is only asked for classes."
            " Write `def` instead of `async def`: whatever waits is a method of the class"
        ),
    ),
    "async description": (
        """
        @hookimpl
        async def describe_plugin():
            return manifest("odd")
        """,
        (
            "plugin odd, hook describe_plugin: it is async, and a hook is only asked for classes."
            " Write `def` instead of `async def`: whatever waits is a method of the class"
        ),
    ),
    "hook that yields": (
        DESCRIBED
        + """
@hookimpl
def register_bank_feeds():
    yield BankFeed
""",
        (
            "plugin odd, hook register_bank_feeds: it yields, and a hook is only asked for classes."
            " Return a tuple of the classes"
        ),
    ),
    "misspelt hook": (
        DESCRIBED
        + """
@hookimpl
def register_payment_adaptors():
    return ()
""",
        (
            "plugin odd, hook register_payment_adaptors: it implements a hook that does not exist."
            " Did you mean register_payment_adapters? See docs/hooks.md for the hooks and what they return"
        ),
    ),
    "hook without its mark": (
        DESCRIBED
        + """
def register_payment_adapters():
    return ()
""",
        (
            "plugin odd, hook register_payment_adapters: it is written and not marked, so that nobody"
            " would ask it. Write @hookimpl above it"
        ),
    ),
    "duplicate key of two classes": (
        DESCRIBED
        + PARSER.format(name="One")
        + PARSER.format(name="Two")
        + """
@hookimpl
def register_statement_parsers():
    return (One, Two)
""",
        (
            "plugin odd, hook register_statement_parsers: “odd” is offered twice, by One and Two."
            " Give each class an id of its own"
        ),
    ),
    "missing method": (
        DESCRIBED
        + """
class Till(PaymentAdapter):
    provider = "till"

    def capabilities(self):
        raise ValueError


@hookimpl
def register_payment_adapters():
    return (Till,)
""",
        (
            "plugin odd, hook register_payment_adapters: Till does not implement collect, look_up."
            " Write the methods as docs/hooks.md describes them"
        ),
    ),
    "missing attribute": (
        DESCRIBED + PROVIDER.format(abilities="", more="").replace('provider = "till"', "pass"),
        (
            "plugin odd, hook register_payment_adapters: Till.provider is not set."
            ' Write provider = "…" into the class'
        ),
    ),
    "async method that the core does not await": (
        DESCRIBED
        + PARSER.format(name="One").replace("def recognises", "async def recognises")
        + """
@hookimpl
def register_statement_parsers():
    return (One,)
""",
        (
            "plugin odd, hook register_statement_parsers: One awaits in recognises, which the core does not"
            " await. Write `def` where docs/hooks.md has no `async def`"
        ),
    ),
    "module that ends the process": (
        """
        raise SystemExit("no licence")
        """,
        (
            "plugin odd: it cannot be imported: SystemExit: no licence."
            " Install what it needs, or take it out of FAKTURA_PLUGINS"
        ),
    ),
    "hook that wraps others": (
        DESCRIBED
        + """
@hookimpl(wrapper=True)
def register_bank_feeds():
    return ()
""",
        (
            "plugin odd: a hook does not fit: Plugin 'odd' for hook 'register_bank_feeds' hookimpl"
            " definition: register_bank_feeds() Declared as wrapper=True or hookwrapper=True but"
            " function is not a generator function. See docs/hooks.md for the hooks and what they return"
        ),
    ),
    "hook that ends the process": (
        DESCRIBED
        + """
@hookimpl
def register_statement_parsers():
    raise SystemExit(0)
""",
        (
            "plugin odd, hook register_statement_parsers: it failed: SystemExit: 0."
            " A hook imports its classes and returns them; look for what they need"
        ),
    ),
    "deliveries that nobody can read": (
        DESCRIBED + PROVIDER.format(abilities="", more="") + SOURCE,
        (
            "plugin odd, hook register_webhook_sources: Bell reads its deliveries, and Till cannot turn"
            " events into facts. Derive Till from EventReading and write facts()"
        ),
    ),
    "polled events that nobody can read": (
        DESCRIBED + PROVIDER.format(abilities=", Polling", more=indent(POLL, "")),
        (
            "plugin odd, hook register_payment_adapters: it polls for events, and Till cannot turn"
            " events into facts. Derive Till from EventReading and write facts()"
        ),
    ),
}
Run = Callable[..., FakturaError | str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """What a command with the plugin `odd` enabled ends with: its error, or what it printed."""
    folder = tmp_path / "operator"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(*arguments: str, plugins: str = "odd") -> FakturaError | str:
        result = CliRunner().invoke(faktura, arguments, env={"FAKTURA_PLUGINS": plugins})
        return result.exception if isinstance(result.exception, FakturaError) else result.output

    return run


@pytest.mark.parametrize(("source", "message"), BAD.values(), ids=list(BAD))
def test_a_start_stops_and_says_plugin_hook_and_mend(
    install: Install, run: Run, source: str, message: str
):
    """`serve` does not come up; `plugins check` says the same before one tries (O18, O26)."""
    install("odd", dedent(source))

    refused = run("serve", "--port", "0")
    told = run("plugins", "check", "--json")

    assert str(refused) == message
    assert isinstance(told, str)
    assert message.replace('"', '\\"') in told


def test_two_plugins_of_one_key_stop_the_start(install: Install, run: Run):
    """The second one is named, with the first one's name."""
    for name in ("odd", "even"):
        install(
            name,
            DESCRIBED.replace("odd", name)
            + PARSER.format(name="One")
            + "@hookimpl\ndef register_statement_parsers():\n    return (One,)\n",
        )

    refused = run("serve", "--port", "0", plugins="odd,even")

    assert str(refused) == (
        "plugin even, hook register_statement_parsers: “odd” is offered by the plugin odd already."
        " Enable only one of them"
    )


class Asking(DoubleProvider):
    """Asks somebody before it says what it can do."""

    @override
    def capabilities(self) -> Capabilities:
        raise TimeoutError("nobody answers")


def test_an_adapter_that_cannot_say_what_it_can_do_stops_the_start(tmp_path: Path):
    """By its plugin and hook: at night nobody would look (O18)."""
    manifest = PluginManifest(name="till", version="1", api_version=1, families=(Family.PAYMENT,))
    registry = Registry(
        plugins={"till": manifest}, payments={"double": Offer("double", "till", Asking)}
    )
    file = {"till-at": {"file": str(tmp_path / "double.json")}}
    adapters = Adapters(registry, NothingKept(), SystemClock(), Installation(file=file))

    with pytest.raises(PluginBroken) as refused:
        adapters.check_payment(1, "double", "till-at", {PaymentMethod.CARD})

    assert refused.value.place == "plugin till, hook register_payment_adapters"
    assert refused.value.problem == "Asking.capabilities() failed: TimeoutError: nobody answers"


def test_an_account_for_what_its_adapter_cannot_do_stops_the_start(tmp_path: Path):
    """A release that lost a method is noticed at the start, not when the first invoice is due (O18)."""
    manifest = PluginManifest(name="till", version="1", api_version=1, families=(Family.PAYMENT,))
    registry = Registry(
        plugins={"till": manifest}, payments={"double": Offer("double", "till", DoubleProvider)}
    )
    file = {"till-at": {"file": str(tmp_path / "double.json")}}
    adapters = Adapters(registry, NothingKept(), SystemClock(), Installation(file=file))

    adapters.check_payment(1, "double", "till-at", {PaymentMethod.CARD})
    with pytest.raises(Misconfigured) as refused:
        adapters.check_payment(1, "double", "till-at", {PaymentMethod.CARD, PaymentMethod.TRANSFER})

    assert refused.value.place == "plugin till, hook register_payment_adapters"
    assert refused.value.problem == (
        "the account till-at is set up for TRANSFER, which DoubleProvider does not offer"
    )
    assert refused.value.mend.endswith(
        "Change the account's methods, or the settings that switch them on"
    )
