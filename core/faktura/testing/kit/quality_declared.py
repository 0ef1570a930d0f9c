"""Rules about what a connector says of itself: manifest, hooks, settings."""

import ast
import inspect
import json
import re
import subprocess
import sys
import textwrap

from faktura.hub.settings import secret_fields
from faktura.kernel.errors import FakturaError
from faktura.plugin import (
    API_VERSION,
    AccountingExporter,
    AccountingLink,
    Adapter,
    AdapterSettings,
    BankFeed,
    ChargebackAction,
    DocumentFormat,
    DocumentReader,
    EventListener,
    Family,
    PaymentAdapter,
    StatementParser,
    VatIdChecker,
    WebhookSource,
)
from faktura.testing.kit.quality_connector import Connector

_FAMILIES: dict[type[Adapter], Family] = {
    PaymentAdapter: Family.PAYMENT,
    WebhookSource: Family.PAYMENT,
    ChargebackAction: Family.PAYMENT,
    StatementParser: Family.BANKING,
    BankFeed: Family.BANKING,
    DocumentFormat: Family.EINVOICE,
    DocumentReader: Family.EINVOICE,
    AccountingExporter: Family.ACCOUNTING,
    AccountingLink: Family.ACCOUNTING,
    EventListener: Family.EVENTS,
    VatIdChecker: Family.TAX,
}
_SECRET = re.compile(
    r"secret|passw|passphrase|token|credential|api_?key|private_?key|(^|_)pin$|^key$|authorization"
)
_IMPORTED = """
import json, sys
import faktura.plugin
before = set(sys.modules)
__import__(sys.argv[1])
own = sys.argv[1].partition(".")[0]
new_names = set(sys.modules) - before
new = {name.partition(".")[0] for name in new_names}
light = ("faktura.plugin", "faktura.kernel")
core = {name for name in new_names if name.startswith("faktura.") and not name.startswith(light)}
print(json.dumps(sorted((new - set(sys.stdlib_module_names) - {own, "faktura"}) | core)))
"""


def loads(connector: Connector) -> list[str]:
    """What keeps it from loading, in the words in which a start would stop."""
    try:
        connector.registry  # noqa: B018 - loading it is the question
    except FakturaError as error:
        return [str(error)]
    return [] if connector.offers else ["it offers no class"]


def manifest(connector: Connector) -> list[str]:
    """Where the manifest says something else than the distribution and the classes."""
    try:
        said = connector.registry.plugins[connector.name]
    except FakturaError:
        return ["it cannot be read while the plugin does not load"]
    found = []
    version = connector.entry.dist.version if connector.entry.dist else ""
    if said.version != version:
        found.append(f"version is {said.version}, the distribution's is {version}")
    if said.api_version != API_VERSION:
        found.append(f"api_version is {said.api_version}, this core's is {API_VERSION}")
    offered = {
        family
        for offer in connector.offers
        for kind, family in _FAMILIES.items()
        if issubclass(offer.adapter, kind)
    }
    if set(said.families) != offered:
        found.append(
            f"families are {_listed(said.families)}, its classes are of {_listed(offered)}"
        )
    return found


def is_light(connector: Connector) -> list[str]:
    """What importing the top module brings along: every command of every user pays for it."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, a module that is installed
        [sys.executable, "-c", _IMPORTED, connector.entry.module],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    told = done.stdout.splitlines()[-1:]
    # Whatever ends the interpreter while it is imported leaves no list behind.
    if done.returncode or not told or not told[0].startswith("["):
        return [f"it cannot be imported: {' '.join(done.stderr.strip().splitlines()[-1:])}"]
    return [f"it imports {name}: do so inside a function" for name in json.loads(told[0])]


def secrets(connector: Connector) -> list[str]:
    """Settings that sound secret and are printed like any other."""
    return [
        f"{model.__name__}.{name} sounds secret and is no SecretStr"
        for model in _models(connector)
        for name in model.model_fields
        if _SECRET.search(name.lower()) and name not in secret_fields(model)
    ]


def settings(connector: Connector) -> list[str]:
    """Settings nobody explains: in the class, at the field or in a page beside the package."""
    pages = ""
    if connector.folder is not None:
        pages = "".join(
            page.read_text(encoding="utf-8") for page in sorted(connector.folder.glob("*.md"))
        )
    return [
        f"{model.__name__}.{name} is described nowhere"
        for model in _models(connector)
        for name, field in model.model_fields.items()
        if not (field.description or f"`{name}`" in pages or name in _explained(model))
    ]


def _models(connector: Connector) -> list[type[AdapterSettings]]:
    return list(dict.fromkeys(offer.adapter.Settings for offer in connector.offers))


def _explained(model: type[AdapterSettings]) -> set[str]:
    """The words of the classes' docstrings, and the fields behind which a docstring stands."""
    found: set[str] = set()
    for cls in model.__mro__:
        if cls.__module__.startswith("pydantic") or cls is object:
            continue
        found.update(re.findall(r"\w+", cls.__doc__ or ""))
        body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
        before: ast.stmt | None = None
        for statement in body.body if isinstance(body, ast.ClassDef) else ():
            if isinstance(before, ast.AnnAssign) and isinstance(statement, ast.Expr):
                found.add(ast.unparse(before.target))
            before = statement
    return found


def _listed(families: object) -> str:
    names = sorted(str(family) for family in families)  # type: ignore[attr-defined] # any iterable
    return ", ".join(names) or "none"
