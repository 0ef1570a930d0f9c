"""Cost centres and cost objects as the command line shows them."""

from faktura.domain.costs import Costs


def cost_texts(costs: Costs) -> list[str]:
    """`100: 60 %`, with a cost object `100/P 7: 60 %`, of a cost object alone `/P 7: 60 %`."""
    return [
        f"{one.centre or ''}{'' if one.object is None else f'/{one.object}'}: {one.percent:f} %"
        for one in costs
    ]
