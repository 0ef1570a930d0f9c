"""The mail texts that ship, in German and English: data in `mail_wording/`, one frame around all."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from faktura.kernel.outbox_terms import TO_TENANT, MailUse

_PARTED = "\n===\n"
_BODY = "BODY\n"
# Greetings and the offer to answer questions: nobody writes them to themselves.
_TO_CUSTOMER = re.compile(r"CUSTOMER\n(.*?)END\n", re.DOTALL)
# Many programs that show mails drop styles that do not stand in the tags.
_STYLES: Mapping[str, str] = {
    "<p>": '<p style="margin:0 0 16px;word-break:break-word">',
    "<h1>": '<h1 style="margin:0 0 20px;font-size:22px;line-height:28px;font-weight:600;color:#14202e;word-break:break-word">',
    "<dl>": '<table role="presentation" cellpadding="0" cellspacing="0" width="100%"'
    ' style="margin:4px 0 24px;border-collapse:collapse;border-top:1px solid #e3e8ee">',
    "</dl>": "</table>",
    "<dt>": '<tr><td style="padding:9px 12px 9px 0;border-bottom:1px solid #e3e8ee;color:#5b6b7c">',
    "</dt>": "</td>",
    "<dd>": '<td align="right" style="padding:9px 0;border-bottom:1px solid #e3e8ee;word-break:break-word">',
    "</dd>": "</td></tr>",
    '<a class="button"': '<a style="display:inline-block;padding:12px 22px;border-radius:6px;'
    'background:#1f5f8b;color:#ffffff;font-weight:600;text-decoration:none"',
}  # fmt: skip


@lru_cache(maxsize=64)
def default_text(use: MailUse, language: str) -> tuple[str, str, str]:
    """Subject, plain and HTML text of a use, in `de` or `en`."""
    subject, plain, html = _data(f"{language}/{use.value.lower()}.txt").split(_PARTED)
    for short, styled in _STYLES.items():
        html = html.replace(short, styled)
    return (
        subject.strip(),
        _frame(use, f"{language}/frame.txt").replace(_BODY, f"{plain.strip()}\n"),
        _frame(use, f"{language}/frame.html").replace(_BODY, f"{html.strip()}\n"),
    )


def _frame(use: MailUse, name: str) -> str:
    return _TO_CUSTOMER.sub("" if use in TO_TENANT else r"\1", _data(name))


def _data(name: str) -> str:
    return files("faktura.services").joinpath("mail_wording", name).read_text(encoding="utf-8")
