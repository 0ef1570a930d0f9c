"""The id token: signed by DATEV, for us, for this login, not over (OpenID Connect Core 3.1.3.7)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from faktura.kernel.outside_errors import LinkRefused

_PLACE = "id token of DATEV"
# Signatures of a key pair only: with a shared secret or none at all anybody could sign.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say: who made it, for whom, for which login; `now` is the moment in UTC."""

    issuer: str
    audience: str
    nonce: str
    now: datetime


def verified_claims(
    token: str, keys: Mapping[str, object], expected: Expected
) -> Mapping[str, object]:
    """The claims of a token that is in order; raises LinkRefused. `keys` is DATEV's JWKS."""
    claims = _signed_claims(token, keys)
    _check(claims.get("iss") == expected.issuer, "it was made by somebody else")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    _check(expected.audience in audiences, "it is for somebody else")
    _check(
        len(audiences) == 1 or claims.get("azp") == expected.audience, "it was made for others too"
    )
    now = expected.now.timestamp()
    ends, made = claims.get("exp"), claims.get("iat")
    _check(isinstance(ends, int | float) and ends > now - _LEEWAY_SECONDS, "it is over")
    _check(isinstance(made, int | float) and made <= now + _LEEWAY_SECONDS, "it is of the future")
    nonce = claims.get("nonce")
    _check(
        isinstance(nonce, str) and hmac.compare_digest(nonce.encode(), expected.nonce.encode()),
        "it belongs to another login",
    )
    return claims


def _signed_claims(token: str, keys: Mapping[str, object]) -> Mapping[str, object]:
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        found = [
            key
            for key in jwt.PyJWKSet.from_dict(dict(keys)).keys
            if header.get("kid") is None or key.key_id == header["kid"]
        ]
        if len(found) != 1:
            raise LinkRefused("its signing key is not among DATEV's keys", place=_PLACE)
        claims = jwt.decode(
            token,
            found[0],
            algorithms=list(_ALGORITHMS),
            # The other claims are checked here, by the clock that was given.
            options={
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
                "verify_iss": False,
            },
        )
    except jwt.PyJWTError as error:
        raise LinkRefused(
            f"its signature is not in order: {type(error).__name__}", place=_PLACE
        ) from error
    return cast("Mapping[str, object]", claims)


def _check(holds: bool, problem: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise LinkRefused(problem, place=_PLACE, mend="Log in again; if it stays, report it")
