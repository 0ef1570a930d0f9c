"""The plugin as the core meets it."""

import subprocess
import sys

import faktura_vies
from faktura.plugin import Family, VatIdChecker
from faktura_vies.adapter import ViesChecker
from faktura_vies.settings import ViesSettings


def test_the_plugin_says_who_it_is() -> None:
    """Name and family, as the entry point has them."""
    manifest = faktura_vies.describe_plugin()

    assert (manifest.name, manifest.families) == ("vies", (Family.TAX,))


def test_it_offers_one_checker() -> None:
    """register_vat_checkers: the class, with its settings."""
    (checker,) = faktura_vies.register_vat_checkers()

    assert issubclass(checker, VatIdChecker)
    assert (checker, checker.checker, checker.Settings) == (ViesChecker, "vies", ViesSettings)


def test_its_top_module_loads_no_adapter() -> None:
    """Entry points are imported at every start."""
    code = "import faktura_vies, sys; sys.exit('faktura_vies.adapter' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
