"""Facts leave the house by the outbox alone: who writes events announces them in the same transaction."""

import ast
from collections import Counter

SERVICES = "core/faktura/services/"


def test_whoever_writes_events_announces_them(packages):
    """P48: an event under a seal that nobody announced reaches no mail, no webhook and no listener."""
    writing = {
        path: calls_in(tree)
        for path, tree in packages.items()
        if path.startswith(SERVICES) and calls_in(tree)["write_facts"]
    }
    silent = [
        path
        for path, calls in writing.items()
        if calls["announce"] != calls["write_facts"] and names_events(packages[path])
    ]

    assert len(writing) > 20
    assert silent == []


def test_facts_are_written_by_services_alone(packages):
    """Another door would write events that are announced by nobody."""
    elsewhere = [
        path
        for path, tree in packages.items()
        if not path.startswith(SERVICES) and calls_in(tree)["write_facts"]
    ]

    assert elsewhere == []


def calls_in(tree: ast.Module) -> Counter[str]:
    """How often each function is called by its bare name."""
    return Counter(
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


def names_events(tree: ast.Module) -> bool:
    """Whether it has to do with the events of facts: `facts.events`, `Facts(events=…)`."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "events")
        or (isinstance(node, ast.keyword) and node.arg == "events")
        for node in ast.walk(tree)
    )
