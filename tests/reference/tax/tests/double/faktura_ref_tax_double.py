"""REFTAX in memory: it knows some numbers, asks for a key, compares, and numbers requests."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from faktura.plugin import Http, HttpAnswer, HttpRequest, VatIdQuestion
from faktura.testing.kit.vat_register import VatRegisterDouble
from pydantic import SecretStr
from typing_extensions import override

from faktura_ref_tax.settings import RefTaxSettings

KEY = "reftax-key-4711-0815"
_FORM = re.compile(r"(AT|BE|DE|FR)[A-Z0-9]{8,12}")
_COMPARED = ("name", "street", "zip_code", "city")
_JSON = {"content-type": "application/json"}


@dataclass
class RefTax(VatRegisterDouble, Http):
    """The register and the way to it."""

    numbers: dict[str, VatIdQuestion] = field(default_factory=dict)
    takers: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)
    arrived: list[VatIdQuestion] = field(default_factory=list)

    @property
    @override
    def http(self) -> Http:
        return self

    @override
    def settings(self) -> RefTaxSettings:
        return RefTaxSettings(url="https://reftax.example/v1", key=SecretStr(KEY))

    @override
    def secrets(self) -> Sequence[str]:
        return (KEY,)

    @override
    def know(self, question: VatIdQuestion) -> None:
        self.numbers[question.vat_id] = question

    @override
    def take(self, own_vat_id: str) -> None:
        self.takers.add(own_vat_id)

    @override
    def lose(self, country: str) -> None:
        self.away.add(country)

    @override
    def asked(self) -> Sequence[tuple[str, str]]:
        return [(one.vat_id, one.own_vat_id) for one in self.arrived]

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Answer a request as REFTAX does."""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return HttpAnswer(401, _JSON, b'{"error": "key"}')
        if (request.method, request.url) != ("POST", "https://reftax.example/v1/checks"):
            return HttpAnswer(404, _JSON, b'{"error": "path"}')
        question = VatIdQuestion.model_validate_json(request.body or b"")
        if not _FORM.fullmatch(question.vat_id):
            return HttpAnswer(422, _JSON, b'{"error": "vat_id"}')
        self.arrived.append(question)
        if question.own_vat_id and question.own_vat_id not in self.takers:
            return HttpAnswer(422, _JSON, b'{"error": "own_vat_id"}')
        return HttpAnswer(200, _JSON, json.dumps(self._said(question)).encode())

    def _said(self, question: VatIdQuestion) -> dict[str, object]:
        said: dict[str, object] = {"vat_id": question.vat_id, "result": "unknown"}
        if question.vat_id[:2] in self.away:
            return said | {"result": "away", "problem": "MAINTENANCE"}
        if question.own_vat_id:
            said["reference"] = f"REF-{len(self.arrived)}"
        found = self.numbers.get(question.vat_id)
        if found is None:
            return said
        said |= {"result": "known", "name": found.name}
        said["address"] = f"{found.street}, {found.zip_code} {found.city}"
        for one in _COMPARED:
            if given := getattr(question, one):
                said[f"{one}_match"] = given == getattr(found, one)
        return said
