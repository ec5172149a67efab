"""API keys, made in a database without its server."""

from __future__ import annotations

import asyncio

from api.postgres import connections
from api.settings import Settings
from schema import api_keys
from schema.declare.caller import Role


def new_key(url: str, name: str, role: Role = Role.CURATOR) -> str:
    """Create a key, and return its text."""

    async def create() -> str:
        connection = await connections.connect(Settings(), url)
        try:
            return (await api_keys.create(connection, name, role, "test")).text
        finally:
            await connection.close()

    return asyncio.run(create())
