"""How finAPI says no: errors[] of Access, those of tokens, and the two shapes of the web form."""

from aiohttp import web

from finapi_double.world import World

WORLD = web.AppKey("world", World)
LISTENER = web.AppKey("listener", str)

_TEXTS = {
    "BAD_REQUEST": ("Die Anfrage ist fehlerhaft", "The request is malformed"),
    "MISSING_FIELD": ("Ein Pflichtfeld fehlt", "A mandatory field is missing"),
    "ILLEGAL_FIELD_VALUE": ("Ein Feld hat einen unzulässigen Wert", "A field has an illegal value"),
    "ILLEGAL_PAGE_SIZE": ("Die Seitengröße ist unzulässig", "The page size is illegal"),
    "INVALID_FILTER_OPTIONS": ("Die Filter sind unzulässig", "The filters are invalid"),
    "TOO_MANY_IDS": ("Zu viele Ids", "Too many ids"),
    "UNAUTHORIZED_ACCESS": ("Ungültiger Zugriffsschlüssel", "Invalid access token"),
    "FORBIDDEN": ("Zugriff verweigert", "Access denied"),
    "UNKNOWN_ENTITY": ("Nicht gefunden", "Not found"),
    "ENTITY_EXISTS": ("Schon vorhanden", "Exists already"),
    "LOCKED": ("Die Bankverbindung ist gesperrt", "The bank connection is locked"),
    "UNEXPECTED_ERROR": ("Unerwarteter Fehler", "Unexpected error"),
    "ADDITIONAL_AUTHENTICATION_REQUIRED": (
        "Die Bank verlangt eine weitere Freigabe",
        "The bank asks for an additional authentication",
    ),
}
_OF_FORMS = {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 423: "LOCKED"}


def problem(request: web.Request, status: int, code: str, detail: str = "") -> web.Response:
    """A no in the shape of the listener that was asked, in the language that was asked for."""
    in_english = request.headers.get("Accept-Language", "").startswith("en")
    text = _TEXTS[code][1 if in_english else 0]
    message = f"{text}: {detail}" if detail else text
    endpoint = f"{request.method} {request.path}"
    moment = request.app[WORLD].moment()
    if request.app[LISTENER] == "web form":
        word = _OF_FORMS.get(status, "INTERNAL_SERVER_ERROR" if status >= 500 else code)
        body: dict[str, object] = {"code": word, "description": message}
        return web.json_response(body | {"timestamp": moment, "endpoint": endpoint}, status=status)
    error: dict[str, object] = {"message": message, "code": code, "type": "TECHNICAL"}
    if status == 510:
        error["multiStepAuthentication"] = {
            "hash": "5c1d",
            "status": "CHALLENGE_RESPONSE_REQUIRED",
            "challengeMessage": "TAN",
            "opticalDataAsReinerSct": False,
        }
    body = {
        "errors": [error],
        "date": moment,
        "requestId": request.headers.get("X-Request-Id", ""),
        "endpoint": endpoint,
        "authContext": "1/21",
    }
    return web.json_response(body, status=status)


def wrong_fields(request: web.Request, found: list[tuple[str, str]]) -> web.Response:
    """A no to a body, with the fields that are wrong."""
    if request.app[LISTENER] == "web form":
        errors = [{"field": name, "message": message} for name, message in found]
        body = {
            "errors": errors,
            "timestamp": request.app[WORLD].moment(),
            "endpoint": f"{request.method} {request.path}",
        }
        return web.json_response(body, status=400)
    name, message = found[0]
    return problem(request, 400, "BAD_REQUEST", f"{name}: {message}")


def token_problem(status: int, word: str, description: str) -> web.Response:
    """A no to somebody who wants a token; not errors[]."""
    return web.json_response({"error": word, "error_description": description}, status=status)
