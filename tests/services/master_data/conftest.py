"""The house of the imports: what files bring can be made and changed one at a time, too."""

from tests.services.imports.conftest import empty_house, house, peopled

__all__ = ["empty_house", "house", "peopled"]
