"""DATEV's Buchungsdatenservice: EXTF files over HTTPS, images of documents under our own ids."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import ClassVar, cast
from urllib.parse import urlencode

from typing_extensions import override

from faktura.kernel.errors import SettingMissing
from faktura.kernel.outside_errors import LinkRefused, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import (
    AccountingLink,
    AdapterSettings,
    ExportFile,
    FormPart,
    HttpAnswer,
    HttpRequest,
    LinkedClient,
    LinkedDocument,
    LinkTokens,
    LoginRequest,
    Runtime,
    SandboxAddress,
    Transfer,
    TransferState,
)
from faktura_datev.answers import accepted, list_of, object_of, pause_of, text_in, told_in, words_of
from faktura_datev.oidc import OpenId
from faktura_datev.online_settings import SANDBOX, DatevOnlineSettings

_MEGABYTE = 1024 * 1024
_LARGEST_FILE = 50 * _MEGABYTE
_LARGEST_IMAGE = 20 * _MEGABYTE
_FILENAME = re.compile(r"EXTF_.{0,51}\.csv")
_REFERENCE = re.compile(r"[-0-9A-Za-z_äöüÄÖÜß. +?;]{1,254}")
_JOB = re.compile(r"[A-Za-z0-9-]{1,64}")
_PAGE = 100
_MOST_PAGES = 50
_PAUSE = 5
_UPLOAD_LIMIT = timedelta(seconds=60)
_KNOWN_FOR = timedelta(hours=12)
_GUID_USED = "DCO01012"
_STATES = {
    "pending": TransferState.PENDING,
    "succeeded": TransferState.ACCEPTED,
    "failed": TransferState.FAILED,
}


class DatevLink(AccountingLink):
    """Hands booking batches and images over to the client of its settings."""

    target: ClassVar[str] = "datev"
    Settings: ClassVar[type[AdapterSettings]] = DatevOnlineSettings
    sandbox: ClassVar[tuple[SandboxAddress, ...]] = tuple(map(SandboxAddress, SANDBOX))

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        if not isinstance(settings, DatevOnlineSettings):
            raise SettingMissing(
                "the link to DATEV needs settings of its own", mend="Set `consultant` and `client`"
            )
        self._own = settings
        self._openid = OpenId(settings, runtime)
        self._document_types: tuple[datetime, frozenset[str]] | None = None

    @property
    @override
    def manage_url(self) -> str:
        """DATEV's own page of permissions."""
        return self._own.manage_url

    @override
    async def login(self, redirect_uri: str) -> LoginRequest:
        """Begin a login at DATEV."""
        return await self._openid.login(redirect_uri)

    @override
    async def redeem(self, login: LoginRequest, code: str) -> LinkTokens:
        """Exchange the code."""
        return await self._openid.redeem(login, code)

    @override
    async def refresh(self, tokens: LinkTokens) -> LinkTokens:
        """New tokens for old."""
        return await self._openid.refresh(tokens)

    @override
    async def revoke(self, tokens: LinkTokens) -> None:
        """Have both tokens forgotten."""
        await self._openid.revoke(tokens)

    @override
    async def client(self, tokens: LinkTokens) -> LinkedClient:
        """The client of the settings; a problem where it is not there or lacks the service."""
        url = f"{self._own.clients_url}/clients/{self._own.client_path}"
        answer = await self._asked(tokens, url)
        if answer.status == 404:
            return await self._not_there(tokens)
        said = object_of(accepted(answer, "clients of DATEV"), "clients of DATEV")
        services = said.get("services")
        names = [
            text_in(cast("Mapping[str, object]", one), "name")
            for one in (services if isinstance(services, list) else [])
            if isinstance(one, Mapping)
        ]
        problems: tuple[str, ...] = ()
        if self._own.service not in names:
            booked = ", ".join(names) or "none"
            problem = (
                f"the client has not booked the service {self._own.service} (booked: {booked});"
                " the tax adviser orders it, then check the connection again"
            )
            problems = (problem,)
        return LinkedClient(
            client=self._own.client_path, name=text_in(said, "name"), problems=problems
        )

    async def _not_there(self, tokens: LinkTokens) -> LinkedClient:
        """What the person may see instead; of very many clients a count says enough."""
        count = 0
        async for _ in self._pages(tokens, f"{self._own.clients_url}/clients"):
            count += 1
        problem = (
            f"client {self._own.client} of consultant {self._own.consultant} is not among the"
            f" {count} clients that this login may see: check the two numbers, or have the tax"
            " adviser permit it"
        )
        return LinkedClient(client=self._own.client_path, name="", problems=(problem,))

    @override
    async def send_document(self, tokens: LinkTokens, document: LinkedDocument) -> None:
        """Put an image under our id; that the id is in use already means that it is there."""
        place = f"document {document.number}"
        if len(document.content) > _LARGEST_IMAGE:
            raise LinkRefused("DATEV takes images of at most 20 MB", place=place)
        metadata = {
            "note": document.number,
            "category": self._own.category,
            "folder": self._own.folder,
            "register": f"{document.issued_on:%Y-%m}",
        }
        if self._own.document_type in await self._known_types(tokens):
            metadata["document_type"] = self._own.document_type
        answer = await self.runtime.http.request(
            HttpRequest(
                "PUT",
                f"{self._own.documents_url}/clients/{self._own.client_path}"
                f"/documents/{document.guid}",
                self._headers(tokens),
                parts=(
                    FormPart("file", document.content, document.media_type, document.filename),
                    FormPart("metadata", json.dumps(metadata).encode(), "application/json"),
                ),
                limit=_UPLOAD_LIMIT,
            )
        )
        if answer.status == 409 and _GUID_USED in words_of(answer)[0]:
            return
        accepted(answer, place)

    async def _known_types(self, tokens: LinkTokens) -> frozenset[str]:
        """The client's document types; asked for seldom, so that questions stay few."""
        now = self.runtime.clock.now()
        if self._document_types is None or now >= self._document_types[0]:
            url = f"{self._own.documents_url}/clients/{self._own.client_path}/document-types"
            place = "document types of DATEV"
            found = list_of(accepted(await self._asked(tokens, url), place), place)
            names = frozenset(text_in(one, "name") for one in found)
            self._document_types = (now + _KNOWN_FOR, names)
        return self._document_types[1]

    @override
    async def send_file(self, tokens: LinkTokens, file: ExportFile, reference: str) -> Transfer:
        """Hand an EXTF file over; DATEV checks its header only, the rows are proven before."""
        place = f"file {file.name}"
        _check_file(file, reference, place)
        answer = await self.runtime.http.request(
            HttpRequest(
                "POST",
                f"{self._own.files_url}/clients/{self._own.client_path}/extf-files/import",
                {
                    **self._headers(tokens),
                    "Content-Type": "application/octet-stream",
                    "Filename": file.name,
                    "Reference-Id": reference,
                    "Client-Application-Version": f"faktura {version('faktura-datev')}",
                },
                body=file.content,
                limit=_UPLOAD_LIMIT,
            )
        )
        job = accepted(answer, place).headers.get("location", "").rpartition("/")[2]
        if answer.status != 202 or not _JOB.fullmatch(job):
            raise OutcomeUnknown(f"HTTP {answer.status} names no job", place=place)
        return Transfer(job=job, state=TransferState.PENDING, check_after=self._after(answer))

    @override
    async def transfer(self, tokens: LinkTokens, job: str) -> Transfer:
        """Ask what became of a job."""
        place = f"job {job}"
        if not _JOB.fullmatch(job):
            raise LinkRefused("this is no job of DATEV", place=place)
        answer = accepted(await self._asked(tokens, f"{self._jobs_url}/{job}"), place)
        return self._transfer(object_of(answer, place), answer)

    @override
    async def find(self, tokens: LinkTokens, reference: str) -> Transfer | None:
        """The job of that reference, looked for in all pages.

        Raises LinkRefused where there are more jobs than are read: nobody knows then that it is
        not among them, and to send it again might send it twice.
        """
        count = 0
        async for said, answer in self._pages(tokens, self._jobs_url):
            count += 1
            if text_in(said, "reference_id") == reference:
                return self._transfer(said, answer)
        if count >= _PAGE * _MOST_PAGES:
            raise LinkRefused(
                f"the file is not among the first {count:,} jobs, and there are more",
                place=f"reference {reference}",
                mend="Look for it at DATEV; void the batch (--handed-over) once you know",
            )
        return None

    @property
    def _jobs_url(self) -> str:
        return f"{self._own.files_url}/clients/{self._own.client_path}/extf-files/jobs"

    def _transfer(self, said: Mapping[str, object], answer: HttpAnswer) -> Transfer:
        result, job = text_in(said, "result"), text_in(said, "id")
        if result not in _STATES or not _JOB.fullmatch(job):
            raise LinkRefused(f"a job in a state that nobody knows: “{result}”", place=f"job {job}")
        state = _STATES[result]
        details = said.get("validation_details")
        message = ""
        if isinstance(details, Mapping):
            message = told_in(cast("Mapping[str, object]", details))
        if state is TransferState.FAILED and not message:
            message = "DATEV refused the file without a reason"
        return Transfer(
            job=job,
            state=state,
            message=message,
            check_after=self._after(answer) if state is TransferState.PENDING else None,
        )

    def _after(self, answer: HttpAnswer) -> datetime:
        return self.runtime.clock.now() + timedelta(seconds=pause_of(answer, _PAUSE))

    async def _pages(
        self, tokens: LinkTokens, url: str
    ) -> AsyncIterator[tuple[Mapping[str, object], HttpAnswer]]:
        """Every object of a list, page by page."""
        for number in range(_MOST_PAGES):
            query = urlencode({"skip": number * _PAGE, "top": _PAGE})
            place = "list of DATEV"
            answer = accepted(await self._asked(tokens, f"{url}?{query}"), place)
            found = list_of(answer, place)
            for said in found:
                yield said, answer
            if len(found) < _PAGE:
                return

    async def _asked(self, tokens: LinkTokens, url: str) -> HttpAnswer:
        """A question: when its answer is lost, nothing happened."""
        try:
            return await self.runtime.http.request(HttpRequest("GET", url, self._headers(tokens)))
        except OutcomeUnknown as error:
            raise OutsideUnavailable(error.problem, place=error.place, mend=error.mend) from error

    def _headers(self, tokens: LinkTokens) -> dict[str, str]:
        return {
            "Accept": "application/json",
            "Authorization": f"Bearer {tokens.access.get_secret_value()}",
            "X-DATEV-Client-Id": self._own.client_id,
        }


def _check_file(file: ExportFile, reference: str, place: str) -> None:
    """Raise LinkRefused for what DATEV would refuse: a rate of errors counts against us."""
    if not _FILENAME.fullmatch(file.name):
        raise LinkRefused("DATEV takes names like EXTF_….csv of at most 60 signs", place=place)
    if not _REFERENCE.fullmatch(reference):
        raise LinkRefused("the reference has signs that DATEV does not take", place=place)
    if not 0 < len(file.content) <= _LARGEST_FILE:
        raise LinkRefused("DATEV takes files of at most 50 MB, and no empty ones", place=place)
