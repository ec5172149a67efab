"""HTTP for every interface: connections, requests, headers, errors, quotas.

May import `postgres` and `settings`. Begin with `gateway.py`, the middleware in front of all interfaces, and with
`errors.py`, the one table of failures; `server.py` and `connection.py` configure and extend uvicorn.
"""
