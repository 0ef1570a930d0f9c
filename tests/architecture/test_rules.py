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


def test_what_the_readme_says_works_is_proved(rows, project_files):
    """A feature of the README's table works when each of its rules has a row here."""
    proved = {rule for rule, _, _ in rows}
    table = [line.split("|") for line in project_files["README.md"].splitlines()]
    works = [cells[2] for cells in table if len(cells) == 5 and cells[3].startswith(" works")]

    claimed = {rule for cell in works for rule in rules_of(cell)}

    assert len(claimed) > 50
    assert sorted(claimed - proved) == []


def rules_of(cell: str) -> list[str]:
    """`F001-F003, F008` names F001, F002, F003 and F008."""
    spans = re.findall(r"F(\d{3})(?:-F(\d{3}))?", cell)
    return [
        f"F{number:03}"
        for first, last in spans
        for number in range(int(first), int(last or first) + 1)
    ]


def top_names(tree: ast.Module | None) -> set[str]:
    """Functions and classes of a test file; nothing for a file that does not exist."""
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = tree.body if tree else []
    return {node.name for node in body if isinstance(node, named)}
