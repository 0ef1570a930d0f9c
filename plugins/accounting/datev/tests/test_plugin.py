"""What the plugin registers, and its settings."""

import pytest
from pydantic import ValidationError

import faktura_datev
from faktura.plugin import API_VERSION, Family, PluginManifest
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.settings import DatevSettings


def test_the_plugin_says_who_it_is_and_registers_one_exporter():
    """House rule: hooks take nothing and return classes."""
    assert faktura_datev.describe_plugin() == PluginManifest(
        name="datev", version="0.1.0", api_version=API_VERSION, families=(Family.ACCOUNTING,)
    )
    assert faktura_datev.register_accounting_exporters() == (DatevFileExporter,)
    assert DatevFileExporter.target == "datev"


@pytest.mark.parametrize(
    "wrong",
    [
        {"consultant": 1000},
        {"consultant": 10_000_000},
        {"client": 0},
        {"client": 100_000},
        {"account_length": 3},
        {"account_length": 9},
        {"exported_by": "Ada Brandt"},
        {"origin": "FAK"},
        {"secret": "x"},
    ],
)
def test_settings_outside_datevs_limits_are_refused(wrong: dict[str, object]):
    """Consultant 1001..9999999, client 1..99999, accounts of 4 to 8 digits."""
    with pytest.raises(ValidationError):
        DatevSettings.model_validate({"consultant": 29098, "client": 55003} | wrong)
