"""A billed company on both databases, and letters about its customers."""

import pytest
from tests.services.company import bill
from tests.services.letters.scene import LetterScene

from faktura.store.database import Database


@pytest.fixture
def scene(database: Database) -> LetterScene:
    """K-1 with 71.40 (RE-000001), paid by 10.00 on 20 October; K-2, of France and English, with 12.00."""
    scene = LetterScene(database)
    scene.two_customers()
    bill(database, scene.tenant)
    scene.settle("RE-000001", 1_000)
    return scene
