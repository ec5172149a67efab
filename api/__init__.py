"""How the data travels: HTTP, command line, files. Knows `schema`, which never knows it."""
