"""Rules about what lies beside a connector's package: its README and its tests."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from faktura.plugin import (
    AccountingExporter,
    AccountingLink,
    Adapter,
    BankFeed,
    ChargebackAction,
    DocumentFormat,
    DocumentReader,
    EventListener,
    PaymentAdapter,
    StatementParser,
    VatIdChecker,
    WebhookSource,
)
from faktura.testing.kit.quality_connector import Connector
from faktura.testing.kit.source_rules import names_used

KITS: dict[type[Adapter], str] = {
    PaymentAdapter: "PaymentKit",
    WebhookSource: "WebhookKit",
    ChargebackAction: "ChargebackActionKit",
    StatementParser: "StatementParserKit",
    BankFeed: "BankFeedKit",
    VatIdChecker: "VatIdCheckerKit",
    EventListener: "EventListenerKit",
    DocumentFormat: "DocumentFormatKit",
    DocumentReader: "DocumentReaderKit",
    AccountingExporter: "AccountingExporterKit",
    AccountingLink: "AccountingLinkKit",
}
_LEAST_LINES = 10
# What lets a test of a connector pass without being run: looked for, used nowhere here.
_SKIPS = {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"}


def readme(connector: Connector) -> list[str]:
    """A README that is missing, too short, of another name, or that names files there are none of."""
    file = connector.at("README.md")
    if not file.exists():
        return ["README.md is missing"]
    text = file.read_text(encoding="utf-8")
    found = []
    name = connector.entry.dist.name if connector.entry.dist else connector.name
    if text.splitlines()[:1] != [f"# {name}"]:
        found.append(f"its first line is not “# {name}”")
    if len(text.splitlines()) < _LEAST_LINES:
        found.append(f"it has fewer than {_LEAST_LINES} lines")
    named = re.findall(r"`([a-z_0-9]+\.py)`", text)
    if not named:
        found.append("it names no file to start reading at")
    there = {path.name for path in file.parent.rglob("*.py")}
    found += [f"it names {one}, which does not exist" for one in named if one not in there]
    return found


def kit(connector: Connector) -> list[str]:
    """Classes that no test class with the kit of their kind is about, and scenarios left out."""
    tested = list(_tested(connector.at("tests")))
    untested = [
        f"no test class inherits {name} for {offer.adapter.__name__}"
        for offer in connector.offers
        for kind, name in KITS.items()
        if issubclass(offer.adapter, kind)
        and not any(name in bases and offer.adapter.__name__ in about for bases, about in tested)
    ]
    return [*untested, *_left_out(connector.at("tests"))]


def _tested(tests: Path) -> Iterator[tuple[set[str], set[str]]]:
    """Each test class: the kits it inherits, within its file too, and the classes it is about."""
    for path in sorted(tests.rglob("test_*.py")) if tests.exists() else ():
        tree = ast.parse(path.read_bytes())
        classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        kits = _imported_kits(tree).keys() - classes.keys()
        for name, node in classes.items():
            if name.startswith("Test"):
                lineage = list(_lineage(node, classes))
                bases = {base for one in lineage for base in _bases(one)}
                yield bases & kits, {about for one in lineage for about in _about(one)}


def _imported_kits(tree: ast.Module) -> dict[str, type]:
    """What a test module takes from the kit, by name: of another place it proves nothing."""
    found: dict[str, type] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("faktura.testing."):
            for alias in node.names:
                thing = getattr(import_module(node.module or ""), alias.name, None)
                if isinstance(thing, type) and not alias.asname:
                    found[alias.name] = thing
    return found


def _left_out(tests: Path) -> Iterator[str]:
    """Scenarios of the kit that a test module replaces or skips: it runs whole."""
    for path in sorted(tests.rglob("test_*.py")) if tests.exists() else ():
        tree = ast.parse(path.read_bytes())
        kits = _imported_kits(tree)
        if not kits.keys() & set(KITS.values()):
            continue
        scenarios = {name for kit_class in kits.values() for name in dir(kit_class)}
        shown = path.relative_to(tests.parent)
        for line, name in names_used(tree):
            if name in _SKIPS:
                yield f"{shown}:{line}: it uses {name}"
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                given = sorted(_names_given(node) & (scenarios | {"__test__"}))
                replaced = [one for one in given if one.startswith("test_") or one == "__test__"]
                yield from (f"{shown}: {node.name} replaces the kit's {one}" for one in replaced)


def _names_given(node: ast.ClassDef) -> set[str]:
    names = {
        one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for one in node.body:
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _lineage(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> Iterator[ast.ClassDef]:
    yield node
    for base in _bases(node):
        if base in classes and classes[base] is not node:
            yield from _lineage(classes[base], classes)


def _bases(node: ast.ClassDef) -> list[str]:
    return [
        base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases
    ]


def _about(node: ast.ClassDef) -> Iterator[str]:
    """What is assigned to `adapter_class` and the like."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=about)) if name.endswith(
                "_class"
            ):
                yield about
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Name(id=about)) if name.endswith(
                "_class"
            ):
                yield about
