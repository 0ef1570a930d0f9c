"""A check of a VAT id as people and programs read it."""

import json

from faktura.kernel.vat_terms import VatTraderMatch
from faktura.store.vat_checks import VatCheck


def vat_check_record(check: VatCheck) -> dict[str, object]:
    """A check as JSON has it; the register's answer itself stays in the database."""
    matches: dict[str, str] = json.loads(check.matches)
    return {
        "id": str(check.id),
        "customerNumber": check.customer_number,
        "vatId": check.vat_id,
        "ownVatId": check.own_vat_id or None,
        "checker": check.checker,
        "result": check.result.value,
        "matches": matches,
        "differs": [name for name, match in matches.items() if match == VatTraderMatch.DIFFERS],
        "reference": check.reference or None,
        "problem": check.problem or None,
        "checkedAt": check.checked_at.isoformat(),
    }
