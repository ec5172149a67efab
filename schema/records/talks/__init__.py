"""Talks: meetings and rounds, and who took part in them."""
