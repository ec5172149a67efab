"""Tokens of OpenID Connect, against an issuer that the tests run; and what no header may be.

No database is needed: what a token is worth is known before one is asked.
"""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pydantic import ValidationError

from api.app import create_app
from api.auth import oidc
from api.auth.authentication import Authentication
from api.http.error_kinds import KINDS
from api.http.errors import RequestRefused, Unauthenticated
from api.http.rate_limits import Rates
from api.settings import Settings
from schema.declare.caller import ANONYMOUS, Caller, Role

# Nothing listens there; a test that asked the database would fail.
NOBODY = "postgresql://parley@127.0.0.1:1/parley"

AUDIENCE = "parley-api"
NOTHING = "/graphql?query={__typename}"
"""A read that asks no database."""


@cache
def private_key(name: str) -> Any:
    """A key by its name, whose first word says of which kind."""
    match name.partition("-")[0]:
        case "ec":
            return ec.generate_private_key(ec.SECP256R1())
        case "ed":
            return ed25519.Ed25519PrivateKey.generate()
        case "weak":
            return rsa.generate_private_key(65537, 1024)
    return rsa.generate_private_key(65537, 2048)


def published(name: str, **more: Any) -> dict[str, Any]:
    """A public key as an issuer publishes it, without `alg`, as many do."""
    algorithms: dict[str, Any] = {"ec": jwt.algorithms.ECAlgorithm, "ed": jwt.algorithms.OKPAlgorithm}
    algorithm = algorithms.get(name.partition("-")[0], jwt.algorithms.RSAAlgorithm)
    public: dict[str, Any] = algorithm.to_jwk(private_key(name).public_key(), as_dict=True)
    return {key: value for key, value in public.items() if key != "key_ops"} | {"kid": name, "use": "sig"} | more


@dataclass
class Issuer:
    """An issuer on this machine: what it publishes, and how often it was asked for it."""

    url: str
    keys: list[dict[str, Any]] = field(default_factory=list)
    configuration: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: int = 200

    def token(self, key: str = "rsa", algorithm: str = "RS256", kid: str | None = None, **claims: Any) -> str:
        """A token that counts, but for what is said otherwise; a claim of None is left out."""
        now = int(time.time())
        whole = {"iss": self.url, "aud": AUDIENCE, "sub": "hanna", "iat": now, "exp": now + 300, **claims}
        given = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(given, private_key(key), algorithm, headers={"kid": kid or key})


