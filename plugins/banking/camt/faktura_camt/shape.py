"""The shape of an element: where each value stands in it, worked out once for equal shapes.

A bank writes thousands of entries of a few shapes. So paths are looked up once per shape, and
reading an entry is reaching for positions: that takes half the time of looking up each path.
What is wrong with a shape is an error: a value with elements inside would be read in part, and of
two amounts nobody knows which one is meant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from faktura.kernel.errors import FileUnreadable, shortened

Texts = Sequence[str | None]

# At most once in their parent in every version; twice would leave open which one is meant.
_SINGLE = frozenset(
    {"Acct", "AcctSvcrRef", "Amt", "AmtDtls", "BookgDt", "BkTxCd", "Btch", "Ccy", "Cd"}
    | {"CdOrPrtry", "CdtDbtInd", "Cdtr", "CdtrAcct", "CntrValAmt", "CreDtTm", "Dbtr", "DbtrAcct"}
    | {"Domn", "Dt", "DtTm", "ElctrncSeqNb", "EndToEndId", "Fmly", "IBAN", "InstdAmt"}
    | {"LastPgInd", "MndtId", "MsgId", "MsgPgntn", "NtryRef", "PgNb", "Refs", "RltdPties"}
    | {"RmtInf", "RtrInf", "Rsn", "RvslInd", "Sts", "StmtPgntn", "TtlChrgsAndTaxAmt", "TxAmt"}
    | {"ValDt"}
)
# Kept shapes must not fill the memory, however many a hostile file invents.
_MOST_SHAPES = 128
_LARGEST_KEPT = 300


@dataclass(frozen=True, eq=False)
class Fields:
    """Names of values, each with its paths; the first text that says something wins."""

    paths: Mapping[str, tuple[str, ...]]


class Plan:
    """The fields that occur in a shape, and how to pick their texts.

    A field with several places stands several times, the one to be preferred last, so that it wins
    in a dictionary. `memory` is for what is worked out from equal texts.
    """

    def __init__(self, fields: Fields, shape: "Shape") -> None:
        found = [
            (name, position)
            for name, paths in fields.paths.items()
            for path in reversed(paths)
            for position in reversed(shape.values(path))
        ]
        self.names = tuple(name for name, _ in found)
        self.pick = _picker([position for _, position in found])
        self.memory: dict[tuple[str | None, ...], object] = {}


def _picker(positions: list[int]) -> Callable[[Texts], tuple[str | None, ...]]:
    match positions:
        case []:
            return lambda texts: ()
        case [position]:
            return lambda texts: (texts[position],)
        case _:
            return itemgetter(*positions)


class Shape:
    """Positions of the paths of an element and those below it, in document order.

    `plans` and `leaves` hold what plan() and values() have answered, for those in a hurry.
    """

    def __init__(
        self, paths: Mapping[str, Sequence[int]], counts: Sequence[int], parents: Sequence[int]
    ) -> None:
        self.paths = paths
        # Most payments have neither: one look instead of four.
        self.is_plain = not any(path.endswith(("AmtDtls", "Chrgs")) for path in paths)
        self._counts = counts
        self._parents = parents
        self.plans: dict[Fields, Plan] = {}
        self.leaves: dict[str, tuple[int, ...]] = {}

    def values(self, path: str) -> tuple[int, ...]:
        """Positions of the values at the path; refused where they have elements inside."""
        known = self.leaves.get(path)
        if known is None:
            known = tuple(self.paths.get(path, ()))
            if any(self._counts[position] for position in known):
                raise FileUnreadable("there are elements where only text belongs", place=path)
            self.leaves[path] = known
        return known

    def plan(self, fields: Fields) -> Plan:
        """How to pick these fields, worked out anew; kept in `plans`."""
        self.plans[fields] = plan = Plan(fields, self)
        return plan

    def beside(self, position: int, path: str) -> int | None:
        """The position of the value at the path in the same parent as `position`."""
        parent = self._parents[position]
        same = (other for other in self.values(path) if self._parents[other] == parent)
        return next(same, None)


def shape_of(names: tuple[str, ...], counts: tuple[int, ...], at: str) -> Shape:
    """The shape of elements with these names and numbers of children, in document order.

    `at` is the path of the first one, before those of the others; "" for none.
    """
    if len(names) > _LARGEST_KEPT:
        return _measured(names, counts, at)
    return _kept(names, counts, at)


@lru_cache(maxsize=_MOST_SHAPES)
def _kept(names: tuple[str, ...], counts: tuple[int, ...], at: str) -> Shape:
    return _measured(names, counts, at)


def _measured(names: tuple[str, ...], counts: tuple[int, ...], at: str) -> Shape:
    space = names[0].rpartition("}")[0]
    paths: dict[str, list[int]] = {at: [0]}
    path_of = [at]
    parents = [0]
    # The outermost element takes all that its inner ones do not.
    left = [len(names), *counts[1:]]
    open_elements = [0]
    for position in range(1, len(names)):
        while not left[open_elements[-1]]:
            open_elements.pop()
        parent = open_elements[-1]
        left[parent] -= 1
        own_space, _, name = names[position].rpartition("}")
        if own_space != space:
            name = "?"  # of another namespace: nobody asks for it
        path = f"{path_of[parent]}/{name}" if path_of[parent] else name
        before = paths.setdefault(path, [])
        if before and name in _SINGLE and parents[before[-1]] == parent:
            raise FileUnreadable(f"{name} stands twice in one element", place=shortened(path))
        before.append(position)
        parents.append(parent)
        path_of.append(path)
        open_elements.append(position)
    return Shape(paths, counts, parents)
