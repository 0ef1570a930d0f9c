"""faktura mails list|show|resend|cancel|test|portal-access."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.mails_rest import rest_in_words
from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say, shown
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.outbox_terms import MailState, MailUse

if TYPE_CHECKING:
    from faktura.services.mails import MailView

_STATES = click.Choice([state.value for state in MailState], case_sensitive=False)
_USES = click.Choice([use.value for use in MailUse], case_sensitive=False)
_COLUMNS = ("mailId", "createdAt", "use", "customerNumber", "state", "recipients", "subject")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("list")
@click.option("--state", type=_STATES, help="Only mails that stand there.")
@click.option("--use", type=_USES, help="Only mails of this use.")
@click.option("--customer", metavar="NUMBER", help="Only mails to this customer.")
@click.option("--invoice", metavar="NUMBER", help="Only mails about this document.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@tenant_option
@json_option
def list_command(  # noqa: PLR0913 - a command's options are its parameters
    *,
    state: str | None,
    use: str | None,
    customer: str | None,
    invoice: str | None,
    limit: int,
    tenant: str | None,
    as_json: bool,
) -> None:
    """List the latest mails, newest first."""
    from faktura.services.mails import MailQuery, mails

    wanted = MailQuery(
        None if state is None else MailState(state.upper()),
        None if use is None else MailUse(use.upper()),
        customer,
        invoice,
    )
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = mails(tx, wanted, limit=limit)
    print_records(
        [_record(one, seller.time_zone, as_json=as_json) for one in found],
        columns=_COLUMNS,
        as_json=as_json,
        nothing="No mails.",
    )


@click.command("show")
@click.argument("mail", type=click.UUID)
@click.option("--html", type=_FILE, help="Write the HTML part to this file.")
@click.option("--eml", type=_FILE, help="Write the mail as it is sent, with its files.")
@tenant_option
@json_option
def show_command(
    *, mail: UUID, html: Path | None, eml: Path | None, tenant: str | None, as_json: bool
) -> None:
    """Show MAIL, by its id, with all that stands in it."""
    from faktura.domain.mail_mime import mail_bytes
    from faktura.flows.files import write_whole
    from faktura.services.mail_records import message_record
    from faktura.services.mail_rest import server_rest
    from faktura.services.mails import show_mail

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            view = show_mail(tx, mail)
            rest = server_rest(tx)
        message = view.mail.message
        if message is not None and html is not None:
            write_whole(html, message.html.encode())
        if message is not None and eml is not None:
            files = {
                one.sha256: app.content.get(seller.id, bytes.fromhex(one.sha256))
                for one in message.attachments
            }
            moment = view.mail.sent_at or view.mail.created_at
            write_whole(eml, mail_bytes(message, files, moment))
    record = _record(view, seller.time_zone, as_json=as_json)
    if as_json:
        print_json({**record, "message": None if message is None else message_record(message)})
        return
    written = {} if message is None else message_record(message)
    plain = str(written.pop("plain", ""))
    written.pop("html", None)
    written["attachments"] = [one.name for one in message.attachments] if message else []
    if rest is not None and view.mail.state is MailState.WAITING:
        record["mailServer"] = rest_in_words(rest, seller.time_zone)
    print_record({**record, **written}, as_json=False)
    say(f"\n{shown(plain)}" if plain else "\nIt is not written yet.", as_json=False)


@click.command("resend")
@click.argument("mails", nargs=-1, type=click.UUID)
@click.option(
    "--to", metavar="ADDRESS", help="Send it to this address alone; of what was sent, a copy."
)
@click.option(
    "--all-failed", is_flag=True, help="All that FAILED or were SKIPPED, and so nobody has."
)
@click.option("--use", type=_USES, help="With --all-failed: only mails of this use.")
@tenant_option
@json_option
def resend_command(
    *,
    mails: Sequence[UUID],
    to: str | None,
    all_failed: bool,
    use: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Have MAILS, by their ids, sent again, or after all.

    What was sent stays as it was written, with its Message-ID; what nobody has is written anew. Look
    first whether an UNCERTAIN one arrived: faktura sends it twice only because you say so.
    """
    from faktura.services.mails import resend, resend_failed

    if all_failed == bool(mails) or (to is not None and len(mails) != 1):
        raise click.UsageError("Name mails, or give --all-failed; --to goes with one mail")
    if use is not None and not all_failed:
        raise click.UsageError("--use goes with --all-failed")
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            if all_failed:
                count = resend_failed(tx, None if use is None else MailUse(use.upper()))
            else:
                count = len([resend(tx, one, to=to) for one in mails])
    if as_json:
        print_json({"resent": count})
    mails_are = "1 mail is" if count == 1 else f"{count} mails are"
    say(f"{mails_are} sent again.", as_json=as_json)


@click.command("cancel")
@click.argument("mail", type=click.UUID)
@tenant_option
@json_option
def cancel_command(*, mail: UUID, tenant: str | None, as_json: bool) -> None:
    """Call off MAIL, by its id: nobody sends it."""
    from faktura.services.mails import cancel

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            view = cancel(tx, mail, by=operator())
    print_record(_record(view, seller.time_zone, as_json=as_json), as_json=as_json)


@click.command("test")
@click.argument("address")
@click.option("--use", type=_USES, default=MailUse.INVOICE.value, show_default=True)
@click.option("--language", metavar="CODE", help="de or en; the tenant's if left out.")
@tenant_option
@json_option
def test_command(
    *, address: str, use: str, language: str | None, tenant: str | None, as_json: bool
) -> None:
    """Send a mail with made-up contents to ADDRESS; the worker sends it as all others."""
    from faktura.services.mails import send_trial, show_mail

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            mail_id = send_trial(tx, MailUse(use.upper()), address, language=language)
            view = show_mail(tx, mail_id)
    record = _record(view, seller.time_zone, as_json=as_json)
    # The worker writes it: until then it has neither of them.
    record["recipients"] = [address]
    if not as_json:
        del record["subject"]
    print_record(record, as_json=as_json)
    say(
        f"The worker writes and sends it; what becomes of it: faktura mails show {mail_id}",
        as_json=as_json,
    )


@click.command("portal-access")
@click.argument("customer")
@tenant_option
@json_option
def portal_access_command(*, customer: str, tenant: str | None, as_json: bool) -> None:
    """Send CUSTOMER the link to the page where they keep their means of payment."""
    from faktura.services.mails import show_mail
    from faktura.services.portal_access import send_access

    with running() as app:
        seller = app.tenant(tenant)
        public_url = app.settings.public_url
        with app.database.write(seller.id) as tx:
            url = None if public_url is None else str(public_url)
            view = show_mail(tx, send_access(tx, customer, url).mail_id)
    print_record(_record(view, seller.time_zone, as_json=as_json), as_json=as_json)


def _record(view: "MailView", time_zone: str, *, as_json: bool) -> dict[str, object]:
    from faktura.services.mail_records import mail_record

    record = mail_record(view)
    if as_json:
        return record
    error = view.mail.last_error
    record["error"] = None if error is None else error.get("problem")
    return {
        name: local_minute(value, time_zone) if isinstance(value, datetime) else value
        for name, value in record.items()
    }