@contextmanager
def issuing() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.asked.append(self.path)
            bodies = {"/keys": {"keys": here.keys}, "/.well-known/openid-configuration": here.configuration}
            body = json.dumps(bodies.get(self.path)).encode()
            self.send_response(here.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        here = Issuer(url, [published("rsa")], {"issuer": url, "jwks_uri": f"{url}/keys"})
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield here
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as issuer:
        yield issuer


def settings(issuer: Issuer, **more: Any) -> Settings:
    return Settings(database_url=NOBODY, oidc_issuer=issuer.url, oidc_audience=AUDIENCE, **more)


def no_connection() -> Any:
    raise AssertionError("no database may be asked")


def door(issuer: Issuer, **more: Any) -> Authentication:
    chosen = settings(issuer, **more)
    return Authentication(chosen, no_connection, Rates(chosen))


def sent(*headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """What is known of a request with these headers."""
    return {"type": "http", "client": ("203.0.113.5", 1), "headers": list(headers)}


async def caller(authentication: Authentication, token: str) -> Caller:
    return await authentication.caller(sent((b"accept", b"*/*"), (b"authorization", f"Bearer {token}".encode())))


async def refusal(authentication: Authentication, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await caller(authentication, token)
    said = str(refused.value)
    assert not any(part in said for part in token.split(".") if part)
    return said


# --- the header ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings(database_url=NOBODY))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://parley") as client:
        yield client


async def test_without_a_header_the_caller_is_anonymous(issuer: Issuer) -> None:
    assert await door(issuer).caller(sent((b"accept", b"*/*"))) is ANONYMOUS
    assert issuer.asked == []


WRONG_HEADERS = {
    "Basic aGFubmE6c2VjcmV0": "not of the scheme Bearer",
    "aGFubmE6c2VjcmV0": "not of the scheme Bearer",
    "": "not of the scheme Bearer",
    "Bearer": "no key and no token",
    "Bearer ": "no key and no token",
    "Bearer aGFubmE6 c2VjcmV0": "no key and no token",
    'Bearer "aGFubmE6c2VjcmV0"': "no key and no token",
    "Bearer aGFubmE6c2VjcmV0, Bearer x": "no key and no token",
    "Bearer schlüssel": "no key and no token",
    "Bearer aGFubmE6c2VjcmV0": "This is no key",
}


@pytest.mark.parametrize("path", [NOTHING, "/v1/talks"])
@pytest.mark.parametrize(("header", "words"), WRONG_HEADERS.items())
async def test_a_header_that_shows_no_key_is_refused(
    client: httpx.AsyncClient, header: str, words: str, path: str
) -> None:
    answer = await client.get(path, headers=[(b"Authorization", header.encode("latin-1"))])
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["www-authenticate"].startswith('Bearer realm="parley", error="invalid_token"')
    assert words in answer.json()["detail"]
    assert not any(secret in answer.text + str(answer.headers) for secret in ("aGFubmE6", "c2VjcmV0", "schl"))


async def test_two_headers_are_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get(NOTHING, headers=[("Authorization", "Bearer a"), ("authorization", "Bearer a")])
    assert answer.status_code == 401
    assert answer.json()["detail"] == "There are 2 Authorization headers; send one."


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
async def test_the_scheme_is_read_without_regard_to_case(issuer: Issuer, scheme: str) -> None:
    found = await door(issuer).caller(sent((b"authorization", f"{scheme} {issuer.token()}".encode())))
    assert found.name == "hanna"


def test_a_message_is_quoted_in_the_header_whatever_it_holds() -> None:
    refused = Unauthenticated('a "quoted" back\\slash, Łódź')
    assert refused.headers["WWW-Authenticate"].endswith('''error_description="a 'quoted' back?slash, ??d?"''')


# --- tokens that count ---------------------------------------------------------------------------


SIGNED = [("rsa", "RS256"), ("rsa", "PS256"), ("ec", "ES256"), ("ed", "EdDSA")]


@pytest.mark.parametrize(("key", "algorithm"), SIGNED)
async def test_a_token_of_the_issuer_names_its_person(issuer: Issuer, key: str, algorithm: str) -> None:
    issuer.keys = [published(each) for each in ("rsa", "ec", "ed")]
    token = issuer.token(key, algorithm, roles="curator", aud=["other", AUDIENCE])
    assert await caller(door(issuer), token) == Caller("hanna", Role.CURATOR)


async def test_a_read_with_a_token_is_answered(issuer: Issuer) -> None:
    transport = httpx.ASGITransport(create_app(settings(issuer)))
    async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
        answer = await client.get(NOTHING, headers={"Authorization": f"Bearer {issuer.token()}"})
        assert (answer.status_code, answer.json()["data"]) == (200, {"__typename": "Query"})


ROLES: list[tuple[str, dict[str, Any], Role]] = [
    ("roles", {}, Role.ANONYMOUS),
    ("roles", {"roles": []}, Role.ANONYMOUS),
    ("roles", {"roles": ["staff", "king", 7, None]}, Role.ANONYMOUS),
    ("roles", {"roles": {"admin": True}}, Role.ANONYMOUS),
    ("roles", {"roles": "admin"}, Role.ADMIN),
    ("roles", {"roles": "ADMIN"}, Role.ADMIN),
    ("roles", {"roles": ["contributor", "curator", "anonymous"]}, Role.CURATOR),
    ("roles", {"role": "admin"}, Role.ANONYMOUS),
    # A letter that becomes an I in capitals.
    ("roles", {"roles": ["adm\N{LATIN SMALL LETTER DOTLESS I}n"]}, Role.ANONYMOUS),
    ("realm_access.roles", {"realm_access": {"roles": ["contributor"]}}, Role.CONTRIBUTOR),
    ("realm_access.roles", {"realm_access": ["contributor"]}, Role.ANONYMOUS),
    ("realm_access.roles", {"realm_access": {}}, Role.ANONYMOUS),
    ("https://parley.example/roles", {"https://parley.example/roles": ["curator"]}, Role.CURATOR),
]


@pytest.mark.parametrize(("path", "claims", "role"), ROLES)
async def test_the_highest_role_that_is_known_counts(
    issuer: Issuer, path: str, claims: dict[str, Any], role: Role
) -> None:
    assert await caller(door(issuer, oidc_role_claim=path), issuer.token(**claims)) == Caller("hanna", role)


async def test_another_claim_may_hold_the_name(issuer: Issuer) -> None:
    authentication = door(issuer, oidc_name_claim="profile.email")
    assert (await caller(authentication, issuer.token(profile={"email": "h@x.example"}))).name == "h@x.example"


@pytest.mark.parametrize("name", [None, "", "  ", 7, ["hanna"], "han\nna", "x" * 201])
async def test_a_person_without_a_name_is_refused(issuer: Issuer, name: Any) -> None:
    said = await refusal(door(issuer, oidc_name_claim="nick"), issuer.token(nick=name))
    assert "`nick` is no name" in said


def test_roles_grow_from_reading_to_everything() -> None:
    assert [role.name for role in Role] == ["ANONYMOUS", "CONTRIBUTOR", "CURATOR", "ADMIN"]
    assert [[role.may(least) for least in Role].count(True) for role in Role] == [1, 2, 3, 4]
    assert Role.CURATOR.may(Role.CURATOR)
    assert not Role.CONTRIBUTOR.may(Role.CURATOR)


# --- tokens that do not --------------------------------------------------------------------------


def moments(**offsets: int) -> dict[str, Any]:
    return {name: int(time.time()) + seconds for name, seconds in offsets.items()}


WRONG_CLAIMS: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://other.example"}, "another issuer"),
    ({"iss": None}, "no claim `iss`"),
    ({"iss": ["x"]}, "another issuer"),
    ({"aud": "other"}, "has to name parley-api"),
    ({"aud": ["other", "parley-api-2"]}, "has to name parley-api"),
    ({"aud": None}, "no claim `aud`"),
    ({"exp": None}, "no claim `exp`"),
    ({"exp": "soon"}, "cannot be read"),
    ({"sub": None}, "`sub` is no name"),
]
WRONG_MOMENTS = [
    ({"exp": -oidc.LEEWAY_SECONDS - 1}, "has expired"),
    ({"nbf": oidc.LEEWAY_SECONDS + 10}, "not valid yet"),
    ({"iat": oidc.LEEWAY_SECONDS + 10}, "not valid yet"),
]


@pytest.mark.parametrize(("claims", "words"), WRONG_CLAIMS)
async def test_a_token_for_another_or_from_another_is_refused(
    issuer: Issuer, claims: dict[str, Any], words: str
) -> None:
    # PyJWT writes no issuer that is no text, so that such a token is signed by hand.
    if isinstance(claims.get("iss"), list):
        now = int(time.time())
        payload = json.dumps({"iss": ["x"], "aud": AUDIENCE, "sub": "hanna", "exp": now + 300}).encode()
        token = jwt.api_jws.encode(payload, private_key("rsa"), "RS256", headers={"kid": "rsa"})
    else:
        token = issuer.token(**claims)
    assert words in await refusal(door(issuer), token)


@pytest.mark.parametrize(("offsets", "words"), WRONG_MOMENTS)
async def test_a_token_out_of_its_time_is_refused(issuer: Issuer, offsets: dict[str, int], words: str) -> None:
    assert words in await refusal(door(issuer), issuer.token(**moments(**offsets)))


async def test_clocks_may_differ_by_seconds(issuer: Issuer) -> None:
    away = oidc.LEEWAY_SECONDS - 5
    token = issuer.token(**moments(exp=-away, nbf=away, iat=away))
    assert (await caller(door(issuer), token)).name == "hanna"


def by_hand(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


async def test_an_unsigned_token_is_refused_before_anyone_is_asked(issuer: Issuer) -> None:
    for algorithm in ("none", "None", "", None, 7):
        token = by_hand({"alg": algorithm, "kid": "rsa"}, claims_of(issuer.token()))
        assert "must be signed with RS256, PS256, ES256, EdDSA" in await refusal(door(issuer), token + "AA")
    assert issuer.asked == []


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_no_shared_secret(issuer: Issuer, algorithm: str) -> None:
    public = private_key("rsa").public_key()
    formats = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1
    for each in formats:
        secret = public.public_bytes(serialization.Encoding.PEM, each)
        header, payload = {"alg": algorithm, "kid": "rsa", "typ": "JWT"}, claims_of(issuer.token(roles="admin"))
        unsigned = by_hand(header, payload)[:-1]
        signer = jwt.algorithms.HMACAlgorithm(getattr(jwt.algorithms.HMACAlgorithm, algorithm.replace("HS", "SHA")))
        forged = by_hand(header, payload, signer.sign(unsigned.encode(), secret))
        assert "must be signed with" in await refusal(door(issuer), forged)
    assert issuer.asked == []


async def test_a_shared_secret_among_the_keys_signs_nothing(issuer: Issuer) -> None:
    issuer.keys.append({"kty": "oct", "kid": "shared", "k": base64.urlsafe_b64encode(b"x" * 32).decode()})
    token = by_hand({"alg": "RS256", "kid": "shared"}, claims_of(issuer.token()), b"x" * 256)
    assert "does not publish for signing" in await refusal(door(issuer), token)


async def test_a_token_with_another_ones_signature_is_refused(issuer: Issuer) -> None:
    head, payload, _ = issuer.token().split(".")
    _, _, signature = issuer.token(roles="admin").split(".")
    assert "signature is wrong" in await refusal(door(issuer), f"{head}.{payload}.{signature}")


async def test_a_key_of_one_kind_does_not_sign_as_another(issuer: Issuer) -> None:
    issuer.keys = [published("rsa"), published("ec")]
    assert "another method" in await refusal(door(issuer), issuer.token("rsa", kid="ec"))
    assert "another method" in await refusal(door(issuer), issuer.token("ec", "ES256", kid="rsa"))


async def test_a_key_for_encryption_signs_nothing(issuer: Issuer) -> None:
    issuer.keys = [published("rsa"), published("rsa-2", use="enc")]
    assert "does not publish" in await refusal(door(issuer), issuer.token("rsa-2"))


@pytest.mark.filterwarnings("ignore:.*key.*:jwt.warnings.InsecureKeyLengthWarning")
async def test_a_weak_key_signs_nothing(issuer: Issuer) -> None:
    issuer.keys = [published("weak")]
    assert "too weak" in await refusal(door(issuer), issuer.token("weak"))


DEEP = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 5000).decode().rstrip("=")
NO_TOKENS = ["x", "a.b", "a.b.c", "a.b.c.d.e", "e30.e30.e30", f"{DEEP}.e30.e30", "x" * 16_001, "..", "bnVsbA.e30.e30"]


@pytest.mark.parametrize("token", NO_TOKENS, ids=lambda token: token[:12])
async def test_what_is_no_token_is_refused_before_anyone_is_asked(issuer: Issuer, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await caller(door(issuer), token)
    assert issuer.asked == []


# --- the issuer's keys ---------------------------------------------------------------------------


async def test_the_keys_are_fetched_once_where_the_issuer_says(issuer: Issuer) -> None:
    authentication = door(issuer)
    for _ in range(5):
        await caller(authentication, issuer.token())
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


async def test_the_keys_are_fetched_where_a_setting_says(issuer: Issuer) -> None:
    await caller(door(issuer, oidc_jwks_url=f"{issuer.url}/keys"), issuer.token())
    assert issuer.asked == ["/keys"]


async def test_a_rotated_key_is_found(issuer: Issuer) -> None:
    authentication = door(issuer, oidc_refetch_seconds=0.05)
    await caller(authentication, issuer.token())
    issuer.keys = [published("rsa-2")]
    await asyncio.sleep(0.06)
    assert (await caller(authentication, issuer.token("rsa-2"))).name == "hanna"
    assert "does not publish" in await refusal(authentication, issuer.token())


async def test_forged_tokens_do_not_make_us_hammer_the_issuer(issuer: Issuer) -> None:
    authentication = door(issuer)
    for number in range(20):
        said = await refusal(authentication, issuer.token("rsa-2", kid=f"forged-{number}"))
        assert said == f"The token is signed with a key that {issuer.url} does not publish for signing."
    assert issuer.asked.count("/keys") == 1


async def unavailable(authentication: Authentication, token: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        await caller(authentication, token)
    assert refused.value.code == "ISSUER_UNAVAILABLE"


async def test_an_issuer_that_fails_is_not_the_tokens_fault(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    authentication = door(issuer)
    issuer.status = 500
    await unavailable(authentication, issuer.token())
    await unavailable(authentication, issuer.token())
    assert len(issuer.asked) == 1, "it is left alone for a while"
    issuer.status = 200
    monkeypatch.setattr(oidc, "PAUSE_SECONDS", 0)
    assert (await caller(authentication, issuer.token())).name == "hanna"


async def test_known_keys_outlive_an_issuer_that_fails(issuer: Issuer) -> None:
    authentication = door(issuer, oidc_refetch_seconds=0.01)
    await caller(authentication, issuer.token())
    issuer.status = 500
    await asyncio.sleep(0.02)
    await unavailable(authentication, issuer.token("rsa-2"))
    assert (await caller(authentication, issuer.token())).name == "hanna"


BROKEN: list[dict[str, Any]] = [
    {"configuration": {}},
    {"configuration": None},
    {"configuration": {"issuer": "https://other.example", "jwks_uri": "https://other.example/keys"}},
    {"keys": []},
    {"keys": "none"},
    {"keys": [{"kty": "RSA"}]},
]


@pytest.mark.parametrize("broken", BROKEN)
async def test_an_issuer_that_publishes_nonsense_is_unavailable(issuer: Issuer, broken: dict[str, Any]) -> None:
    vars(issuer).update(broken)
    await unavailable(door(issuer), issuer.token())


@pytest.mark.parametrize("keys_url", ["file:///etc/passwd", "http://login.example/keys", None, 7])
async def test_keys_are_fetched_only_from_where_nobody_can_alter_them(issuer: Issuer, keys_url: Any) -> None:
    issuer.configuration["jwks_uri"] = keys_url
    await unavailable(door(issuer), issuer.token())
    assert "/keys" not in issuer.asked


@pytest.mark.parametrize("path", [NOTHING, "/v1/talks"])
async def test_an_issuer_that_is_down_is_told_as_503(caplog: pytest.LogCaptureFixture, path: str) -> None:
    with issuing() as issuer:
        token = issuer.token()
    transport = httpx.ASGITransport(create_app(settings(issuer)))
    async with httpx.AsyncClient(transport=transport, base_url="http://parley") as client:
        answer = await client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(KINDS["ISSUER_UNAVAILABLE"].retry_after_seconds)
    assert "ISSUER_UNAVAILABLE" in answer.text
    assert issuer.url not in answer.text
    assert f"the keys of the issuer {issuer.url} cannot be fetched" in caplog.text
    assert token not in caplog.text


# --- settings ------------------------------------------------------------------------------------


ISSUER = "https://login.example/realm"
WRONG_SETTINGS: list[tuple[dict[str, str], str]] = [
    ({"oidc_issuer": ISSUER}, "it must say which tokens are meant for this server"),
    ({"oidc_audience": "parley"}, "says nothing without PARLEY_OIDC_ISSUER"),
    ({"oidc_jwks_url": ISSUER}, "says nothing without PARLEY_OIDC_ISSUER"),
    ({"oidc_issuer": "http://login.example", "oidc_audience": "x"}, "http is possible on this machine only"),
    ({"oidc_issuer": "login.example", "oidc_audience": "x"}, "must be like https://login.example/realm"),
    ({"oidc_issuer": "https://a:b@login.example", "oidc_audience": "x"}, "must be like https://"),
    ({"oidc_issuer": "https://[::1", "oidc_audience": "x"}, "must be like https://"),
    ({"oidc_issuer": ISSUER, "oidc_audience": "x", "oidc_jwks_url": "file:///keys"}, "must be like https://"),
]


@pytest.mark.parametrize(("given", "words"), WRONG_SETTINGS)
def test_settings_that_could_not_work_are_refused_at_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(**given)  # type: ignore[arg-type]
