"""What forms and updates are asked for with: the path of clients without a licence (1.3, 1.4).

Nothing here can carry a person's banking credentials; they are typed into finAPI's form only.
"""

import re
from urllib.parse import urlencode

from faktura.kernel.bank_terms import FeedTaskKind
from faktura.plugin import FormRequest
from faktura_finapi.requests import user_metadata
from faktura_finapi.settings import FinapiSettings, NewAccounts

_GERMAN_IBAN = re.compile(r"DE[0-9]{20}")


def import_body(settings: FinapiSettings, request: FormRequest) -> dict[str, object]:
    """A form for a new connection."""
    body: dict[str, object] = {
        "maxDaysForDownload": settings.first_days,
        "allowTestBank": settings.test_banks,
        **_both(settings),
        **_account_types(settings),
    }
    if request.bank.strip():
        body["bank"] = {"search": bank_search(request.bank)}
    if request.callback_url:
        body["callbacks"] = {"finalised": request.callback_url}
    return body


def update_body(
    settings: FinapiSettings, request: FormRequest, connection: int, kind: FeedTaskKind
) -> dict[str, object]:
    """An update; with CREDENTIALS finAPI shows a form in which the stored login is edited (1.5).

    New accounts may take a form, and the stored consent: nobody looks for them unattended.
    """
    metadata = user_metadata(request.attended)
    is_attended = bool(metadata) or kind is FeedTaskKind.CREDENTIALS
    mode = settings.new_accounts if is_attended else NewAccounts.SKIP
    body: dict[str, object] = {
        "bankConnectionId": connection,
        "importNewAccountsMode": mode.value,
        **_both(settings),
    }
    if mode is not NewAccounts.SKIP:
        body |= _account_types(settings)
    if kind is FeedTaskKind.CREDENTIALS:
        body["manageSavedSettings"] = ["CREDENTIALS"]
    if request.callback_url:
        body["callbacks"] = {
            "finalised": request.callback_url,
            "webFormRequired": request.callback_url,
        }
    if metadata:
        body["userMetadata"] = metadata
    return body


def bank_search(text: str) -> str:
    """What the directory knows: a name, BIC or bank code, which a German IBAN holds (1.10)."""
    tight = "".join(text.split()).upper()
    return tight[4:12] if _GERMAN_IBAN.fullmatch(tight) else text.strip()


def returning(url: str, return_url: str) -> str:
    """The form's address with the one it leads back to: clients without a licence add it there.

    Their `redirectUrl` in a body is refused; without any the page closes itself at its end.
    """
    if not return_url:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'redirectUrl': return_url})}"


def _account_types(settings: FinapiSettings) -> dict[str, object]:
    if not settings.account_types:
        return {}
    return {"accountTypes": [one.value for one in settings.account_types]}


def _both(settings: FinapiSettings) -> dict[str, object]:
    found: dict[str, object] = {}
    if settings.interfaces:
        found["allowedInterfaces"] = [one.value for one in settings.interfaces]
    if settings.profile_id:
        found["profileId"] = settings.profile_id
    return found
