"""The plugin in projects of its own: recorded once, replayed without a daemon, and what fails a test."""

import pytest

RUN = """
def test_runs(client):
    assert client.containers.run("busybox", ["echo", "hi"], remove=True) == b"hi\\n"
"""
VERSION = """
def test_version(client):
    assert client.version()["ApiVersion"]
"""


def cassettes(project):
    return sorted(str(path.relative_to(project.path)) for path in project.path.rglob("*.yaml"))


def test_records_once_and_replays_offline(project, offline):
    project.makepyfile(test_jobs=RUN)
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["whalesong: 1 cassette written", "  __cassettes__/test_jobs/test_runs.yaml"])
    assert cassettes(project) == ["__cassettes__/test_jobs/test_runs.yaml"]
    offline()
    replayed = project.runpytest_subprocess()
    replayed.assert_outcomes(passed=1)
    replayed.stdout.no_fnmatch_line("*written*")


def test_each_test_has_a_cassette_of_its_own(project):
    project.makepyfile(
        test_many="""
        import pytest

        class TestPing:
            @pytest.mark.parametrize("times", [1, 2])
            def test_pings(self, client, times):
                for _ in range(times):
                    assert client.ping()

        def test_version(client):
            client.version()
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=3)
    folder = "__cassettes__/test_many/"
    names = ["TestPing--test_pings-1", "TestPing--test_pings-2", "test_version"]
    assert cassettes(project) == [f"{folder}{name}.yaml" for name in names]


def test_a_miss_fails_the_test_with_the_report(project, offline):
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess().assert_outcomes(passed=1)
    offline()
    project.makepyfile(test_a="def test_version(client):\n    client.networks.list()\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines([
        "*differ from*test_version.yaml*: 1 missed*",
        "E *GET /*networks* was never recorded in __cassettes__/*",
        "E *--whalesong-mode=record test_a.py::test_version",
    ])
    assert str(result.stdout).count("was never recorded in") == 1, "one report"


def test_a_miss_that_the_test_hides_fails_it_all_the_same(project, offline):
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess().assert_outcomes(passed=1)
    offline()
    project.makepyfile(
        test_a="""
        import docker

        def test_version(client):
            client.version()
            try:
                client.networks.list()
            except docker.errors.APIError:
                pass
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*differ from*: 1 missed*", "*GET /*networks*"])
    assert result.ret == 1


def test_an_unplayed_exchange_fails_the_test_unless_it_may_be_left_out(project, offline):
    project.makepyfile(test_a="def test_a(client):\n    client.version()\n    client.networks.list()\n")
    project.runpytest_subprocess().assert_outcomes(passed=1)
    offline()
    project.makepyfile(test_a="def test_a(client):\n    client.version()\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*differ from*: 1 not requested*", "*(`allow_unplayed=True` allows this):", "*GET /*networks*"]
    )
    project.makepyfile(
        test_a="import pytest\n\n@pytest.mark.whalesong(allow_unplayed=True)\ndef test_a(client):\n    client.version()\n"
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_recording_of_a_failed_test_is_dropped(project):
    project.makepyfile(test_a="def test_a(client):\n    client.version()\n    assert False\n")
    project.runpytest_subprocess().assert_outcomes(failed=1)
    assert cassettes(project) == []


def test_the_mode_record_mends_a_changed_test(project):
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess().assert_outcomes(passed=1)
    project.makepyfile(test_a="def test_version(client):\n    client.networks.list()\n")
    project.runpytest_subprocess().assert_outcomes(failed=1, errors=1)
    project.runpytest_subprocess("--whalesong-mode=record").assert_outcomes(passed=1)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_ci_records_nothing(project, monkeypatch):
    monkeypatch.setenv("CI", "true")
    project.makepyfile(test_a=VERSION)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*`CI` is set, so nothing is recorded*To record it here: pytest --whalesong-mode=record test_a.py::test_version*"]
    )
    # Once: the error that the plugin handled is no second message.
    assert result.stdout.str().count("so nothing is recorded") == 1
    assert cassettes(project) == []


def test_without_a_daemon_and_a_cassette_the_cassette_is_missing(project, offline):
    offline()
    project.makepyfile(test_a=VERSION)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["whalesong: there is no cassette at `*test_version.yaml`, so this run*DOCKER_HOST or `--whalesong-upstream`*"]
    )


def test_fixtures_behind_the_cassette_are_torn_down_before_its_verdict(project, offline):
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.fixture
        def volume(client):
            volume = client.volumes.create("tide")
            yield volume
            volume.remove()

        def test_volume(volume):
            assert volume.name == "tide"
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
    assert "DELETE" in project.path.joinpath("__cassettes__/test_a/test_volume.yaml").read_text()
    offline()
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_marks_give_options(project, offline):
    project.makepyfile(
        test_a="""
        import uuid
        import pytest

        @pytest.mark.whalesong(cassette="recorded/volume.yaml", ignore=["json.Labels"])
        def test_volume(client):
            client.volumes.create("tide", labels={"at": str(uuid.uuid4())})
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
    assert cassettes(project) == ["recorded/volume.yaml"]
    assert "ignore: [json.Labels]" in project.path.joinpath("recorded/volume.yaml").read_text()
    offline()
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_two_tests_cannot_share_a_cassette(project):
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.whalesong(cassette="one.yaml")
        @pytest.mark.parametrize("n", [1, 2])
        def test_a(client, n):
            client.version()
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*have the same cassette*"])


@pytest.mark.parametrize("words", [[], ["-n", "2"]])
def test_capital_letters_make_no_other_cassette(project, words):
    if words:
        pytest.importorskip("xdist")
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.parametrize("name", ["a-b", "A-B"])
        def test_p(client, name):
            client.version()
        """
    )
    result = project.runpytest_subprocess(*words)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*`test_a.py::test_p?a-b?` and `test_a.py::test_p?A-B?` have the same cassette*"])
    result.stdout.no_fnmatch_line("*plugin.py*")
    assert cassettes(project) == ["__cassettes__/test_a/test_p-a-b.yaml"]


XFAIL = """
import pytest

@pytest.mark.xfail({words})
def test_a(client):
    client.version()
    {more}
    assert not {is_failing}
"""
CLASS = """
import unittest
import docker
import pytest

@pytest.mark.usefixtures("whalesong")
class TestDocker(unittest.TestCase):
    @unittest.expectedFailure
    def test_a(self):
        client = docker.from_env()
        self.addCleanup(client.close)
        client.version()
        {more}
        self.fail()
"""
MORE = "client.networks.list()"
EXPECTED_FAILURES = {
    "xfail": XFAIL.format(words="", is_failing=True, more="{more}"),
    "strict": XFAIL.format(words="strict=True", is_failing=True, more="{more}"),
    "raises": XFAIL.format(words="raises=Exception", is_failing=True, more="{more}"),
    "xpass": XFAIL.format(words="", is_failing=False, more="{more}"),
    "unittest": CLASS,
}


@pytest.mark.parametrize("kind", EXPECTED_FAILURES)
def test_what_the_cassette_says_is_not_turned_around(project, offline, monkeypatch, kind):
    """As for the runners of Node (docs/in-process.md, "Tests that are to fail")."""
    expected = {"xpassed" if kind == "xpass" else "xfailed": 1}
    write = lambda more: project.makepyfile(test_a=EXPECTED_FAILURES[kind].format(more=more))
    write("pass")
    project.runpytest_subprocess().assert_outcomes(**expected)
    assert len(cassettes(project)) == 1, "its failure keeps the recording"
    offline()
    project.runpytest_subprocess().assert_outcomes(**expected)
    write(MORE)
    missed = project.runpytest_subprocess()
    missed.assert_outcomes(xfailed=1, errors=1)
    missed.stdout.fnmatch_lines(["*differ from*: 1 missed*", "*GET /*networks* was never recorded*"])
    for path in cassettes(project):
        project.path.joinpath(path).unlink()
    monkeypatch.setenv("CI", "1")
    gone = project.runpytest_subprocess()
    gone.assert_outcomes(errors=1)
    gone.stdout.fnmatch_lines(["*there is no cassette*"])


def test_a_strict_xfail_that_passes_has_no_recording(project):
    project.makepyfile(test_a=XFAIL.format(words="strict=True", is_failing=False, more="pass"))
    project.runpytest_subprocess().assert_outcomes(failed=1)
    assert cassettes(project) == []


def test_a_test_that_skips_itself_may_leave_requests_out(project, offline):
    text = "import pytest\n\ndef test_a(client):\n    {}\n    client.version()\n"
    project.makepyfile(test_a=text.format("pass"))
    project.runpytest_subprocess().assert_outcomes(passed=1)
    offline()
    project.makepyfile(test_a=text.format("pytest.skip()"))
    project.runpytest_subprocess().assert_outcomes(skipped=1)


def test_a_cassette_that_is_no_path_fails_its_own_test_only(project):
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.whalesong(cassette=3)
        def test_a(client):
            pass

        def test_b():
            pass
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["whalesong: `cassette` of the mark `whalesong` must be a path, got `3`"])


def test_options_without_a_name_are_refused(project):
    project.makepyfile(test_a="import pytest\n\n@pytest.mark.whalesong('a.yaml')\ndef test_a(client):\n    pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*takes options by name, as in @pytest.mark.whalesong(cassette='a.yaml')"])


def test_a_simulated_daemon_without_a_cassette(project, offline):
    offline()
    project.makepyfile(
        test_a="""
        import pytest

        pytestmark = pytest.mark.whalesong(mode="mock", engine="20.10")

        def test_a(client, whalesong):
            assert whalesong.mode == "mock"
            assert client.version()["ApiVersion"] == "1.41"
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
    assert cassettes(project) == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_fault_that_no_request_matched_is_named(project, offline, fails):
    offline()
    project.path.joinpath("faults.yaml").write_text("- {on: ContainerStart, answer: {status: 500}}\n")
    project.makepyfile(
        test_a=f"""
        import pytest

        @pytest.mark.whalesong(mode="mock", faults="faults.yaml", fail_on_unused_faults={fails})
        def test_a(client):
            client.ping()
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=int(fails))
    result.stdout.fnmatch_lines(["*unused fault: faults.yaml:1  no request matched `on: ContainerStart`*"])


def test_a_rule_that_matched_nothing_is_named(project, offline):
    offline()
    project.path.joinpath("ping.yaml").write_text(
        "whalesong: 1\nignore: query.t\n---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n  text: OK\n"
    )
    project.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.whalesong(cassette="ping.yaml", mode="replay", allow_unplayed=True)
        def test_a(whalesong):
            pass
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*unused rule: *ping.yaml:2:9  `ignore: query.t` matched nothing*"])


def test_unittest_classes_use_it_too(project, offline):
    tests = """
    import unittest
    import docker
    import pytest

    @pytest.mark.usefixtures("whalesong")
    class TestDocker(unittest.TestCase):
        def test_ping(self):
            self.assertTrue(docker.from_env().ping())
    """
    project.makepyfile(test_a=tests)
    project.runpytest_subprocess().assert_outcomes(passed=1)
    assert cassettes(project) == ["__cassettes__/test_a/TestDocker--test_ping.yaml"]
    offline()
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_an_unknown_option_is_refused_by_name(project):
    project.makepyfile(
        test_a="import pytest\n\n@pytest.mark.whalesong(allow_unplaid=True)\ndef test_a(client):\n    pass\n"
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the mark `whalesong` has no `allow_unplaid`; did you mean `allow_unplayed`*"])


def test_a_missing_tool_is_named_with_the_way_out(project, monkeypatch):
    monkeypatch.setenv("WHALESONG_COMMAND", "whalesong-that-is-not-there")
    project.makepyfile(test_a=VERSION)
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*npm install --save-dev whalesong*"])
    assert result.stdout.str().count("npm install") == 1


WRITTEN = ["whalesong: 1 cassette written", "  __cassettes__/test_a/test_version.yaml"]
OBSOLETE = ["whalesong: 1 cassette obsolete, no test is for it", "  __cassettes__/test_a/test_version.yaml"]
RENAMED = VERSION.replace("test_version", "test_renamed")


def test_saved_and_obsolete_cassettes_are_named(project, monkeypatch):
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess().stdout.fnmatch_lines(WRITTEN)
    project.makepyfile(test_a=RENAMED)
    result = project.runpytest_subprocess()
    result.stdout.fnmatch_lines(OBSOLETE)
    assert result.ret == 0
    monkeypatch.setenv("WHALESONG_OBSOLETE", "fail")
    assert project.runpytest_subprocess().ret == 1


@pytest.mark.parametrize(
    "words", [["test_a.py::test_renamed"], ["-k", "renamed"], ["-k", "nothing"], ["--collect-only", "test_b.py"]]
)
def test_nothing_is_obsolete_in_a_part_of_a_file(project, words):
    project.makepyfile(test_a=VERSION, test_b="def test_b():\n    pass\n")
    project.runpytest_subprocess().assert_outcomes(passed=2)
    project.makepyfile(test_a=RENAMED + "\n\ndef test_other():\n    pass\n")
    project.runpytest_subprocess(*words).stdout.no_fnmatch_line("whalesong: *obsolete*")


def test_nothing_is_obsolete_in_a_file_of_which_a_test_failed(project):
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess().assert_outcomes(passed=1)
    project.makepyfile(test_a=RENAMED + "    assert False\n")
    project.runpytest_subprocess().stdout.no_fnmatch_line("whalesong: *obsolete*")


def test_workers_of_xdist_name_their_cassettes(project):
    pytest.importorskip("xdist")
    project.makepyfile(test_a=VERSION)
    project.runpytest_subprocess("-n", "2").stdout.fnmatch_lines(WRITTEN)
    project.makepyfile(test_a=RENAMED)
    project.runpytest_subprocess("-n", "2").stdout.fnmatch_lines(OBSOLETE)


@pytest.mark.parametrize("names", [["x" * 200], ["???"]])
def test_long_and_unfit_names_are_cut_and_stay_unique(names):
    from pathlib import Path

    from pytest_whalesong.cassette import resolve_cassette_path

    path = resolve_cassette_path(Path("/tests/test_a.py"), names)
    assert len(path.stem) <= 100
    assert path.parent == Path("/tests/__cassettes__/test_a")
    assert path != resolve_cassette_path(Path("/tests/test_a.py"), [names[0] + "!"])
