"""How the double says no: problem details of most services, error codes of the documents."""

import uuid

from aiohttp import web

_TITLES = {
    "1008828": "Invalid query parameters",
    "1008829": "Missing required scope",
    "1008831": "Invalid message-body",
    "1008832": "Invalid header fields",
    "1008833": "Invalid file",
    "1008834": "Invalid EXTF-header",
    "1008835": "Invalid request URI path",
    "1008836": "Virus found",
    "1008837": "Try again",
    "1008838": "Missing permission",
}


def problem(status: int, code: str, detail: str, *elements: tuple[str, str]) -> web.Response:
    """An answer with problem details."""
    said = {**details(code, detail, *elements), "request_id": str(uuid.uuid4()), "status": status}
    return web.json_response(said, status=status)


def details(code: str, detail: str, *elements: tuple[str, str]) -> dict[str, object]:
    """What a problem is, as a job tells it, too."""
    said: dict[str, object] = {
        "type": f"http://www.datev.de/hilfe/{code}",
        "title": _TITLES[code],
        "detail": detail,
    }
    if elements:
        said["affected_elements"] = [{"name": name, "reason": why} for name, why in elements]
    return said


def bare(status: int, title: str) -> web.Response:
    """An answer with a title alone."""
    said = {"title": title, "request_id": str(uuid.uuid4()), "status": status}
    return web.json_response(said, status=status)


def document_error(status: int, code: str, name: str) -> web.Response:
    """An answer of the documents service."""
    return web.json_response(
        {
            "error": f"#{code}",
            "error_description": f"restapi.{name}",
            "error_uri": f"https://apps.datev.de/knowledge/help/search?q={code}",
            "request_id": str(uuid.uuid4()),
        },
        status=status,
    )
