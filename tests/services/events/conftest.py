"""The house of the imports: its customers, articles and contracts come, change and go."""

from tests.services.imports.conftest import empty_house, house, peopled

__all__ = ["empty_house", "house", "peopled"]
