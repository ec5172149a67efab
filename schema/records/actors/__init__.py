"""Actors: states, bodies, armed groups, persons, and the offices they hold."""
