"""The house of the imports: contracts come in as files and then live on."""

from tests.services.imports.conftest import empty_house, house, peopled

__all__ = ["empty_house", "house", "peopled"]
