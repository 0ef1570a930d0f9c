"""The data that crosses the border: frozen, and strict about its fields."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from faktura.plugin import AdapterSettings, Balance


def test_border_data_cannot_be_changed():
    """What one side handed over, the other side keeps as it is."""
    balance = Balance(amount=Decimal("10.00"), currency="EUR", on=date(2026, 11, 30))

    with pytest.raises(ValidationError, match="frozen"):
        balance.amount = Decimal("11.00")  # type: ignore[misc]  # this is what must fail


def test_an_unknown_field_is_refused():
    """A misspelt field must not vanish silently."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Balance(amount=Decimal(1), currency="EUR", on=date(2026, 11, 30), iban="DE")  # type: ignore[call-arg]  # this is what must fail


def test_an_unknown_setting_is_refused():
    """The same for settings: a typing error in the environment stops the start."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        AdapterSettings.model_validate({"delimiter": ";"})
