"""Uploaded files: newest first, each with the report and the statements that came of it."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, OTHER_IBAN, file_of, moved, statement

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import NotFound
from faktura.plugin import Balance
from faktura.store.uploads import UploadKey, UploadView, list_uploads, read_upload, upload_key


@pytest.fixture
def uploads(scene: BankScene) -> list[str]:
    """Three files, an hour between them, the second one of another account."""
    scene.add_account(OTHER_IBAN)
    clock = scene.database.clock
    assert isinstance(clock, FixedClock)
    files = [("1.txt", IBAN), ("2.txt", OTHER_IBAN), ("3.txt", IBAN)]
    for no, (name, iban) in enumerate(files, 1):
        scene.upload(statement(moved(f"{no}.00", "A"), iban=iban), name=name, iban=iban)
        clock.advance(timedelta(hours=1))
    return [name for name, _ in files]


def listed(scene: BankScene, **wanted: object) -> list[UploadView]:
    """Uploads as the list gives them."""
    with scene.database.read(scene.tenant.id) as tx:
        return list_uploads(tx, **wanted)  # type: ignore[arg-type]


def test_uploads_are_listed_newest_first(scene, uploads):
    """Of one account, or of all of them, a page at a time."""
    first, second = listed(scene, limit=2)

    assert [(view.filename, view.bank_iban) for view in (first, second)] == [
        ("3.txt", IBAN),
        ("2.txt", OTHER_IBAN),
    ]
    assert [view.filename for view in listed(scene, after=second.key)] == ["1.txt"]
    own = listed(scene, account_id=scene.account.id)
    assert [view.filename for view in own] == ["3.txt", "1.txt"]
    assert first.imported_at - second.imported_at == timedelta(hours=1)


def test_files_of_one_moment_are_all_listed(scene):
    """The order of their keys decides."""
    for no in range(3):
        scene.upload(statement(moved(f"{no + 1}.00", "A"), sequence=no + 1), name=f"{no}.txt")

    seen = []
    after = None
    while page := listed(scene, after=after, limit=1):
        after = page[0].key
        seen.append(page[0].filename)

    assert sorted(seen) == ["0.txt", "1.txt", "2.txt"]


def test_an_upload_shows_its_statements_and_its_report(scene):
    """Amounts in the account's currency; what the bank did not say is None."""
    day = date(2026, 11, 11)
    records = (
        statement(
            moved("35.70", "RE-000001"),
            sequence=7,
            opening=Balance(amount=Decimal("10.00"), currency="EUR", on=day),
            closing=Balance(amount=Decimal("45.70"), currency="EUR", on=day),
            balanced=True,
            warnings=("odd",),
        ),
        statement(moved("1.00", "A"), statement_id="S-2"),
    )
    scene.upload(*records)
    (view,) = listed(scene)

    with scene.database.read(scene.tenant.id) as tx:
        found = read_upload(tx, view.key)

    assert found.upload == view
    assert view.key == UploadKey(scene.account.id, sha256(file_of(*records)).digest())
    assert (view.filename, view.format, view.report["new"]) == ("november.txt", "test-lines", 2)
    first, second = found.statements
    assert (first.message_id, first.statement_id, first.sequence) == ("MSG-1", "S-1", 7)
    assert (str(first.opening), str(first.closing)) == ("10.00 EUR", "45.70 EUR")
    assert (first.balanced, first.warnings, first.ends_on) == (True, ("odd",), day)
    assert (second.statement_id, second.sequence, second.opening) == ("S-2", None, None)
    assert (second.closing, second.balanced) == (None, None)
    # Without balances it ends on the day on which the bank wrote it.
    assert second.ends_on == date(2026, 11, 12)


def test_the_key_of_an_upload_is_one_word(scene, uploads):
    """What is no key names nothing."""
    key = listed(scene, limit=1)[0].key

    assert upload_key(key.text) == key
    assert len(key.text) == 96
    for wrong in ("", key.text[:-1], key.text.upper() + "G", f"{key.text[:-2]} 0"):
        with pytest.raises(NotFound, match="there is no bank statement"):
            upload_key(wrong)


def test_an_unknown_upload_is_refused(scene, uploads):
    """Nor does a list go on behind it."""
    unknown = UploadKey(UUID(int=1), bytes(32))

    with scene.database.read(scene.tenant.id) as tx:
        with pytest.raises(NotFound, match="there is no bank statement"):
            read_upload(tx, unknown)
        with pytest.raises(NotFound, match="there is no bank statement"):
            list_uploads(tx, after=unknown)
    with scene.database.read(scene.tenant.id + 1) as tx:
        assert list_uploads(tx) == []
