"""A cassette that is inserted for one test, and the path that a test's cassette has."""

import hashlib
import re
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

FOLDER = "__cassettes__"
# Characters that some file systems do not accept, or show differently.
UNFIT = re.compile(r"[^\w.]+")
# Most file systems allow 255 bytes, and the folder of sidecars has the same name.
LONGEST_NAME = 100


class Cassette:
    """What the fixture gives to a test."""

    def __init__(self, identifier: str, path: Path, mode: str, docker_host: str) -> None:
        self.id = identifier
        self.path = path
        #: The mode that is in force: ``record``, ``replay``, ``append``, ``passthrough`` or ``mock``.
        self.mode = mode
        #: The value that ``DOCKER_HOST`` has during the test.
        self.docker_host = docker_host

    @property
    def socket_path(self) -> Optional[str]:
        """The path of the socket; ``None`` if it is no unix socket."""
        prefix = "unix://"
        return self.docker_host[len(prefix) :] if self.docker_host.startswith(prefix) else None

    @property
    def is_recording(self) -> bool:
        return self.mode in ("record", "append")

    def __repr__(self) -> str:
        return f"Cassette({str(self.path)!r}, mode={self.mode!r}, docker_host={self.docker_host!r})"


def resolve_cassette_path(test_file: Path, names: Sequence[str]) -> Path:
    """``test_images.py`` and ``["TestPull", "test_progress[alpine]"]`` give
    ``__cassettes__/test_images/TestPull--test_progress-alpine.yaml`` beside the file.

    A long name is cut, and a digest of the whole name keeps it unique.
    """
    name = "--".join(to_slug(part) for part in names)
    if not name or len(name) > LONGEST_NAME:
        digest = hashlib.sha256("\0".join(names).encode()).hexdigest()[:8]
        name = f"{name[: LONGEST_NAME - 9]}-{digest}"
    return to_cassette_folder(test_file) / f"{name}.yaml"


def to_cassette_folder(test_file: Path) -> Path:
    """``__cassettes__/test_images`` beside ``test_images.py``."""
    return test_file.parent / FOLDER / test_file.stem


def to_slug(name: str) -> str:
    return UNFIT.sub("-", name).strip("-.")


def to_insertion(path: Path, options: Dict[str, Any]) -> Dict[str, Any]:
    """The body of the control request: names in Python's spelling become those of the server."""
    body = {to_camel_case(name): value for name, value in options.items() if value is not None}
    for name in ("state", "faults"):
        if name in body:
            body[name] = str(body[name])
    return {**body, "cassette": str(path), "caller": "pytest"}


def to_camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
