"""The pytest plugin: options, the fixture ``whalesong``, and the verdict at the end of each test."""

import os
import shlex
import unicodedata
from pathlib import Path
from typing import Any, Dict, Iterator, List, NoReturn, Optional

import pytest

from .cassette import Cassette, resolve_cassette_path
from .run import Run
from .server import Server, WhalesongError, find_command

MODES = ("once", "replay", "none", "append", "new_episodes", "record", "rewrite", "all", "passthrough", "mock")
# They would send a client to another daemon, or make it speak TLS.
MISLEADING = ("DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH")
# The message of a miss ends with it.
MISS_CODE = "[WHALESONG_NO_MATCH]"
# With the value `fail`, a cassette that no test is for fails the run, as in the reporters for Node.
OBSOLETE = "WHALESONG_OBSOLETE"

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


class CassetteFailure(pytest.fail.Exception):
    """What the cassette says of a test. It fails a test that is to fail, too: pytest would take it for the failure that
    the mark ``xfail`` expects."""


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Around all others, so that the report is the one that pytest shows."""
    outcome = yield
    report = outcome.get_result()
    if call.excinfo is not None and call.excinfo.errisinstance(CassetteFailure):
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
    item.stash.setdefault(outcome_key, {})[report.when] = report
    if report.failed:
        item.config.stash[session_key].run.mark_partial(item.path)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Before items are deselected, so that all tests of a file are known."""
    session = config.stash[session_key]
    for item in items:
        path = choose_path(item, to_options(item).get("cassette"))
        session.run.collect(item.path, path)
        # Workers of pytest-xdist do not see what the others run, but all collect the same.
        if "whalesong" in getattr(item, "fixturenames", ()):
            session.claim(path, item)
    is_filtered = config.getoption("lf", False) or any("::" in arg for arg in config.args)
    for item in items if is_filtered else []:
        session.run.mark_partial(item.path)


def pytest_deselected(items: List[pytest.Item]) -> None:
    for item in items:
        item.config.stash[session_key].run.mark_partial(item.path)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker of pytest-xdist has ended; only its controller can print."""
    data = getattr(node, "workeroutput", {}).get("whalesong")
    if data is not None:
        node.config.stash[session_key].run.add(data)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    own = session.config.stash[session_key]
    own.run.warn(own.server.warnings)
    worker_output = getattr(session.config, "workeroutput", None)
    if worker_output is not None:
        worker_output["whalesong"] = own.run.to_data()
    elif exitstatus == pytest.ExitCode.OK and os.environ.get(OBSOLETE) == "fail" and own.run.find_obsolete():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    run = config.stash[session_key].run
    lines = [
        *run.warnings,
        *describe(run.saved, "written", "written", config),
        *describe(run.find_obsolete(), "obsolete, no test is for it", "obsolete, no test is for them", config),
    ]
    for line in lines:
        terminalreporter.write_line(line)


def describe(paths: List[Path], one: str, several: str, config: pytest.Config) -> List[str]:
    if not paths:
        return []
    what = one if len(paths) == 1 else several
    return [f"whalesong: {count(len(paths), 'cassette')} {what}", *(f"  {shorten(path, config)}" for path in paths)]


class WhalesongSession:
    """What the tests of one process share."""

    def __init__(self, config: pytest.Config) -> None:
        upstream = config.getoption("whalesong_upstream") or config.getini("whalesong_upstream") or None
        self.server = Server(find_command(config.getini("whalesong_command"), config.rootpath), upstream)
        self.mode = config.getoption("whalesong_mode")
        self.run = Run()
        # By folded paths.
        self._owners: Dict[str, str] = {}

    def claim(self, path: Path, item: pytest.Item) -> str:
        """The test that has the cassette at ``path``: the first one that claims it."""
        return self._owners.setdefault(fold(path), item.nodeid)

    def reserve(self, path: Path, item: pytest.Item) -> Path:
        """Two tests with one cassette would overwrite each other's recording."""
        owner = self.claim(path, item)
        if owner != item.nodeid:
            raise WhalesongError(
                f"`{owner}` and `{item.nodeid}` have the same cassette, `{shorten(path, item.config)}` (capital letters do "
                "not count, as on the file systems of macOS and Windows); rename one of them, "
                "or name its cassette: @pytest.mark.whalesong(cassette=...)"
            )
        return path


