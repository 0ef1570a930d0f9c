"""All scenarios: documents every e-invoice format must write validly, with their exact totals.

@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_my_format_writes_it(scenario: Scenario) -> None: ...
"""

from collections.abc import Mapping
from types import MappingProxyType

from faktura.testing.scenario import Scenario
from faktura.testing.scenarios_of_amounts import AMOUNTS
from faktura.testing.scenarios_of_contents import CONTENTS
from faktura.testing.scenarios_of_kinds import KINDS
from faktura.testing.scenarios_of_payment import PAYMENTS
from faktura.testing.scenarios_of_tax import TAXES

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {scenario.name: scenario for scenario in (*AMOUNTS, *TAXES, *PAYMENTS, *KINDS, *CONTENTS)}
)
"""Name -> scenario, in the order of the modules."""
