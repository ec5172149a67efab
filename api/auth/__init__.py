"""Authentication: API keys and the tokens of OpenID Connect.

May import `http` and what is below it. Begin with `authentication.py`.
"""
