"""How well the rules did on a labelled set, and the gates they must pass (banking 4.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from faktura.domain.matches import Proposal
from faktura.testing.recon_reading import LabelledSet, LabelShape, PartShape
from faktura.testing.recon_runs import Parts, Ran

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Share:
    """`hit` of `of`; nothing of nothing is all of it."""

    hit: int
    of: int

    @property
    def ratio(self) -> Decimal:
        """Between 0 and 1, exact to four places."""
        return round(Decimal(self.hit) / self.of, 4) if self.of else _ONE


@dataclass(frozen=True, slots=True)
class Failure:
    """A movement that was not dealt with as its label says; `gate` is the figure it costs."""

    id: str
    category: str
    gate: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure with the least (or, `at_most`, the most) it may be."""

    name: str
    share: Share
    bound: Decimal | None
    at_most: bool = False

    @property
    def passed(self) -> bool:
        """Whether the figure is within its bound; one without a bound is only told."""
        if self.bound is None:
            return True
        ratio = self.share.ratio
        return ratio <= self.bound if self.at_most else ratio >= self.bound


@dataclass(slots=True)
class Score:
    """The figures of one set."""

    gates: list[Gate] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every gate is passed."""
        return all(gate.passed for gate in self.gates)


def score(given: LabelledSet, ran: Mapping[str, Ran]) -> Score:
    """All figures of what the rules made of a set."""
    labels = [given.labels[one.id] for one in given.transactions]
    amounts = {one.id: one.amount for one in given.transactions}
    auto = [label for label in labels if ran[label.id].action == "auto"]
    reversed_ = [label for label in labels if ran[label.id].action == "reverse"]
    tiers = [[one for one in labels if one.action == "auto" and one.tier == n] for n in (1, 2)]
    proposed = [label for label in labels if label.action == "propose"]
    returns = [label for label in labels if label.action == "reverse"]
    nothing = [label for label in labels if label.action == "none"]
    right = {label.id: is_right(label, ran[label.id], amounts[label.id]) for label in labels}
    spoken = [label for label in nothing if ran[label.id].action not in ("none", "auto")]
    result = Score(
        [
            Gate("auto precision", _share(auto, right), _ONE),
            Gate("auto recall tier 1", _share(tiers[0], right), Decimal("0.97")),
            Gate("auto recall tier 2", _share(tiers[1], right), None),
            Gate("proposal hit", _share(proposed, right), Decimal("0.90")),
            Gate("returns exact with fee", _share(returns, right), Decimal("0.95")),
            Gate("returns precision", _share(reversed_, right), _ONE),
            Gate("proofs hold", _proved(auto + reversed_, ran), _ONE),
            Gate("fee entries linked", _linked_fees(nothing, ran), None),
            Gate(
                "proposals on none",
                Share(len(spoken), len(nothing)),
                Decimal("0.05"),
                at_most=True,
            ),
        ]
    )
    for label in labels:
        if not right[label.id]:
            result.failures.append(_failure(label, ran[label.id]))
        for problem in ran[label.id].unproved:
            rule = ran[label.id].rule
            failure = Failure(label.id, label.category, "proofs", f"a proof of {rule}", problem)
            result.failures.append(failure)
    return result


def is_right(label: LabelShape, ran: Ran, amount: Decimal) -> bool:
    """Whether the rules did exactly what the label says.

    Automatic: exactly the labelled parts. A return: exactly the payment and the fee. Nothing: neither
    booking nor proposal. Proposed: see `is_hit`; a return that a person decides about is right when
    nothing was booked.
    """
    if ran.action != label.action:
        return False
    match label.action:
        case "auto":
            return ran.parts == _parts(label.allocation)
        case "reverse":
            return ran.parts == _parts(label.allocation) and ran.fee == (label.fee or 0)
        case "propose":
            return label.cls == "return" or is_hit(label, ran.proposals, amount)
        case _:
            return True


def is_hit(label: LabelShape, proposals: Sequence[Proposal], amount: Decimal) -> bool:
    """Whether one of the proposals is exactly what is right.

    With an allocation: the same parts to the cent, and the labelled write-off where the label has
    one; where the labelled parts are more than the movement the label names candidates, and exactly
    these documents must be proposed together. Without: exactly one of the alternatives, or, where
    nothing is open for it, the whole movement as credit.
    """
    if label.allocation:
        return any(_fits(label, label.allocation, one, amount) for one in proposals)
    if label.alternatives:
        return any(
            _fits(label, parts, one, amount) for parts in label.alternatives for one in proposals
        )
    return any(not one.parts and one.rest.decimal == amount for one in proposals)


def _fits(
    label: LabelShape, wanted: Sequence[PartShape], proposal: Proposal, amount: Decimal
) -> bool:
    if sum(part.amount for part in wanted) > amount:
        return {number for number, _ in proposal.parts} == {part.invoice for part in wanted}
    labelled = "writeoff" in label.model_fields_set
    if labelled and proposal.given_up.decimal != (label.writeoff or 0):
        return False
    parts = tuple(sorted((number, part.decimal) for number, part in proposal.parts))
    return parts == _parts(wanted)


def _parts(parts: Sequence[PartShape]) -> Parts:
    return tuple(sorted((part.invoice, part.amount) for part in parts))


def _proved(booked: Sequence[LabelShape], ran: Mapping[str, Ran]) -> Share:
    return Share(sum(not ran[label.id].unproved for label in booked), len(booked))


def _linked_fees(nothing: Sequence[LabelShape], ran: Mapping[str, Ran]) -> Share:
    """Fees that the bank booked apart, known as those of their returns."""
    fees = [label for label in nothing if label.fee]
    return Share(sum(ran[label.id].fee == label.fee for label in fees), len(fees))


def _share(labels: Sequence[LabelShape], right: Mapping[str, bool]) -> Share:
    return Share(sum(right[label.id] for label in labels), len(labels))


def _failure(label: LabelShape, ran: Ran) -> Failure:
    if ran.action in ("auto", "reverse"):
        gate = "precision"
    elif label.action == "auto":
        gate = f"recall tier {label.tier}"
    else:
        gate = {"reverse": "returns", "propose": "proposal hit"}.get(label.action, "none")
    shown = label.allocation or tuple(part for parts in label.alternatives[:3] for part in parts)
    expected = f"{label.action} {_text(_parts(shown))}"
    if label.writeoff:
        expected += f" less {label.writeoff}"
    if label.fee:
        expected += f" fee {label.fee}"
    got = f"{ran.action} by {ran.rule} {_text(ran.parts)}"
    if ran.proposals:
        best = ran.proposals[0]
        parts = tuple((number, part.decimal) for number, part in best.parts)
        got += f"best of {len(ran.proposals)}: {best.rule} {_text(parts)} rest {best.rest}"
    return Failure(label.id, label.category, gate, expected, got)


def _text(parts: Parts) -> str:
    return " ".join(f"{number}={amount}" for number, amount in parts)
