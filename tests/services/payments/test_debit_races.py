"""Files of debits while others work, and when a process dies: never two files, never one without bytes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.payments.filed import FiledScene
from typing_extensions import override

from faktura.kernel.errors import Conflict, RenderRefused, TransitionRefused
from faktura.plugin import DebitFile, WrittenBlock, WrittenFile
from faktura.services.mandates import revoke_mandate
from faktura.store.blobs import ContentStore, DirectoryStore
from faktura.store.database import Database
from faktura.store.debit_files import list_files
from faktura_sepa.adapter import SepaAdapter


class Died(Exception):
    """The process ended here."""


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> FiledScene:
    """Three debits wait."""
    scene = FiledScene(database, tmp_path / "content")
    scene.collect()
    return scene


@dataclass
class Meanwhile:
    """A content store in which something happens whenever bytes are kept."""

    store: DirectoryStore
    act: Callable[[], None]
    kept: list[bytes] = field(default_factory=list)

    def put(self, tenant_id: int, content: bytes) -> bytes:
        """Keep the bytes, then let it happen."""
        digest = self.store.put(tenant_id, content)
        self.kept.append(content)
        self.act()
        return digest

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def while_kept(scene: FiledScene, act: Callable[[], None]) -> ContentStore:
    """The scene's content store, with what happens."""
    return Meanwhile(DirectoryStore(scene.folder), act)  # type: ignore[return-value]


def files(scene: FiledScene) -> list[tuple[int, int]]:
    """Number and debits of each file, newest first."""
    with scene.database.read(scene.tenant.id) as tx:
        return [(one.no, one.items) for one in list_files(tx)]


def test_a_process_that_dies_before_its_file_is_recorded_leaves_the_debits_free(
    scene: FiledScene,
) -> None:
    """Its bytes lie there, and nobody is told of them."""

    def die() -> None:
        raise Died

    with pytest.raises(Died):
        replace(scene.debits, contents=while_kept(scene, die)).make(scene.filing)

    assert files(scene) == []
    assert [one.file_no for one in scene.attempts("RE-000001")] == [None]
    assert [one.items for one in scene.make().files] == [3]


def test_two_at_once_put_every_debit_into_one_file(scene: FiledScene) -> None:
    """The slower one finds nothing left; its bytes are of no file."""
    done: list[int] = []

    def other() -> None:
        if not done:
            done.append(len(scene.make().files))

    made = replace(scene.debits, contents=while_kept(scene, other)).make(scene.filing)

    assert (done, made.files) == ([1], [])
    assert files(scene) == [(1, 3)]


def test_a_mandate_that_is_revoked_meanwhile_is_in_no_file(scene: FiledScene) -> None:
    """The file is made anew without it, and has the number that was free."""
    done: list[bool] = []

    def revoke() -> None:
        if not done:
            done.append(True)
            with scene.database.write(scene.tenant.id) as tx:
                revoke_mandate(tx, scene.tenant, scene.mandates[1].id, "moved away")

    made = replace(scene.debits, contents=while_kept(scene, revoke)).make(scene.filing)

    assert [one.waiting.number for one in made.over] == ["RE-000002"]
    assert files(scene) == [(1, 2)]
    assert scene.states("RE-000001", "RE-000002", "RE-000003") == [
        "PENDING", "CANCELLED", "PENDING",
    ]  # fmt: skip


def test_a_document_that_is_paid_meanwhile_is_in_no_file(scene: FiledScene) -> None:
    """Looked at under the locks, not only before."""
    done: list[bool] = []

    def pay() -> None:
        if not done:
            done.append(True)
            scene.credit("100.00", "RE-000002", gvc="166", on=date(2026, 10, 1))

    replace(scene.debits, contents=while_kept(scene, pay)).make(scene.filing)

    assert files(scene) == [(1, 2)]


def test_who_is_never_fast_enough_is_told_so(scene: FiledScene) -> None:
    """Nothing is made then."""
    count = iter(range(100))

    def change() -> None:
        scene.rename_holder("M-1", f"Kunde {next(count)}")

    with pytest.raises(Conflict, match="the debits of sepa are changed at this moment"):
        replace(scene.debits, contents=while_kept(scene, change)).make(scene.filing)

    assert files(scene) == []


def test_a_creditor_that_the_bank_would_refuse_stops_the_file(scene: FiledScene) -> None:
    """A named error; the debits wait."""
    seller = replace(scene.tenant.seller, iban="DE00120300000000202051")
    scene.company.tenant = replace(scene.tenant, seller=seller)

    with pytest.raises(RenderRefused, match="the creditor's account"):
        scene.make()

    assert files(scene) == []


class Forgetful(SepaAdapter):
    """States a block that lacks a debit."""

    @override
    def write(self, file: DebitFile) -> WrittenFile:
        """The file, with a block of its first debit alone."""
        written = super().write(file)
        block = WrittenBlock(id="B-1", items=(file.items[0].end_to_end,))
        return written.model_copy(update={"blocks": (block,)})


class Plain(SepaAdapter):
    """States no blocks."""

    @override
    def write(self, file: DebitFile) -> WrittenFile:
        """The file alone."""
        return super().write(file).model_copy(update={"blocks": ()})


def test_blocks_that_are_not_the_files_debits_are_refused(scene: FiledScene) -> None:
    """An adapter's error must not let a credit pay the wrong debits; none at all is the whole file."""
    filing = scene.filing
    assert isinstance(filing.adapter, SepaAdapter)
    adapters = [
        replace(filing, adapter=kind(filing.adapter.settings, filing.adapter.runtime))
        for kind in (Forgetful, Plain)
    ]

    with pytest.raises(TransitionRefused, match="are not the debits of file"):
        scene.debits.make(adapters[0])
    (file,) = scene.debits.make(adapters[1]).files

    assert [block.id for block in file.blocks] == [file.message_id]
    assert len(file.attempts) == 3
