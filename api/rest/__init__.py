"""REST: the reads of `reads/*.graphql` and the commands, under URLs.

May import `execution`, `auth`, `http` and what is below them. Begin with `read.py` for the shape of a read, with
`read_endpoints.py` for its endpoint; `writes.py` and `write_endpoints.py` are the same for commands.
"""
