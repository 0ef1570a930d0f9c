"""From the fact to the mail that lies in the folder, by the jobs that a worker does."""

import asyncio
import email
from dataclasses import replace
from datetime import date
from email.policy import default
from pathlib import Path

from tests.services.mails.scene import MailScene

from faktura.domain.customers import Recipient
from faktura.domain.dunning_policies import DunningLevel, DunningPolicy
from faktura.domain.jobs import JobName
from faktura.flows.dunning import run_dunning
from faktura.flows.fan_out import fan_out
from faktura.flows.mail_jobs import send_mails_job
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.loader import load
from faktura.hub.nothing_kept import NothingKept
from faktura.kernel.outbox_terms import MailState, MailUse
from faktura.kernel.terms import RecipientUse
from faktura.store.tenants import read_tenant


def sent(scene: MailScene, folder: Path) -> None:
    """Do the job that sends, with mails going into a folder and PDF being offered."""
    registry = load(("xrechnung", "zugferd"))
    adapters = Adapters(registry, NothingKept(), scene.database.clock, Installation())
    context = replace(scene.context, registry=registry, adapters=adapters, mail_folder=folder)
    asyncio.run(send_mails_job(context, scene.tenant_id, {}))


def test_an_invoice_reaches_its_customer_once(scene: MailScene, tmp_path: Path):
    """However often both jobs run: one file of that id, one Message-ID (P48)."""
    scene.customer()
    scene.bill()

    for _ in range(2):
        scene.hand_out()
        sent(scene, tmp_path / "mails")

    mail = scene.only()
    (file,) = (tmp_path / "mails" / "werk").glob("*.eml")
    read = email.message_from_bytes(file.read_bytes(), policy=default)
    assert (mail.state, mail.sent_at) == (MailState.SENT, scene.database.clock.now())
    assert file.stem == str(mail.id)
    assert read["To"] == "kunde1@example.com"
    assert read["From"] == "Werk GmbH <mia@werk.example>"
    assert read["Message-ID"] == f"<{mail.id.hex}@werk.example>"
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "RE-000001.xml"


def test_a_dunning_notice_brings_its_letter(scene: MailScene, tmp_path: Path):
    """F084, F085: to the contract's recipients for dunning, with what the notice froze."""
    scene.set_mail(off=frozenset({MailUse.INVOICE}))
    scene.change_tenant(dunning=DunningPolicy((DunningLevel(days=7, fee=500),), grace_days=0))
    scene.customer(recipients=(Recipient("k@example.com", RecipientUse.DUNNING),))
    scene.change_contract("V-1", recipients=(Recipient("v@example.com", RecipientUse.DUNNING),))
    scene.bill()
    with scene.database.read(scene.tenant_id) as tx:
        tenant = read_tenant(tx)
    run_dunning(scene.database, tenant, date(2026, 12, 1))
    for args in scene.jobs(JobName.FAN_OUT):
        fan_out(scene.context, scene.tenant_id, args)

    sent(scene, tmp_path / "mails")

    mail = scene.only()
    assert (mail.use, mail.state) == (MailUse.DUNNING, MailState.SENT)
    message = mail.message
    assert message is not None
    assert message.recipients == ("v@example.com",)
    assert "RE-000001" in message.plain
    assert "https://billing.example.com/pay/1." in message.plain
    assert "5,00 EUR" in message.plain
    (letter,) = message.attachments
    assert letter.media_type == "application/pdf"
    content = scene.context.contents.get(scene.tenant_id, bytes.fromhex(letter.sha256))
    assert content.startswith(b"%PDF")
