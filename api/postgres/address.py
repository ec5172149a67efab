"""Parses the address of a database by libpq, converts it for asyncpg, and describes it without its secrets.

Migrations pass the address to libpq as it is. asyncpg's own parser reads some addresses differently: with
`postgresql://a/b?host=c` it connects to a, libpq to c. So asyncpg gets the parsed parameters. This module
opens no connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from api.postgres.unavailable import DatabaseUnavailable

TLS = (
    *("sslmode", "sslnegotiation", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslpassword"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)

PARAMETERS = (
    *("host", "port", "dbname", "user", "password", "passfile", "application_name", "options"),
    *("target_session_attrs", *TLS),
)
"""The parameters that both drivers understand."""

SESSION = ("application_name", "options")
"""The parameters that are settings of the session."""

MISREAD = re.compile(r"postgres(?:ql)?://(?:[^/@]*@)?+[^/?]*/[^?]*@")
"""An @ that libpq reads as a part of the database's name. It follows a password with an unescaped /: libpq reads the
part before the / as a port, and the rest of the password as the name, which messages would show."""

PERCENT_FORM = (
    "the user name or password holds a character that must be written in percent form, "
    "such as %2F for /, %25 for %, %40 for @, %20 for a space"
)

UNKNOWN = f"it has a parameter that is not known here; possible: {', '.join(PARAMETERS)}"

PORTS = (
    "host and port must be written as host:5432, the port a number from 1 to 65535, "
    "with one port for all hosts or one for each"
)

EXPLANATIONS: Mapping[str, str] = {
    "percent-encoded": PERCENT_FORM,
    "separator": PERCENT_FORM,
    "parameter": UNKNOWN,
    "option": UNKNOWN,
    "IPv6": "an IPv6 address must stand in brackets, such as [::1]:5432",
    "": "write it as postgresql://user:password@host:5432/database or as host=… port=… dbname=…",
}
"""Our messages, which repeat nothing of the address, by a word of libpq's message."""


def parse_address(address: str) -> dict[str, str]:
    """Parse an address into libpq's parameters. Raises DatabaseUnavailable, repeating nothing of it."""
    try:
        found = {name: str(value) for name, value in conninfo_to_dict(address).items() if value}
    except (psycopg.ProgrammingError, UnicodeEncodeError) as error:
        raise unreadable_address(next(words for part, words in EXPLANATIONS.items() if part in str(error))) from None
    if MISREAD.match(address) or "@" in found.get("host", ""):
        raise unreadable_address(PERCENT_FORM)
    if not found.keys() <= {*PARAMETERS}:
        raise unreadable_address(UNKNOWN)
    hosts, ports = (found.get(name, "").split(",") for name in ("host", "port"))
    are_ports = all(re.fullmatch("[0-9]{1,5}", each) and 0 < int(each) < 65536 for each in ports if each)
    if not are_ports or len(ports) not in (1, len(hosts)):
        raise unreadable_address(PORTS)
    return found


def unreadable_address(reason: str) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"DATABASE_URL cannot be read: {reason}.")


def list_hosts(parameters: Mapping[str, str]) -> list[tuple[str | None, str | None]]:
    """List the hosts with their ports, None where libpq's own default applies."""
    hosts, ports = (parameters.get(name, "").split(",") for name in ("host", "port"))
    if len(ports) < len(hosts):
        ports *= len(hosts)
    return [(host or None, port or None) for host, port in zip(hosts, ports, strict=True)]


def asyncpg_arguments(parameters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield for each host the arguments with which asyncpg connects to it alone.

    Given several hosts, asyncpg would share one timeout among all of them, and use one host's password for all.
    """
    wanted = parameters.get("target_session_attrs")
    tls = {name: parameters[name] for name in TLS if name in parameters}
    for attribute in ("standby", "any") if wanted == "prefer-standby" else (wanted,):
        for host, port in list_hosts(parameters):
            yield {
                # Only a DSN passes certificates to asyncpg without loading them here.
                "dsn": f"postgresql://?{urlencode(tls)}",
                "host": host,
                "port": port and int(port),
                "user": parameters.get("user"),
                "password": parameters.get("password"),
                "passfile": parameters.get("passfile"),
                "database": parameters.get("dbname"),
                "target_session_attrs": attribute,
            }


def session_settings(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: parameters[name] for name in SESSION if name in parameters}


def secrets(parameters: Mapping[str, str]) -> list[str]:
    return [parameters[name] for name in ("password", "sslpassword") if name in parameters]


def describe_address(parameters: Mapping[str, str]) -> str:
    """Describe the hosts with their ports, and the database, without user and password."""
    hosts = ",".join(describe_host(host, port) for host, port in list_hosts(parameters))
    return f"{hosts}/{parameters['dbname']}" if "dbname" in parameters else hosts


def describe_host(host: str | None, port: str | None) -> str:
    if host is None or host.startswith("/"):
        return host or "localhost"
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{port}" if port else name
