"""The proof of a decision: the text as the bank gave it, what was found where, and the sum (O6, P39).

Kept as JSON with every decision. match_proof_checks.py verifies it later without the matcher.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from faktura.domain.matches import Decision, Proposal, TextPart
from faktura.domain.movements import Movement
from faktura.kernel.money import Money, total

PROOF_VERSION = 2

Documents = Sequence[tuple[str, Money]]


def raw_texts(movement: Movement) -> dict[str, str]:
    """The three texts a number may stand in, untouched; spans of hits count in them (F092)."""
    return {
        TextPart.REMITTANCE: "\n".join(movement.remittance_lines),
        TextPart.REFERENCE: movement.structured_reference or "",
        TextPart.END_TO_END: movement.end_to_end_id or "",
    }


def proof_of(
    movement: Movement,
    decision: Decision[Any],
    documents: Documents = (),
    customers: Mapping[UUID, str] | None = None,
    **extra: object,
) -> dict[str, object]:
    """What canonical_json keeps of a decision; amounts are decimals in the movement's currency.

    `documents` are those that it settles or gives back, with their parts; `customers` the numbers
    of the customers that proposals name. `extra` are further facts: `fee` and `payment` of a
    return, `customer` of a person's decision.
    """
    currency = movement.amount.currency
    names = customers or {}
    return {
        "version": PROOF_VERSION,
        "raw": {str(part): text for part, text in raw_texts(movement).items()},
        "amount": str(movement.amount.decimal),
        "currency": currency,
        "hits": [
            [hit.number, str(hit.part), hit.start, hit.end, str(hit.reading)]
            for hit in decision.hits
        ],
        "documents": _parts(documents),
        "sum": str(total([part for _, part in documents], currency).decimal),
        "rejected": [[one.number, one.reason] for one in decision.rejected],
        "proposals": [_proposal(one, names) for one in decision.proposals],
        **extra,
    }


def _proposal(proposal: Proposal, customers: Mapping[UUID, str]) -> dict[str, object]:
    known = proposal.customer_id and customers.get(proposal.customer_id)
    return {
        "rule": proposal.rule,
        "reason": proposal.reason,
        "documents": _parts(proposal.parts),
        "rest": str(proposal.rest.decimal),
        "givenUp": str(proposal.given_up.decimal),
        "customer": known or "",
    }


def _parts(parts: Documents) -> list[list[str]]:
    return [[number, str(part.decimal)] for number, part in parts]
