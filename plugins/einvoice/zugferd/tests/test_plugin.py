"""What the hub sees of the plugin."""

import subprocess
import sys

import faktura_zugferd
from faktura.plugin import API_VERSION, Family, LetterWriting, SelfChecking
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.hybrid_reader import ZugferdReader


def test_the_plugin_describes_itself() -> None:
    """house: every plugin implements describe_plugin."""
    manifest = faktura_zugferd.describe_plugin()

    assert (manifest.name, manifest.api_version) == ("zugferd", API_VERSION)
    assert manifest.families == (Family.EINVOICE,)


def test_the_plugin_offers_two_formats_and_a_reader() -> None:
    """house: hooks return classes."""
    assert faktura_zugferd.register_document_formats() == (Pdf, Zugferd)
    assert faktura_zugferd.register_document_readers() == (ZugferdReader,)
    assert (Pdf.format_id, Zugferd.format_id, ZugferdReader.reader_id) == (
        "pdf",
        "zugferd",
        "zugferd",
    )
    for adapter in (Pdf, Zugferd):
        assert (adapter.media_type, adapter.file_suffix) == ("application/pdf", ".pdf")
        assert issubclass(adapter, LetterWriting)
        assert issubclass(adapter, SelfChecking)


def test_registering_loads_none_of_the_large_libraries() -> None:
    """house: entry points import every plugin at the start of each command."""
    program = (
        "import sys, faktura_zugferd as plugin\n"
        "assert 'faktura_zugferd.formats' not in sys.modules\n"
        "plugin.register_document_formats(); plugin.register_document_readers()\n"
        "heavy = ('typst', 'pikepdf', 'lxml', 'segno', 'fontTools', 'saxonche')\n"
        "loaded = [name for name in sys.modules if name.split('.')[0] in heavy]\n"
        "assert not loaded, loaded\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
