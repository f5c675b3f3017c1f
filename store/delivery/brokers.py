"""URLs of Redis: which are supported, what Celery is told of them, and its refusals as one line."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from store.errors import BrokerUnreachable, UsageError
from store.settings import secret, without_password

EXAMPLE = "redis://127.0.0.1:6379/0"
#: options of TLS that name a file
_FILES = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile")
#: options of TLS that are words, with those that are allowed
_WORDS = {"ssl_cert_reqs": ("required", "optional", "none"), "ssl_check_hostname": ("true", "false")}
#: what Redis answers to a wrong password, or to none
_PASSWORDS = ("password", "NOAUTH", "Authentication required", "AUTH ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Broker:
    """Redis, as Celery's configuration has it."""

    url: str
    #: beside a URL without one
    password: str | None = None
    #: options of TLS where the URL has none
    tls: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, url: str) -> Broker:
        """Read a URL, with the password from REDIS_PASSWORD or REDIS_PASSWORD_FILE if it has none.

        `rediss://` verifies the certificate and the name of the host, unless an option says otherwise.

        Raises:
            UsageError: it is not a URL of Redis, or has an option that is none.
        """
        scheme, separator, rest = url.partition("://")
        if scheme in {"unix", "redis+socket"} and separator:
            return cls(url=_socket(rest))
        if scheme in {"sentinel", "redis+sentinel"}:
            raise UsageError(
                f"BROKER_URL is {without_password(url)!r}, and Sentinel is not supported. Name the master with "
                "redis://, or a proxy that follows it, such as HAProxy."
            )
        if scheme not in {"redis", "rediss"}:
            raise UsageError(
                f"BROKER_URL is {without_password(url)!r}, and must start with redis://, rediss:// (TLS) or unix:// (a "
                f"socket). Example: {EXAMPLE}"
            )
        options = _options(url)
        _check_tls(url, options)
        given = any(name.startswith("ssl_") for name in options)
        verified = {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True}
        return cls(url=url, password=secret("REDIS_PASSWORD"), tls=verified if scheme == "rediss" and not given else {})


def _options(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _socket(rest: str) -> str:
    """Return the URL of a socket as Celery reads it."""
    credentials, at, path = rest.rpartition("@")
    path = path.replace("?db=", "?virtual_host=").replace("&db=", "&virtual_host=")
    if not at and (password := secret("REDIS_PASSWORD")):
        credentials, at = f":{quote(password, safe='')}", "@"
    return f"redis+socket://{credentials}{at}{path}"


def _check_tls(url: str, options: dict[str, str]) -> None:
    """Check the options of TLS, of which Redis' client would say little.

    Raises:
        UsageError: a word or a file is none.
    """
    start = f"BROKER_URL is {without_password(url)!r}, and"
    for name, allowed in _WORDS.items():
        if name in options and options[name].lower().removeprefix("cert_") not in allowed:
            raise UsageError(f"{start} {name} is {options[name]!r}; allowed: {', '.join(allowed)}.")
    for name in _FILES:
        if name in options and not Path(options[name]).is_file():
            raise UsageError(f"{start} {name} names no file: {options[name]}. Correct the path.")


def unreachable(url: str, problem: BaseException) -> BrokerUnreachable:
    """Return the error that names the address, the answer and what to do."""
    reason = (str(problem).splitlines()[0] if str(problem) else type(problem).__name__).rstrip(".")
    address = without_password(url)
    if any(word in reason for word in _PASSWORDS):
        return BrokerUnreachable(
            f"Redis at {address} refuses the password ({reason}). Correct it: REDIS_PASSWORD, or a file that "
            "REDIS_PASSWORD_FILE names, takes it as it is; in a URL write @ as %40, / as %2F, : as %3A and % as %25."
        )
    if "certificate" in reason.lower():
        return BrokerUnreachable(
            f"The certificate of Redis at {address} is refused ({reason}). Name the file of the authority that "
            "signed it with ?ssl_ca_certs=/path/ca.pem at the end of the URL, use the name of the host that it is for, "
            "or trust any certificate with ?ssl_cert_reqs=none."
        )
    return BrokerUnreachable(
        f"Redis does not answer at {address} ({reason}). Start it with `docker compose up -d --wait` or "
        "`redis-server`, correct BROKER_URL or --broker, or use `scheduler run` with the same options but --broker, "
        "which needs no server."
    )
