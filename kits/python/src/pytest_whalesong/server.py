"""The process ``whalesong serve``, and its control door."""

import http.client
import json
import os
import shlex
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any, Dict, List, Optional
from urllib.parse import urlsplit

from .cassette import Cassette, to_insertion

CASSETTES = "/_whalesong/cassettes"
# Python has no unix sockets on Windows.
HAS_UNIX_SOCKETS = hasattr(socket, "AF_UNIX")
LOCAL_PORT = "tcp://127.0.0.1:0"
STOP_TIMEOUT_S = 10


class WhalesongError(Exception):
    """The server refused something, or could not be started."""


class Server:
    """Inserts cassettes. It starts the process when the first one is inserted, unless WHALESONG_CONTROL names one."""

    def __init__(self, command: List[str], upstream: Optional[str]) -> None:
        self._command = command
        self._upstream = upstream
        self._url = os.environ.get("WHALESONG_CONTROL") or None
        self._process: Optional[subprocess.Popen] = None
        self._errors: Optional[IO[str]] = None

    def insert(self, path: Path, options: Dict[str, Any]) -> Cassette:
        body = to_insertion(path, options)
        if self._upstream and "upstream" not in body:
            body["upstream"] = self._upstream
        if not HAS_UNIX_SOCKETS:
            body.setdefault("listen", LOCAL_PORT)
        state = self._request("POST", CASSETTES, body)
        return Cassette(state["id"], path, state["mode"], state["dockerHost"])

    def eject(self, cassette: Cassette, failed: bool) -> Dict[str, Any]:
        """Ends the cassette; the verdict has ``ok`` and a ``message``."""
        return self._request("DELETE", f"{CASSETTES}/{cassette.id}?failed={str(failed).lower()}")

    def start(self) -> None:
        """Starts the process with the environment of now: its DOCKER_HOST is the daemon that is recorded."""
        if self._url is not None:
            return
        words = [*self._command, "serve", "--until-stdin-closes"]
        if not HAS_UNIX_SOCKETS:
            words += ["--control", LOCAL_PORT]
        # A pipe that is not read would fill up and stop the server.
        self._errors = tempfile.TemporaryFile("w+")
        try:
            self._process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
            )
        except OSError as error:
            raise WhalesongError(f"cannot start `{shlex.join(words)}`: {error}. {INSTALL}") from error
        url = self._process.stdout.readline().strip()
        if not url:
            self.stop()
            raise WhalesongError(f"`{shlex.join(words)}` did not start: {self._read_errors().strip()}. {INSTALL}")
        self._url = url

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            # It ends when its stdin does.
            process.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    @property
    def warnings(self) -> List[str]:
        """What the server had to say beside its answers."""
        return [line for line in self._read_errors().splitlines() if line.startswith("whalesong: ")]

    def _read_errors(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read()

    def _request(self, method: str, path: str, body: Optional[Dict[str, Any]] = None) -> Dict[str, Any]:
        self.start()
        connection = connect(self._url)
        try:
            content = None if body is None else json.dumps(body, default=str)
            connection.request(method, path, content, {"Content-Type": "application/json"} if content else {})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except OSError as error:
            raise WhalesongError(f"cannot reach whalesong at {self._url}: {error}") from error
        finally:
            connection.close()
        if response.status >= 400:
            code = f" [{answer['code']}]" if "code" in answer else ""
            raise WhalesongError(f"{answer['message']}{code}")
        return answer


INSTALL = (
    "Install it with `npm install --save-dev whalesong`, or name its command with WHALESONG_COMMAND "
    "or the ini option `whalesong_command`."
)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


def connect(url: str) -> http.client.HTTPConnection:
    if url.startswith("unix://"):
        return UnixConnection(url[len("unix://") :])
    address = urlsplit(url)
    return http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port)


def find_command(configured: str, root: Path) -> List[str]:
    """The command line tool: what is configured, else that of the nearest ``node_modules``, else that on the PATH."""
    words = os.environ.get("WHALESONG_COMMAND") or configured
    if words:
        return shlex.split(words)
    for folder in (root, *root.parents):
        local = folder / "node_modules" / ".bin" / "whalesong"
        if local.exists():
            return [str(local)]
    return [shutil.which("whalesong") or "whalesong"]