@pytest.fixture
def whalesong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cassette]:
    """The test's own cassette. ``DOCKER_HOST`` leads to it until the end of the test."""
    item, session = request.node, request.config.stash[session_key]
    try:
        options = read_options(item)
        path = session.reserve(choose_path(item, options.pop("cassette", None)), item)
        options["mode"] = session.mode or options.get("mode")
        cassette = session.server.insert(path, {"record_command": to_record_command(item), **options})
    except WhalesongError as error:
        fail(f"whalesong: {error}")
    with monkeypatch.context() as environment:
        environment.setenv("DOCKER_HOST", cassette.docker_host)
        for name in MISLEADING:
            environment.delenv(name, raising=False)
        yield cassette
    settle(session, cassette, item)


def to_options(item: pytest.Item) -> Dict[str, Any]:
    """Those of all marks: the nearest mark comes first, and counts."""
    options: Dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers("whalesong"))):
        options.update(mark.kwargs)
    return options


def read_options(item: pytest.Item) -> Dict[str, Any]:
    for mark in item.iter_markers("whalesong"):
        if mark.args:
            raise WhalesongError(
                f"the mark `whalesong` takes options by name, as in @pytest.mark.whalesong(cassette={mark.args[0]!r})"
            )
    options = to_options(item)
    named = options.get("cassette")
    if named is not None and not isinstance(named, (str, os.PathLike)):
        raise WhalesongError(f"`cassette` of the mark `whalesong` must be a path, got `{named!r}`")
    return options


def fail(message: str) -> NoReturn:
    """Fails with the message alone: pytest prints the errors that were being handled, too, and here they say the same."""
    raise CassetteFailure(message, pytrace=False) from None


def to_record_command(item: pytest.Item) -> str:
    return f"pytest --whalesong-mode=record {shlex.quote(item.nodeid)}"


def choose_path(item: pytest.Item, named: Any) -> Path:
    """A named cassette is found from the folder of the test's file. ``read_options`` refuses what is no path."""
    if isinstance(named, (str, os.PathLike)):
        return item.path.parent / named
    names = [*(part.name for part in item.listchain() if isinstance(part, pytest.Class)), item.name]
    return resolve_cassette_path(item.path, names)


def settle(session: WhalesongSession, cassette: Cassette, item: pytest.Item) -> None:
    """Ends the cassette. A failed recording is dropped; what is not as recorded fails the test."""
    report = item.stash.get(outcome_key, {}).get("call")
    try:
        verdict = session.server.eject(cassette, is_unfinished(report))
    except WhalesongError as error:
        fail(f"whalesong: {error}")
    if verdict["saved"]:
        session.run.save(cassette.path)
    for fault in verdict["unusedFaults"]:
        item.warn(pytest.PytestWarning(f"whalesong: unused fault: {fault}"))
    for rule in verdict["unusedRules"]:
        item.warn(pytest.PytestWarning(f"whalesong: unused rule: {rule}"))
    if not verdict["ok"]:
        # pytest does not show the failure of a test that is to fail.
        text = report.longreprtext if report is not None and report.failed else ""
        fail(shorten_message(verdict["message"], text))


def is_unfinished(report: Optional[pytest.TestReport]) -> bool:
    """Whether the test may have left out requests. One that is to fail has done all of its own by failing."""
    if report is None:
        # It did not run: a fixture behind this one failed.
        return True
    return report.failed or (report.skipped and not hasattr(report, "wasxfail"))


def shorten_message(message: str, failure: str) -> str:
    """Where the test's own failure shows the miss, the verdict says how many, and how to record again."""
    parts = message.split("\n\n")
    return "\n\n".join([parts[0], parts[-1]] if MISS_CODE in failure else parts)


def fold(path: Path) -> str:
    """What the path is to a file system that ignores case and normal forms."""
    return unicodedata.normalize("NFC", str(path)).lower()


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shorten(path: Path, config: pytest.Config) -> str:
    try:
        return str(path.relative_to(config.rootpath))
    except ValueError:
        return str(path)
