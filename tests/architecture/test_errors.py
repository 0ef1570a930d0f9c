"""The error codes of the whole tree, plugins included."""

import ast
from collections import Counter


def test_every_error_has_a_code_of_its_own(packages):
    """A script or a page tells errors apart by their code; it is stable and unique."""
    codes = error_codes(packages)

    without = [name for name, code in codes.items() if code is None]
    twice = [code for code, count in Counter(codes.values()).items() if count > 1]

    assert len(codes) > 20
    assert without == []
    assert twice == []


def test_an_error_is_named_as_its_code(packages):
    """Either one is found from the other: NumberTaken has the code number_taken."""
    wrong = {
        name: code
        for name, code in error_codes(packages).items()
        if code != "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    }

    assert wrong == {}


def error_codes(packages: dict[str, ast.Module]) -> dict[str, str | None]:
    """Every subclass of FakturaError by name, with the code it sets itself."""
    classes = [
        node
        for tree in packages.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    known: dict[str, str | None] = {"FakturaError": "faktura_error"}
    while True:
        fresh = [
            node
            for node in classes
            if node.name not in known
            and any(ast.unparse(parent).rpartition(".")[2] in known for parent in node.bases)
        ]
        if not fresh:
            return known
        known |= {node.name: own_code(node) for node in fresh}


def own_code(node: ast.ClassDef) -> str | None:
    """The literal the class assigns to `code`, None if it only inherits one."""
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
                return code
    return None
