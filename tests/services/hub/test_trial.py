"""What a trial of new settings sees: the change for its own instance, what is kept for all others."""

from collections.abc import Mapping

from typing_extensions import override

from faktura.hub.nothing_kept import NothingKept
from faktura.hub.trial import Change, Changed
from faktura.hub.values_in_force import _text
from faktura.kernel.terms import PaymentMethod


class OneBank(NothingKept):
    """Keeps the same for everybody."""

    @override
    def settings(self, tenant_id: int, instance: str) -> Mapping[str, object]:
        return {"user": "ada", "limit": 5}

    @override
    def secrets(self, tenant_id: int, instance: str) -> Mapping[str, str]:
        return {"pin": "old"}


CHANGED = Changed(
    OneBank(),
    Change(
        tenant_id=1,
        instance="bank",
        settings={"user": "eva"},
        secrets={"pin": "new"},
        removed=frozenset({"limit"}),
    ),
)


def test_the_changed_instance_has_the_new_values() -> None:
    """What was taken back is gone."""
    assert CHANGED.settings(1, "bank") == {"user": "eva"}
    assert CHANGED.secrets(1, "bank") == {"pin": "new"}


def test_other_tenants_and_instances_keep_theirs() -> None:
    """A trial for one tenant never leaks into another."""
    assert CHANGED.settings(2, "bank") == {"user": "ada", "limit": 5}
    assert CHANGED.settings(1, "second") == {"user": "ada", "limit": 5}
    assert CHANGED.secrets(2, "bank") == {"pin": "old"}


def test_lists_are_shown_as_json() -> None:
    """As they are written in `faktura plugins set`."""
    assert _text(["Ring 1", "Jena"]) == '["Ring 1", "Jena"]'


def test_sets_are_shown_in_one_order() -> None:
    """Words of a choice stand there as they are written in `faktura plugins set`."""
    chosen = frozenset({PaymentMethod.SEPA_DEBIT, PaymentMethod.CARD})

    assert _text(chosen) == '["CARD", "SEPA_DEBIT"]'
