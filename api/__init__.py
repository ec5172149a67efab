"""The interfaces: HTTP, command line and files. May import `schema`, which never imports it."""
