"""Contracts and activities as the command line shows them, in the names users know."""

from faktura.cli.cost_shape import cost_texts
from faktura.services.contract_view import ActivityView
from faktura.store.contract_overview import ContractOverview
from faktura.store.quarantine import Quarantined

Record = dict[str, object]


def overview_record(found: ContractOverview) -> Record:
    """A contract's frame; `nextDueOn` is the first day on which a run bills something."""
    contract = found.contract
    return {
        "contractNumber": contract.number,
        "internalIdentifier": contract.internal_identifier,
        "customerNumber": found.customer_number,
        "customerName": found.customer_name,
        "project": found.project_key,
        "kind": contract.kind,
        "state": contract.state,
        "start": contract.start,
        "end": contract.end,
        "predecessor": found.neighbours.predecessor,
        "successor": found.neighbours.successor,
        "interval": str(contract.interval),
        "billInAdvance": contract.in_advance,
        "currency": contract.currency,
        "costs": cost_texts(contract.costs),
        "unbilledServices": found.unbilled_services,
        "nextDueOn": found.next_due_on,
        "invoiceNotBefore": contract.invoice_not_before,
    }


def quarantine_record(found: Quarantined | None) -> Record:
    """Why a contract could not be billed, and what to do about it."""
    if found is None:
        return {"quarantine": None}
    problem = f"{found.place}: {found.problem}" if found.place else found.problem
    return {"quarantine": f"{problem}. {found.mend}" if found.mend else problem}


def activity_record(found: ActivityView) -> Record:
    """An activity with its service period, both ends inclusive as on documents (F059)."""
    return {
        "state": found.state,
        "origin": found.origin,
        "contractNumber": found.contract_number,
        "articleNumber": found.article_number,
        "name": found.article_name,
        "from": found.service.start,
        "to": found.service.last_day,
        "quantity": found.quantity,
        "net": None if found.net is None else found.net.decimal,
        "reservedGross": None if found.gross is None else found.gross.decimal,
        "currency": None if found.gross is None else found.gross.currency,
        "invoiceNumber": found.invoice_number,
        "problem": found.problem or None,
    }
