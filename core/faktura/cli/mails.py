"""faktura mails: what is written to customers, from whom, and what became of it."""

from faktura.cli.lazy import Lazy, LazyGroup

_DESK = "faktura.cli.mails_desk"
_SETTINGS = "faktura.cli.mails_settings"

mails = LazyGroup(
    name="mails",
    help="List, show and resend mails; say who they come from and what stands in them.",
    lazy={
        "list": Lazy(f"{_DESK}:list_command", "List the latest mails, newest first."),
        "show": Lazy(f"{_DESK}:show_command", "Show a mail with all that stands in it."),
        "resend": Lazy(f"{_DESK}:resend_command", "Have mails sent again, or after all."),
        "cancel": Lazy(f"{_DESK}:cancel_command", "Call off a mail that was not sent."),
        "settings": Lazy(f"{_SETTINGS}:settings_command", "Say who mails come from."),
        "uses": Lazy(f"{_SETTINGS}:uses_command", "List what mails are written for."),
        "test": Lazy(f"{_DESK}:test_command", "Send a mail with made-up contents to an address."),
        "portal-access": Lazy(
            f"{_DESK}:portal_access_command", "Send a customer the link to their payment data."
        ),
        "texts": Lazy("faktura.cli.mail_texts:texts", "Show and change what mails say."),
        "smtp": Lazy("faktura.cli.mails_smtp:smtp", "Set and try the server that sends mails."),
        "bounces": Lazy(
            "faktura.cli.mails_bounces:bounces", "Read and list what could not be delivered."
        ),
    },
)
