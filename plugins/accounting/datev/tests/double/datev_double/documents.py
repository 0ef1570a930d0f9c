"""The double's clients and documents: paging, document types, images under given ids."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from aiohttp import BodyPartReader, web

from datev_double.identity import WORLD
from datev_double.problems import document_error, problem
from datev_double.world import Client, Image, World

VIRUS = b"X5O!P%@AP[4"
_GUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE
)
_FILTER = re.compile(
    r"(consultant_number|client_number) eq \d+( and (consultant_number|client_number) eq \d+)*"
)
_LARGEST = 20 * 1024 * 1024
_MOST = 100
_EXTENSIONS = ("gif", "jpeg", "jpg", "png", "tif", "tiff", "xml", "pdf")
_PLACES = ("category", "folder", "register")
_TOO_LONG = {
    "note": ("DCO01223", "PropertyNoteTooLongFault", 255),
    "category": ("DCO01224", "PropertyCategoryNameTooLongFault", 30),
    "folder": ("DCO01225", "PropertyFolderNameTooLongFault", 30),
    "register": ("DCO01226", "PropertyRegisterNameTooLongFault", 30),
    "document_type": ("DCO01227", "PropertyDocumentTypeTooLongFault", 30),
}


def page_of(request: web.Request) -> tuple[int, int] | None:
    """skip and top; None where they make no sense."""
    skip, top = request.query.get("skip", "0"), request.query.get("top", str(_MOST))
    if not (skip.isdigit() and top.isdigit() and int(top) > 0):
        return None
    return int(skip), min(int(top), _MOST)


async def clients(request: web.Request) -> web.Response:
    """The clients that the person may see, at most a hundred at once."""
    world, place = request.app[WORLD], page_of(request)
    if place is None:
        return problem(400, "1008828", "Paging parameters are invalid")
    wanted = request.query.get("filter", "")
    if wanted and not _FILTER.fullmatch(wanted):
        return problem(400, "1008828", "Filter syntax is invalid")
    found = [one for one in world.clients if _fits(one, wanted)]
    skip, top = place
    return web.json_response(
        [_shown(one) for one in found[skip : skip + top]],
        headers={"Total-Items": str(len(found))},
    )


def _fits(client: Client, wanted: str) -> bool:
    numbers = {"consultant_number": client.consultant, "client_number": client.number}
    conditions = [condition.split(" eq ") for condition in wanted.split(" and ") if condition]
    return all(numbers[name] == int(number) for name, number in conditions)


def _shown(client: Client) -> dict[str, object]:
    return {
        "id": client.id,
        "client_number": client.number,
        "consultant_number": client.consultant,
        "name": client.name,
        "services": [{"name": name, "scopes": []} for name in client.services],
    }


async def client(request: web.Request) -> web.Response:
    """One client with its services."""
    found = request.app[WORLD].client_of(request.match_info["client"])
    return web.json_response(_shown(found)) if found else web.Response(status=404)


async def document_types(request: web.Request) -> web.Response:
    """The kinds of documents the client has."""
    names = request.app[WORLD].document_types
    return web.json_response([{"name": name, "category": "outgoing_invoices"} for name in names])


async def duo_version(_request: web.Request) -> web.Response:
    """What files may be called."""
    return web.json_response({"allowed_file_extensions": list(_EXTENSIONS)})


async def put_document(request: web.Request) -> web.Response:
    """An image under the caller's id; an id is used once."""
    world, guid = request.app[WORLD], request.match_info["guid"].lower()
    if not _GUID.fullmatch(guid):
        return document_error(400, "DCO01234", "WrongUuidFormatFault")
    parts = await _parts(request)
    if "file" not in parts:
        return document_error(400, "DCO01004", "MultipartUploadFault")
    name, content = parts["file"]
    metadata = _metadata(parts.get("metadata", ("", b"{}"))[1])
    if metadata is None:
        return document_error(400, "DCO01217", "MetadataParsingFault")
    image = Image(request.match_info["client"], name, content, metadata)
    refusal = (
        _metadata_refusal(world, metadata)
        or _file_refusal(name, content)
        or _repeat_refusal(world, guid, image)
    )
    if refusal is not None:
        return refusal
    world.images[guid] = image
    said = {
        "files": [{"name": name, "size": len(content)}],
        "document_type": metadata.get("document_type", ""),
        "note": metadata.get("note", ""),
    }
    return web.json_response(said, status=201)


async def _parts(request: web.Request) -> dict[str, tuple[str, bytes]]:
    """The parts of the form by name, each with its file name; none for another kind of body."""
    found: dict[str, tuple[str, bytes]] = {}
    if request.content_type != "multipart/form-data":
        return found
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name:
            found[part.name] = (part.filename or "", bytes(await part.read()))
    return found


def _metadata(text: bytes) -> dict[str, str] | None:
    try:
        said = json.loads(text)
    except ValueError:
        return None
    known = {"document_type", "note", *_PLACES}
    if not isinstance(said, dict) or set(said) - known:
        return None
    return said if all(isinstance(value, str) for value in said.values()) else None


def _metadata_refusal(world: World, metadata: Mapping[str, str]) -> web.Response | None:
    for field, (code, name, longest) in _TOO_LONG.items():
        if len(metadata.get(field, "")) > longest:
            return document_error(400, code, name)
    if len({bool(metadata.get(place)) for place in _PLACES}) > 1:
        return document_error(400, "DCO01217", "MetadataParsingFault")
    kind = metadata.get("document_type")
    if kind is not None and kind not in world.document_types:
        return document_error(400, "DCO01010", "InvalidDocumentTypeFault")
    return None


def _file_refusal(name: str, content: bytes) -> web.Response | None:
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    is_pdf = content.startswith(b"%PDF-")
    refusals = (
        (not name, "DCO01233", "DataNameIsMissingFault"),
        (len(name) > 255, "DCO01222", "FileNameTooLongFault"),
        (extension not in _EXTENSIONS, "DCO01015", "UnsupportedFileTypeFault"),
        (len(content) > _LARGEST, "DCO01016", "FileSizeFault"),
        (VIRUS in content, "DCO01243", "VirusInFileFoundFault"),
        (extension == "pdf" and not is_pdf, "DCO01245", "PdfNotParseableFault"),
    )
    return next((document_error(400, *why) for wrong, *why in refusals if wrong), None)


def _repeat_refusal(world: World, guid: str, image: Image) -> web.Response | None:
    if guid in world.images:
        return document_error(409, "DCO01012", "KeyConflictFault")
    for other in world.images.values():
        if (other.client, other.name, other.content) == (image.client, image.name, image.content):
            return document_error(400, "DCO01253", "DuplicateFileFault")
    return None
