"""The pytest plugin: options, the fixture ``whalesong``, and the verdict at the end of each test."""

import shlex
from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest

from .cassette import Cassette, resolve_cassette_path
from .server import Server, WhalesongError, find_command

MODES = ("once", "replay", "none", "append", "new_episodes", "record", "rewrite", "all", "passthrough", "mock")
# They would send a client to another daemon, or make it speak TLS.
MISLEADING = ("DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
# The message of a miss ends with it.
MISS_CODE = "[WHALESONG_NO_MATCH]"

session_key = pytest.StashKey["WhalesongSession"]()
outcome_key = pytest.StashKey[Dict[str, pytest.TestReport]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("whalesong", "cassettes of the Docker Engine API")
    group.addoption(
        "--whalesong-mode",
        choices=MODES,
        help="whether tests record or replay (default: WHALESONG_MODE, else replay if CI is set, else once)",
    )
    group.addoption(
        "--whalesong-upstream",
        help="the daemon to record, or `mock` (default: WHALESONG_UPSTREAM, else the one that docker uses)",
    )
    parser.addini("whalesong_command", "the command line tool, such as `npx whalesong`", default="")
    parser.addini("whalesong_upstream", "the daemon to record, or `mock`", default="")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "whalesong(cassette=None, mode=None, allow_unplayed=False, ignore=[], ...): options of the test's cassette",
    )
    config.stash[session_key] = WhalesongSession(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    session = config.stash.get(session_key, None)
    if session is not None:
        session.server.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    item.stash.setdefault(outcome_key, {})[report.when] = report


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    session = config.stash[session_key]
    for warning in session.server.warnings:
        terminalreporter.write_line(warning)
    if session.saved:
        terminalreporter.write_line(f"whalesong: {count(len(session.saved), 'cassette')} written")
    for path in session.saved:
        terminalreporter.write_line(f"  {shorten(path, config)}")


class WhalesongSession:
    """What the tests of one process share."""

    def __init__(self, config: pytest.Config) -> None:
        upstream = config.getoption("whalesong_upstream") or config.getini("whalesong_upstream") or None
        self.server = Server(find_command(config.getini("whalesong_command"), config.rootpath), upstream)
        self.mode = config.getoption("whalesong_mode")
        self.saved: List[Path] = []
        self._owners: Dict[Path, str] = {}

    def reserve(self, path: Path, item: pytest.Item) -> Path:
        """Two tests with one cassette would overwrite each other's recording."""
        owner = self._owners.setdefault(path, item.nodeid)
        if owner != item.nodeid:
            raise WhalesongError(
                f"`{owner}` and `{item.nodeid}` have the same cassette, `{path}`; rename one of them, "
                "or name its cassette: @pytest.mark.whalesong(cassette=...)"
            )
        return path


@pytest.fixture
def whalesong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cassette]:
    """The test's own cassette. ``DOCKER_HOST`` leads to it until the end of the test."""
    item, session = request.node, request.config.stash[session_key]
    options: Dict[str, Any] = {}
    # The nearest mark comes first, and counts.
    for mark in reversed(list(item.iter_markers("whalesong"))):
        options.update(mark.kwargs)
    path = session.reserve(choose_path(item, options.pop("cassette", None)), item)
    try:
        options["mode"] = session.mode or options.get("mode")
        cassette = session.server.insert(path, {"record_command": to_record_command(item), **options})
    except WhalesongError as error:
        pytest.fail(f"whalesong: {error}", pytrace=False)
    with monkeypatch.context() as environment:
        environment.setenv("DOCKER_HOST", cassette.docker_host)
        for name in MISLEADING:
            environment.delenv(name, raising=False)
        yield cassette
    settle(session, cassette, item)


def to_record_command(item: pytest.Item) -> str:
    return f"pytest --whalesong-mode=record {shlex.quote(item.nodeid)}"


def choose_path(item: pytest.Item, named: Any) -> Path:
    """A named cassette is found from the folder of the test's file."""
    if named is not None:
        return item.path.parent / named
    names = [*(part.name for part in item.listchain() if isinstance(part, pytest.Class)), item.name]
    return resolve_cassette_path(item.path, names)


def settle(session: WhalesongSession, cassette: Cassette, item: pytest.Item) -> None:
    """Ends the cassette. A failed recording is dropped; what is not as recorded fails the test."""
    report = item.stash.get(outcome_key, {}).get("call")
    # Without a report the test did not run: a fixture behind this one failed.
    failed = report is None or report.failed
    verdict = session.server.eject(cassette, failed)
    if verdict["saved"]:
        session.saved.append(cassette.path)
    for fault in verdict["unusedFaults"]:
        item.warn(pytest.PytestWarning(f"whalesong: unused fault: {fault}"))
    if not verdict["ok"]:
        text = "" if report is None else report.longreprtext
        pytest.fail(shorten_message(verdict["message"], text), pytrace=False)


def shorten_message(message: str, failure: str) -> str:
    """Where the test's own failure shows the miss, the verdict says how many, and how to record again."""
    parts = message.split("\n\n")
    return "\n\n".join([parts[0], parts[-1]] if MISS_CODE in failure else parts)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shorten(path: Path, config: pytest.Config) -> str:
    try:
        return str(path.relative_to(config.rootpath))
    except ValueError:
        return str(path)
