"""docs/rules.md tells the truth: every rule once, in order, each with tests that exist."""

import ast
import re

import pytest

ROW = re.compile(r"\| ([FP]\d+) \| ([^|]+) \| ([^|]+) \|")
PROOF = re.compile(r"`([\w/.]+\.py)::(\w+)`")


@pytest.fixture
def rows(project_files):
    """(rule, words, proofs as path and name) of each row of the table."""
    lines = project_files["docs/rules.md"].splitlines()
    table = [line for line in lines if line.startswith("| ") and line[2] in "FP"]
    found = [match for line in table if (match := ROW.fullmatch(line))]
    assert len(found) == len(table)
    return [(rule, words, PROOF.findall(proofs)) for rule, words, proofs in map(cells, found)]


def cells(match: re.Match[str]) -> tuple[str, str, str]:
    """The three cells of a row."""
    return match[1], match[2], match[3]


def test_every_rule_stands_once_and_in_order(rows):
    """F before P, by number: a reader finds a rule, and a second row of it shows."""
    keys = [(rule[0], int(rule[1:])) for rule, _, _ in rows]

    assert keys == sorted(set(keys))


def test_every_rule_has_a_test_that_exists(rows, modules):
    """A row without a proof, or with one that was renamed, is a promise nobody keeps."""
    missing = [
        f"{rule}: {path}::{name}"
        for rule, _, proofs in rows
        for path, name in proofs or [("", "no test")]
        if name
        not in top_names(modules.get(path if path.startswith("plugins/") else f"tests/{path}"))
    ]

    assert missing == []


def top_names(tree: ast.Module | None) -> set[str]:
    """Functions and classes of a test file; nothing for a file that does not exist."""
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = tree.body if tree else []
    return {node.name for node in body if isinstance(node, named)}
