"""What a text's scripting may do: a closed list of nodes, and every value of a known kind (P49).

What passes cannot fail on complete values: unknown names, attributes beyond the record, calls,
arithmetic and comparisons of unlike kinds are refused before anything runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jinja2 import nodes

from faktura.kernel.errors import shortened
from faktura.kernel.template_errors import TemplateRefused
from faktura.services.text_filters import BREAKS, FILTERS, LENGTH, Filter, names
from faktura.services.text_forbidden import why_forbidden
from faktura.services.text_shapes import Kind, Listing, Record, Shape, Value
from faktura.services.text_source import Source, is_unwritable

_DEEPEST_LOOP = 2
# Python's own compiler gives up on far more; nobody reads texts nested deeper.
_DEEPEST = 20
_MOST_BRANCHES = 20
_LONGEST_ARGUMENT = 500
# What the library calls a loop's own record; nothing else can have the name.
_LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Mixed:
    """One of several kinds: it can be asked whether there is something, and nothing else."""


_Found: TypeAlias = Shape | Mixed
_MIXED = Mixed()
LOOP = Record(
    {
        "index": Value(Kind.NUMBER, "which round, from 1"),
        "first": Value(Kind.FLAG, "whether it is the first"),
        "last": Value(Kind.FLAG, "whether it is the last"),
        "length": Value(Kind.NUMBER, "how many rounds"),
    }
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is known at a place: the variables, and how deep it lies."""

    variables: Mapping[str, Shape]
    depth: int = 0
    loops: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """Looks through the tree of one source."""

    source: Source

    def body(self, statements: Sequence[nodes.Node], scope: Scope) -> None:
        """Check statements in their order; raises TemplateRefused."""
        for statement in statements:
            match statement:
                case nodes.Output():
                    self._output(statement, scope)
                case nodes.If():
                    self._if(statement, self._deeper(statement, scope))
                case nodes.For():
                    self._for(statement, self._deeper(statement, scope))
                case _:
                    raise self._forbidden(statement)

    def printed(self, expression: nodes.Expr, scope: Scope) -> Kind:
        """The kind of an expression that is written; raises TemplateRefused for what cannot be."""
        found = self.kind(expression, scope)
        match found:
            case Value():
                return found.kind
            case Listing():
                problem, mend = "a list cannot be written", "Write a loop: {% for one in list %}"
            case Record():
                problem = "this is a group of values"
                mend = f"Write one of them: {names(sorted(found.fields))}"
            case _:
                problem = "this is now of one kind, now of another"
                mend = "Write {% if … %} around each of them"
        raise self._refusal(expression, problem, mend)

    def kind(self, expression: nodes.Node, scope: Scope) -> _Found:
        """What an expression gives; raises TemplateRefused for one that is not allowed."""
        inner = self._deeper(expression, scope)
        match expression:
            case nodes.Const():
                return self._const(expression)
            case nodes.Name():
                return self._name(expression, scope)
            case nodes.Getattr():
                return self._attribute(expression, inner)
            case nodes.Filter():
                return self._filter(expression, inner)
            case nodes.And() | nodes.Or():
                return _together(
                    self.kind(expression.left, inner), self.kind(expression.right, inner)
                )
            case _:
                return self._asked(expression, inner)

    def _asked(self, expression: nodes.Node, inner: Scope) -> _Found:
        match expression:
            case nodes.Not():
                self.kind(expression.node, inner)
                return Value(Kind.FLAG, "")
            case nodes.Compare():
                return self._compared(expression, inner)
            case nodes.CondExpr():
                return self._choice(expression, inner)
            case _:
                raise self._forbidden(expression)

    def _output(self, statement: nodes.Output, scope: Scope) -> None:
        for part in statement.nodes:
            if not isinstance(part, nodes.TemplateData):
                self.printed(part, scope)

    def _if(self, statement: nodes.If, scope: Scope) -> None:
        if len(statement.elif_) > _MOST_BRANCHES:
            raise self._refusal(statement, "too many branches", f"At most {_MOST_BRANCHES} elif")
        self.kind(statement.test, scope)
        self.body(statement.body, scope)
        for branch in statement.elif_:
            self.kind(branch.test, scope)
            self.body(branch.body, scope)
        self.body(statement.else_, scope)

    def _for(self, statement: nodes.For, scope: Scope) -> None:
        target = statement.target
        if statement.recursive or not isinstance(target, nodes.Name):
            raise self._refusal(
                statement, "this kind of loop is not allowed", "Write {% for one in list %}"
            )
        if target.name in scope.variables or target.name == _LOOP:
            raise self._refusal(
                target, f"“{shortened(target.name)}” is a variable already", "Choose another name"
            )
        if scope.loops >= _DEEPEST_LOOP:
            raise self._refusal(
                statement, "loops are nested too deeply", f"At most {_DEEPEST_LOOP} in each other"
            )
        inner = self.in_loop(statement, scope)
        if statement.test is not None:
            # Which rounds there are is not known before the condition has chosen them.
            chosen = {name: one for name, one in inner.variables.items() if name != _LOOP}
            self.kind(statement.test, Scope(chosen, inner.depth, inner.loops))
        self.body(statement.body, inner)
        self.body(statement.else_, scope)

    def in_loop(self, statement: nodes.For, scope: Scope) -> Scope:
        """The scope inside a loop; raises TemplateRefused where there is nothing to loop over."""
        listed = self.kind(statement.iter, scope)
        if not isinstance(listed, Listing) or not isinstance(statement.target, nodes.Name):
            raise self._refusal(statement.iter, "this is no list", "Loop over one of the lists")
        own = {**scope.variables, statement.target.name: listed.of, _LOOP: LOOP}
        return Scope(own, scope.depth, scope.loops + 1)

    def _const(self, expression: nodes.Const) -> _Found:
        match expression.value:
            case bool():
                return Value(Kind.FLAG, "")
            case int():
                return Value(Kind.NUMBER, "")
            case str() as words if not any(map(is_unwritable, words)):
                return Value(Kind.TEXT, "")
            case _:
                raise self._refusal(expression, "this value cannot be written", "Leave it out")

    def _name(self, expression: nodes.Name, scope: Scope) -> _Found:
        known = scope.variables.get(expression.name)
        if known is None:
            raise self._unknown(expression, expression.name, scope.variables)
        return known

    def _attribute(self, expression: nodes.Getattr, scope: Scope) -> _Found:
        record = self.kind(expression.node, scope)
        if not isinstance(record, Record):
            raise self._refusal(
                expression, f"there is no “.{shortened(expression.attr)}” here", "Leave it out"
            )
        known = record.fields.get(expression.attr)
        if known is None:
            raise self._unknown(expression, expression.attr, record.fields)
        return known

    def _filter(self, expression: nodes.Filter, scope: Scope) -> _Found:
        known = FILTERS.get(expression.name)
        if known is None or expression.node is None:
            raise self._refusal(
                expression,
                f"there is no filter “{shortened(expression.name)}”",
                f"There are {names(sorted(FILTERS))}",
            )
        given = self.kind(expression.node, scope)
        self._arguments(expression, known, scope)
        if not _fits(given, expression.name, known):
            raise self._refusal(
                expression,
                f"the filter “{expression.name}” does not fit here",
                f"It is for {names(sorted(kind.value.lower() for kind in known.takes))}"
                f"{' in a list' if known.on_lists else ''}",
            )
        return _MARKUP if expression.name == BREAKS else Value(known.gives, "")

    def _arguments(self, expression: nodes.Filter, known: Filter, scope: Scope) -> None:
        odd = expression.kwargs or expression.dyn_args or expression.dyn_kwargs
        if odd or len(expression.args) != known.arguments:
            wanted = "one text in brackets" if known.arguments else "nothing in brackets"
            raise self._refusal(
                expression, f"the filter “{expression.name}” is used wrongly", f"It takes {wanted}"
            )
        for argument in expression.args:
            if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
                raise self._refusal(argument, "this is no plain text", "Write it in quotes")
            # A list's words are joined before anybody can count how large that is.
            if len(argument.value) > _LONGEST_ARGUMENT:
                problem = f"more than {_LONGEST_ARGUMENT} characters in brackets"
                raise self._refusal(argument, problem, "Write it outside of the filter")
            self.kind(argument, scope)

    def _compared(self, expression: nodes.Compare, scope: Scope) -> _Found:
        left = self.kind(expression.expr, scope)
        operand = expression.ops[0]
        right = self.kind(operand.expr, scope)
        if len(expression.ops) > 1 or not _comparable(left, right, operand.op):
            raise self._refusal(
                expression.expr,
                "these cannot be compared",
                "Compare words with words and numbers with numbers, two at a time",
            )
        return Value(Kind.FLAG, "")

    def _choice(self, expression: nodes.CondExpr, scope: Scope) -> _Found:
        self.kind(expression.test, scope)
        if expression.expr2 is None:
            raise self._refusal(expression, "“else” is missing", "Write … if … else …")
        return _together(self.kind(expression.expr1, scope), self.kind(expression.expr2, scope))

    def _deeper(self, node: nodes.Node, scope: Scope) -> Scope:
        if scope.depth >= _DEEPEST:
            raise self._refusal(node, "the text is nested too deeply", "Write it flatter")
        return Scope(scope.variables, scope.depth + 1, scope.loops)

    def _unknown(self, node: nodes.Node, name: str, known: Mapping[str, Shape]) -> TemplateRefused:
        there = f"There are {names(sorted(known))}"
        return self._refusal(node, f"there is no “{shortened(name)}”", there)

    def _forbidden(self, node: nodes.Node) -> TemplateRefused:
        problem, mend = why_forbidden(node)
        return self._refusal(node, problem, mend)

    def _refusal(self, node: nodes.Node, problem: str, mend: str) -> TemplateRefused:
        # A few nodes of the library's own do not know where they stand; what is inside does.
        known: nodes.Node | None = node
        while known is not None and known.lineno is None:
            known = next(known.iter_child_nodes(), None)
        return self.source.refusal(0 if known is None else known.lineno, problem, mend)


_MARKUP = Value(Kind.TEXT, "")


def _fits(given: _Found, name: str, known: Filter) -> bool:
    if known.on_lists:
        listed = isinstance(given, Listing)
        value: _Found = given.of if isinstance(given, Listing) else given
        if not listed or name == LENGTH:
            return listed
    else:
        value = given
    return isinstance(value, Value) and value is not _MARKUP and value.kind in known.takes


def _together(one: _Found, other: _Found) -> _Found:
    same = isinstance(one, Value) and isinstance(other, Value) and one.kind is other.kind
    return one if same else _MIXED


def _comparable(left: _Found, right: _Found, operator: str) -> bool:
    if not isinstance(left, Value):
        return False
    if operator in {"in", "notin"}:
        inside = right.of if isinstance(right, Listing) else right
        return isinstance(inside, Value) and {left.kind, inside.kind} <= {Kind.TEXT, Kind.LINK}
    if not isinstance(right, Value) or left.kind is not right.kind:
        return False
    # A day may be absent, and an amount has a currency: neither has an order here.
    return operator in {"eq", "ne"} or left.kind is Kind.NUMBER
