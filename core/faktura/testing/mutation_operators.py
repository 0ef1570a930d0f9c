"""What a mutant changes: for one node of the syntax, everything it could have been by mistake."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)
Enums = dict[str, type[Enum]]
"""The enums a module imports, by the name it uses."""

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
_CLEANING = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "normalize", "quantize"}
TEXTS = {"description", "title", "examples", "place", "mend"}


def changed(node: ast.AST, enums: Enums) -> Iterator[ast.AST]:
    """What the node could have been; each is a new node that takes its place."""
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, ast.Attribute):
        yield from _other_member(node, enums)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            copy = deepcopy(node)
            copy.ops[place] = other()
            yield copy


def _bool(node: ast.BoolOp) -> Iterator[ast.AST]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield ast.BoolOp(other, node.values)


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _arithmetic(node: ast.BinOp | ast.AugAssign) -> Iterator[ast.AST]:
    if other := _ARITHMETIC.get(type(node.op)):
        copy = deepcopy(node)
        copy.op = other()
        yield copy


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(_other_text(value))
    elif isinstance(value, bytes):
        yield ast.Constant(b"XX" + value)


def _other_text(text: str) -> str:
    if " " in text.strip():
        return ""  # a sentence is lost; which words it has is taste
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return f"XX{text}"


def _formatted(_node: ast.JoinedStr) -> Iterator[ast.AST]:
    yield ast.Constant("")


def _condition(node: ast.If | ast.IfExp | ast.While) -> Iterator[ast.AST]:
    for value in (True, False):
        # `while True` would only hang; its body's own mutants do that already.
        if not (isinstance(node, ast.While) and value):
            copy = deepcopy(node)
            copy.test = ast.Constant(value)
            yield copy


def _filter(node: ast.comprehension) -> Iterator[ast.AST]:
    for place in range(len(node.ifs)):
        copy = deepcopy(node)
        del copy.ifs[place]
        yield copy


def _case(node: ast.match_case) -> Iterator[ast.AST]:
    for guard in (ast.Constant(value=True), ast.Constant(value=False)) if node.guard else ():
        yield ast.match_case(node.pattern, guard, node.body)
    if node.guard is None and _refutable(node.pattern):
        yield ast.match_case(node.pattern, ast.Constant(value=False), node.body)


def _refutable(pattern: ast.pattern) -> bool:
    return not (isinstance(pattern, ast.MatchAs) and pattern.pattern is None)


def _handler(node: ast.ExceptHandler) -> Iterator[ast.AST]:
    if not (len(node.body) == 1 and isinstance(node.body[0], ast.Raise)):
        yield ast.ExceptHandler(node.type, node.name, [ast.Raise(None, None)])


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _removed(
    _node: ast.Raise | ast.Expr | ast.Assign | ast.AugAssign | ast.Delete,
) -> Iterator[ast.AST]:
    yield ast.Pass()


def _loop_end(node: ast.Break | ast.Continue) -> Iterator[ast.AST]:
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


def _awaited(node: ast.Await) -> Iterator[ast.AST]:
    yield node.value


def _call(node: ast.Call) -> Iterator[ast.AST]:
    for place, keyword in enumerate(node.keywords):
        if keyword.arg not in TEXTS:
            copy = deepcopy(node)
            del copy.keywords[place]
            yield copy
    if isinstance(node.func, ast.Attribute) and node.func.attr in _CLEANING:
        yield node.func.value


def _entry(node: ast.Dict) -> Iterator[ast.AST]:
    # Of a short literal each entry is a decision; of a long table its texts are mutated anyway.
    for place in range(len(node.keys) if len(node.keys) <= 8 else 0):
        copy = deepcopy(node)
        del copy.keys[place]
        del copy.values[place]
        yield copy


def _other_member(node: ast.Attribute, enums: Enums) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Name) and (enum := enums.get(node.value.id)):
        names = [member.name for member in enum]
        if node.attr in names and len(names) > 1:
            other = names[(names.index(node.attr) + 1) % len(names)]
            yield ast.Attribute(node.value, other, ast.Load())


_OPERATORS: tuple[
    tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[ast.AST]]], ...
] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _bool),
    (ast.UnaryOp, _unary),
    ((ast.BinOp, ast.AugAssign), _arithmetic),
    (ast.Constant, _constant),
    (ast.JoinedStr, _formatted),
    ((ast.If, ast.IfExp, ast.While), _condition),
    (ast.comprehension, _filter),
    (ast.match_case, _case),
    (ast.ExceptHandler, _handler),
    (ast.Return, _return),
    ((ast.Raise, ast.Expr, ast.Assign, ast.AugAssign, ast.Delete), _removed),
    ((ast.Break, ast.Continue), _loop_end),
    (ast.Await, _awaited),
    (ast.Call, _call),
    (ast.Dict, _entry),
)
