"""What a tenant decides about checks of VAT ids (F120)."""

from dataclasses import dataclass

from faktura.kernel.errors import FieldInvalid

_LEAST_DAYS, _MOST_DAYS = 1, 730


@dataclass(frozen=True, slots=True)
class VatPolicy:
    """How VAT ids of customers in other member states are checked from now on.

    `checker` is the register's adapter, empty for none. A valid answer is asked for anew after
    `every_days`. `qualified` compares name and address as well, which needs the tenant's own VAT id.
    """

    checker: str = ""
    every_days: int = 90
    qualified: bool = True


def check_vat_policy(policy: VatPolicy) -> None:
    """Raise FieldInvalid for a policy that says what cannot be meant."""
    if not _LEAST_DAYS <= policy.every_days <= _MOST_DAYS:
        raise FieldInvalid(
            f"{policy.every_days} is not {_LEAST_DAYS} to {_MOST_DAYS}", place="everyDays"
        )
