"""Rules that a connector's source keeps, read from its syntax: nothing of it is run."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from faktura.testing.kit.quality_connector import Connector
from faktura.testing.kit.source_rules import names_used, reads_system_clock

_NETWORK = {
    "socket", "ssl", "http.client", "urllib.request", "ftplib", "smtplib", "imaplib", "telnetlib",
    "xmlrpc", "aiohttp", "requests", "httpx", "urllib3", "websockets", "paramiko",
    "httplib2", "pycurl", "grpc", "boto3", "botocore",
}  # fmt: skip
_CONNECTING = {"asyncio.open_connection", "asyncio.open_unix_connection", "os.system", "os.popen"}
_WAITING = {"tenacity", "backoff", "retrying", "stamina"}
_SLEEPING = {"time.sleep", "asyncio.sleep"}
_UNSEEN = {"importlib.import_module", "__import__", "exec", "eval"}
_LOUD = {
    "print", "pprint.pprint", "sys.stdout.write", "sys.stderr.write", "logging.getLogger",
    "logging.basicConfig", "logging.debug", "logging.info", "logging.warning", "logging.error",
    "logging.critical", "logging.exception", "logging.log",
}  # fmt: skip
_LONGEST = 300


def border(connector: Connector) -> list[str]:
    """Imports of the core's inside, and of other connectors that it does not declare."""
    own = connector.package.name
    allowed = {own, *_declared(connector)}

    def judge(node: ast.AST) -> str:
        for name in _imported(node):
            top, _, rest = name.partition(".")
            if top == "faktura" and rest.partition(".")[0] not in {"plugin", "kernel"}:
                return f"imports {name}"
            if top.startswith("faktura_") and top not in allowed:
                return f"imports {name}, which its pyproject.toml does not name"
        return ""

    unseen = "uses {}: nobody sees what it imports"
    return [*_judged(connector, judge), *_using(connector, _UNSEEN, unseen)]


def clock(connector: Connector) -> list[str]:
    """Places where the system is asked for the time (P3, P52)."""
    return [
        f"{place}: asks the system for the time" for place in reads_system_clock(connector.package)
    ]


def network(connector: Connector) -> list[str]:
    """Modules that open connections: the core opens, verifies and logs all of them."""

    def judge(node: ast.AST) -> str:
        for name in _imported(node):
            if any(name == one or name.startswith(f"{one}.") for one in _NETWORK):
                return f"imports {name}; ask self.runtime.http"
        return ""

    opened = "uses {}; ask self.runtime.http"
    return [*_judged(connector, judge), *_using(connector, _CONNECTING, opened)]


def waiting(connector: Connector) -> list[str]:
    """Sleeping and retrying: it would hide from the core what happened."""

    def judge(node: ast.AST) -> str:
        if any(name.partition(".")[0] in _WAITING for name in _imported(node)):
            return "retries by itself"
        return ""

    return [*_judged(connector, judge), *_using(connector, _SLEEPING, "uses {}")]


def exact(connector: Connector) -> list[str]:
    """Binary fractions: one near money is a wrong cent."""

    def judge(node: ast.AST) -> str:
        if isinstance(node, ast.Name) and node.id == "float":
            return "uses float"
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            return f"writes {node.value} as a float"
        return ""

    return list(_judged(connector, judge))


def quiet(connector: Connector) -> list[str]:
    """Output past the log that was given: it carries no tenant and no run."""
    return list(_using(connector, _LOUD, "uses {}; log to self.runtime.log"))


def written(connector: Connector) -> list[str]:
    """Places where a person still has to write."""

    def judge(node: ast.AST) -> str:
        raised = node.exc if isinstance(node, ast.Raise) else None
        kind = raised.func if isinstance(raised, ast.Call) else raised
        is_open = isinstance(kind, ast.Name) and kind.id == "NotImplementedError"
        return "is still to be written" if is_open else ""

    found = list(_judged(connector, judge))
    for path in _files(connector):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(r"#.*\b(TODO|FIXME|XXX)\b", line):
                found.append(f"{connector.shown(path)}:{number}: {line.strip()}")
    return found


def size(connector: Connector) -> list[str]:
    """Files in which nobody finds anything."""
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in _files(connector)
    }
    return [
        f"{connector.shown(path)} has {length} lines"
        for path, length in lengths.items()
        if length > _LONGEST
    ]


def typed(connector: Connector) -> list[str]:
    """Without py.typed a type checker takes everything of it for Any."""
    return [] if (connector.package / "py.typed").exists() else ["py.typed is missing"]


def _files(connector: Connector) -> list[Path]:
    return [path for path, _ in connector.modules]


def _judged(connector: Connector, judge: Callable[[ast.AST], str]) -> Iterator[str]:
    for path, tree in connector.modules:
        found = [(getattr(node, "lineno", 1), judge(node)) for node in ast.walk(tree)]
        for line, problem in sorted(found):
            if problem:
                yield f"{connector.shown(path)}:{line}: {problem}"


def _using(connector: Connector, names: set[str], problem: str) -> Iterator[str]:
    for path, tree in connector.modules:
        for line, name in names_used(tree):
            if name in names:
                yield f"{connector.shown(path)}:{line}: {problem.format(name)}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _declared(connector: Connector) -> set[str]:
    """The packages of the distributions that its pyproject.toml depends on."""
    if connector.folder is None:
        return {
            re.split(r"[^A-Za-z0-9_-]", need)[0].replace("-", "_")
            for need in (connector.entry.dist.requires if connector.entry.dist else None) or ()
        }
    text = connector.at("pyproject.toml").read_text(encoding="utf-8")
    needs = tomllib.loads(text)["project"].get("dependencies", [])
    return {re.split(r"[^A-Za-z0-9_-]", need)[0].replace("-", "_") for need in needs}
