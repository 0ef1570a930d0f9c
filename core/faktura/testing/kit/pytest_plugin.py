"""The kit as a pytest plugin: failing asserts inside the kit say what was compared.

What waits for a person fails once a place (`unwritten.py`).
"""

import pytest

from faktura.testing.kit.unwritten import pytest_runtest_makereport

pytest.register_assert_rewrite("faktura.testing.kit")

__all__ = ["pytest_runtest_makereport"]
