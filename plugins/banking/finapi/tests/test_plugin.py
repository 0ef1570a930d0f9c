"""The plugin as the core meets it."""

import subprocess
import sys

import faktura_finapi
from faktura.plugin import BankFeed, Family
from faktura_finapi.adapter import FinapiFeed
from faktura_finapi.settings import FinapiSettings


def test_the_plugin_says_who_it_is() -> None:
    """Name and family, as the entry point has them."""
    manifest = faktura_finapi.describe_plugin()

    assert (manifest.name, manifest.families) == ("finapi", (Family.BANKING,))


def test_it_offers_one_feed() -> None:
    """register_bank_feeds: the class, with its settings."""
    (feed,) = faktura_finapi.register_bank_feeds()

    assert issubclass(feed, BankFeed)
    assert (feed, feed.feed, feed.Settings) == (FinapiFeed, "finapi", FinapiSettings)


def test_its_top_module_loads_no_adapter() -> None:
    """Entry points are imported at every start."""
    code = "import faktura_finapi, sys; sys.exit('faktura_finapi.adapter' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
