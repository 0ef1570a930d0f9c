"""One Saxon processor a test worker: it is not thread-safe, and compiling the rules takes seconds."""

from collections.abc import Iterator

import pytest
import saxonche
from tests.conformance.official import OfficialRules


@pytest.fixture(scope="session")
def official() -> Iterator[OfficialRules]:
    """The official rules; they reach no network."""
    with saxonche.PySaxonProcessor(license=False) as processor:
        processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        yield OfficialRules(processor)
