"""Cost centres and cost objects as JSON columns: few values, on very many lines."""

from functools import lru_cache

from faktura.domain.costs import Costs
from faktura.store.codec import from_json, to_json


@lru_cache(maxsize=1024)
def costs_text(costs: Costs) -> str | None:
    """The shares as canonical JSON; None where there are none."""
    return to_json(costs, Costs) if costs else None


@lru_cache(maxsize=1024)
def costs_from_text(text: str | None) -> Costs:
    """The shares behind a column's JSON."""
    return () if text is None else from_json(text, Costs)
