"""Agreements: texts, signatures, provisions and how far these are implemented."""
