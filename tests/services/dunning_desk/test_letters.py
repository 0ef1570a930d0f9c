"""The letter of a notice: written once, the same bytes for the mail and for whoever downloads it."""

import json
import logging
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from tests.services.company import NoState
from tests.services.letters.scene import Formats
from tests.services.letters.writer import JsonLetters

from faktura.domain.violations import Proof
from faktura.flows.documents import Documents
from faktura.flows.dunning_letters import dunning_letter
from faktura.flows.verification import verify
from faktura.kernel.errors import IntegrityBroken, NotFound, PluginMissing
from faktura.plugin import AdapterSettings, Runtime
from faktura.store.blobs import DirectoryStore
from faktura.store.dunning_notices import NoticeFilter, list_notices
from faktura.store.kept_letters import KeptLetter, find_letter, keep_letter
from faktura_xrechnung.formats import XRechnungCii


@pytest.fixture
def notice_id(scene):
    """K-1 was reminded of A-1 on 10 September."""
    scene.owe(scene.customer(), "A-1", 10_000, date(2026, 9, 1))
    scene.dun(date(2026, 9, 10))
    with scene.database.read(scene.tenant.id) as tx:
        return list_notices(tx, NoticeFilter())[0].id


@pytest.fixture
def runtime(scene):
    return Runtime(scene.database.clock, logging.getLogger("test"), NoState())


@pytest.fixture
def documents(scene, runtime, tmp_path):
    formats = Formats(JsonLetters(AdapterSettings(), runtime))
    return Documents(scene.database, DirectoryStore(tmp_path / "content"), formats, scene.tenant)


def test_a_letter_is_written_from_the_notice_and_named_after_it(documents, notice_id):
    """100.00 of A-1, until 17 September."""
    letter = dunning_letter(documents, notice_id)

    told = json.loads(letter.content)
    assert (letter.name, letter.media_type) == ("K-1-2026-09-10-EUR.pdf", "application/pdf")
    assert (told["level"], told["total"], told["pay_by"]) == (0, "100.00", "2026-09-17")
    assert [(one["number"], one["level"]) for one in told["items"]] == [("A-1", 1)]


def test_the_second_time_gives_the_stored_bytes_without_any_format(documents, notice_id, runtime):
    """A format that writes no letters any more is not asked."""
    first = dunning_letter(documents, notice_id)
    documents.formats.only = XRechnungCii(XRechnungCii.Settings(), runtime)

    assert dunning_letter(documents, notice_id) == first
    with documents.database.read(documents.tenant.id) as tx:
        kept = find_letter(tx, notice_id)
    assert kept is not None
    assert kept == KeptLetter(
        "K-1-2026-09-10-EUR.pdf", kept.sha256, len(first.content), "application/pdf"
    )
    assert documents.contents.get(documents.tenant.id, kept.sha256) == first.content


def test_who_writes_it_at_the_same_time_and_comes_second_gets_the_first_one(documents, notice_id):
    """One letter a notice."""
    first = dunning_letter(documents, notice_id)
    late = KeptLetter("K-1-2026-09-10-EUR.pdf", bytes(32), 1, "application/pdf")
    with documents.database.write(documents.tenant.id) as tx:
        keep_letter(tx, notice_id, late)

    assert dunning_letter(documents, notice_id) == first


def test_what_cannot_be_written_is_named(documents, notice_id, runtime):
    """No such notice; a format that writes no letters; bytes that somebody changed."""
    with pytest.raises(NotFound, match="there is no dunning notice"):
        dunning_letter(documents, UUID(int=7))
    written = documents.formats.only
    documents.formats.only = XRechnungCii(XRechnungCii.Settings(), runtime)
    with pytest.raises(PluginMissing, match="writes no letters"):
        dunning_letter(documents, notice_id)
    documents.formats.only = written
    dunning_letter(documents, notice_id)
    (file,) = (one for one in Path(documents.contents.root).rglob("*") if one.is_file())
    file.write_bytes(b"changed")
    with pytest.raises(IntegrityBroken):
        dunning_letter(documents, notice_id)


def test_verify_proves_the_bytes_of_every_letter(documents, notice_id):
    """Changed or lost, they are a violation with the letter's name (O15)."""
    dunning_letter(documents, notice_id)
    (file,) = (one for one in Path(documents.contents.root).rglob("*") if one.is_file())
    tenant_id = documents.tenant.id
    assert list(verify(documents.database, documents.contents, tenant_id)) == []

    file.write_bytes(b"changed")

    (found,) = verify(documents.database, documents.contents, tenant_id)
    assert (found.proof, found.place) == (Proof.CONTENTS, "letter K-1-2026-09-10-EUR.pdf")
