"""The house of the imports, with one contract of each kind that matters to bookings."""

from tests.services.imports.conftest import empty_house, house, peopled

__all__ = ["empty_house", "house", "peopled"]
