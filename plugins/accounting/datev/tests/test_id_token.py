"""The id token: whatever is wrong with it, there is no login (OpenID Connect Core 3.1.3.7)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from faktura.kernel.outside_errors import LinkRefused
from faktura_datev.id_token import Expected, verified_claims

KEY, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
AT = 1_796_112_000
EXPECTED = Expected("https://login.example", "app", "n" * 24, NOW)
RIGHT = {
    "iss": "https://login.example",
    "aud": "app",
    "sub": "1",
    "nonce": "n" * 24,
    "iat": AT,
    "exp": AT + 900,
}


def jwks(*keys: tuple[str, ec.EllipticCurvePrivateKey]) -> dict[str, object]:
    """The public keys by their ids."""
    return {
        "keys": [
            {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": name} for name, key in keys
        ]
    }


def signed(*, key_id: str = "1", **changed: Any) -> str:
    """A token with some claims changed; None takes one away."""
    claims = {name: value for name, value in (RIGHT | changed).items() if value is not None}
    return jwt.encode(claims, KEY, algorithm="ES256", headers={"kid": key_id})


def test_a_token_in_order_is_taken():
    """Also where several keys are in use, and for an audience that is a list of one."""
    keys = jwks(("0", OTHER), ("1", KEY))

    assert verified_claims(signed(), keys, EXPECTED)["sub"] == "1"
    assert verified_claims(signed(aud=["app"]), keys, EXPECTED)["aud"] == ["app"]
    assert verified_claims(signed(aud=["app", "x"], azp="app"), keys, EXPECTED)["azp"] == "app"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"iss": "https://login.example/"}, "made by somebody else"),
        ({"iss": None}, "made by somebody else"),
        ({"aud": "another"}, "for somebody else"),
        ({"aud": None}, "for somebody else"),
        ({"aud": ["app", "another"]}, "made for others too"),
        ({"aud": ["app", "another"], "azp": "another"}, "made for others too"),
        ({"exp": AT - 60}, "it is over"),
        ({"exp": None}, "it is over"),
        ({"iat": AT + 61}, "of the future"),
        ({"iat": None}, "of the future"),
        ({"nonce": "m" * 24}, "another login"),
        ({"nonce": None}, "another login"),
    ],
)
def test_a_claim_that_is_wrong_is_refused(changed: dict[str, Any], told: str):
    """Issuer, audience, time and nonce."""
    with pytest.raises(LinkRefused, match=told):
        verified_claims(signed(**changed), jwks(("1", KEY)), EXPECTED)


def test_a_signature_that_is_wrong_is_refused():
    """Another key, an unknown one, none at all, a shared secret, a changed letter, no token."""
    keys = jwks(("1", KEY))
    head, body, signature = signed().split(".")
    wrong: dict[str, tuple[str, Mapping[str, object]]] = {
        "another key": (signed(), jwks(("1", OTHER))),
        "unknown key": (signed(key_id="2"), keys),
        "no signature": (jwt.encode(RIGHT, "", algorithm="none", headers={"kid": "1"}), keys),
        "shared secret": (
            jwt.encode(RIGHT, "s" * 64, algorithm="HS256", headers={"kid": "1"}),
            keys,
        ),
        "another algorithm": (
            jwt.encode(
                RIGHT,
                rsa.generate_private_key(public_exponent=65537, key_size=2048),
                algorithm="RS256",
                headers={"kid": "1"},
            ),
            keys,
        ),
        "changed": (f"{head}.{body}.{'A' * len(signature)}", keys),
        "no token": ("", keys),
        "no keys": (signed(), {"keys": []}),
    }

    for case, (token, known) in wrong.items():
        with pytest.raises(LinkRefused, match=r"signature is not in order|not among DATEV"):
            pytest.fail(f"{case}: {verified_claims(token, known, EXPECTED)}")
