"""kernel, domain, store, services and hub are plain synchronous Python without binary fractions."""

import ast

BLUE = tuple(f"core/faktura/{layer}/" for layer in ("kernel", "domain", "store", "services", "hub"))
EXACT = tuple(f"core/faktura/{layer}/" for layer in ("kernel", "domain", "store", "services"))

ASYNC = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)


def test_the_blue_core_has_no_async(packages):
    """Async means network: no transaction may ever be open across an await."""
    found = [
        f"{path}: {ast.unparse(node).splitlines()[0]}"
        for path, tree in packages.items()
        if path.startswith(BLUE)
        for node in ast.walk(tree)
        if isinstance(node, ASYNC) or "asyncio" in imported(node)
    ]

    assert found == []


def test_no_float_comes_near_money(packages):
    """Amounts are integers and decimals (P11): no float literal, no float(), no float type."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in packages.items()
        if path.startswith(EXACT)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]

    assert found == []


def imported(node: ast.AST) -> list[str]:
    """The top names an import statement brings in."""
    match node:
        case ast.Import(names=names):
            return [alias.name.partition(".")[0] for alias in names]
        case ast.ImportFrom(module=str(module)):
            return [module.partition(".")[0]]
        case _:
            return []
