#!/bin/sh
# Who has said all it has to say is answered by one ASGI server of four.
#
# Versions: uvicorn 0.54.0 (with httptools 0.9.0, and with h11 0.16.0), hypercorn 0.18.0, granian 2.8.9, daphne 4.2.3.
# Input:    GET / with `Connection: close`, once as it is, once followed by the end of the client's side (shutdown of
#           writing), as netcat -N and some proxies do. The application answers after 0.3 s. HTTP/1.1 allows it: the
#           request is whole, and the other direction is open.
# Seen:     hypercorn answers both. uvicorn, granian and daphne take the end of what the client says for the end of the
#           client: the second request gets not one byte, and no error.
# So:       a server that stops work for those who hung up cannot tell them from these, before it writes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q uvicorn==0.54.0 httptools==0.9.0 h11==0.16.0 hypercorn==0.18.0 granian==2.8.9 daphne==4.2.3
cd "$folder"
cat > slow.py <<'APP'
import asyncio

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await asyncio.sleep(0.3)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
APP
cat > ask.py <<'ASK'
import socket, subprocess, sys, time

run = [sys.executable, "-m"]
SERVERS = {
    "uvicorn httptools": [*run, "uvicorn", "slow:app", "--port", "PORT", "--http", "httptools", "--lifespan", "off"],
    "uvicorn h11": [*run, "uvicorn", "slow:app", "--port", "PORT", "--http", "h11", "--lifespan", "off"],
    "hypercorn": [*run, "hypercorn", "slow:app", "-b", "127.0.0.1:PORT"],
    "granian": [*run, "granian", "--interface", "asginl", "--port", "PORT", "slow:app"],
    "daphne": [*run, "daphne", "-p", "PORT", "slow:app"],
}

def ask(port, closes_its_side):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        if closes_its_side:
            client.shutdown(socket.SHUT_WR)
        said = b""
        while more := client.recv(4096):
            said += more
        return said[9:12].decode() or "nothing"

for number, (name, command) in enumerate(SERVERS.items()):
    port = 18400 + number
    server = subprocess.Popen(
        [each.replace("PORT", str(port)) for each in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        print(f"{name}: {ask(port, False)}, half-closed: {ask(port, True)}", flush=True)
    finally:
        server.terminate()
        server.wait()
ASK
"$folder/env/bin/python" ask.py | tee seen
cat > expected <<'SEEN'
uvicorn httptools: 200, half-closed: nothing
uvicorn h11: 200, half-closed: nothing
hypercorn: 200, half-closed: 200
granian: 200, half-closed: nothing
daphne: 200, half-closed: nothing
SEEN
diff expected seen
