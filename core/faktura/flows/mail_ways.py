"""Which way a tenant's mails go: to its mail server, else into a folder."""

import asyncio

from faktura.flows.folder_transport import FolderTransport
from faktura.flows.job_context import JobContext
from faktura.flows.kept_transport import KeptTransport
from faktura.flows.mail_transport import MailTransport
from faktura.flows.smtp_transport import SmtpTransport
from faktura.hub.smtp import smtp_settings
from faktura.kernel.errors import SettingMissing
from faktura.store.tenants import read_tenant


async def open_transport(context: JobContext, tenant_id: int) -> MailTransport:
    """The tenant's mail server; without one the folder of the installation, `<folder>/<tenant key>`.

    Mails of a sandbox never reach a server, whatever is set (F137): they lie in the folder, or only here.

    Raises SettingMissing where there is neither, FieldInvalid, FieldUnknown, Misconfigured for
    settings that cannot be used.
    """
    return await asyncio.to_thread(_transport, context, tenant_id)


def _transport(context: JobContext, tenant_id: int) -> MailTransport:
    with context.database.read(tenant_id) as tx:
        tenant = read_tenant(tx)
    if tenant.sandbox:
        folder = context.mail_folder
        return KeptTransport() if folder is None else FolderTransport(folder / tenant.key)
    settings = smtp_settings(context.adapters, tenant_id)
    if settings.host:
        return SmtpTransport(settings, context.private_hosts)
    if context.mail_folder is None:
        raise SettingMissing(
            "no mail server is set",
            place="adapter smtp",
            mend="Set it with: faktura mails smtp set --host NAME, or as FAKTURA_SMTP__HOST",
        )
    return FolderTransport(context.mail_folder / tenant.key)
