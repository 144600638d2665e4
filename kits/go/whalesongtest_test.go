package whalesongtest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A trial is a test within a test: it may fail.
type trial struct {
	testing.TB
	name     string
	errors   []string
	logs     []string
	cleanups []func()
	failed   bool
}

func (f *trial) Name() string  { return f.name }
func (f *trial) Helper()       {}
func (f *trial) Failed() bool  { return f.failed || len(f.errors) > 0 }
func (f *trial) Skipped() bool { return false }
func (f *trial) Cleanup(work func()) {
	f.cleanups = append(f.cleanups, work)
}
func (f *trial) Errorf(format string, values ...interface{}) {
	f.errors = append(f.errors, fmt.Sprintf(format, values...))
}
func (f *trial) Logf(format string, values ...interface{}) {
	f.logs = append(f.logs, fmt.Sprintf(format, values...))
}
func (f *trial) Fatalf(format string, values ...interface{}) {
	f.Errorf(format, values...)
	panic(f)
}

// attempt runs work as a test of its own, and returns its errors. fails: it fails for another reason.
func attempt(t *testing.T, on *server, path string, fails bool, options Options, work func(*Cassette)) []string {
	return attemptLogged(t, on, path, fails, options, work).errors
}

// attemptLogged is attempt, and returns the test with all that it has said.
func attemptLogged(t *testing.T, on *server, path string, fails bool, options Options, work func(*Cassette)) *trial {
	inner := &trial{TB: t, name: t.Name(), failed: fails}
	options.Cassette = path
	inner.run(func() { work(insert(inner, on, "a_test.go", []Options{options})) })
	return inner
}

func (inner *trial) run(work func()) {
	defer func() {
		if got := recover(); got != nil && got != interface{}(inner) {
			panic(got)
		}
		for at := len(inner.cleanups) - 1; at >= 0; at-- {
			inner.cleanups[at]()
		}
	}()
	work()
}

func get(t *testing.T, dockerHost, path string) (int, string) {
	t.Helper()
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", strings.TrimPrefix(dockerHost, "unix://"))
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	response, err := client.Get("http://docker" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func expectNone(t *testing.T, errors []string) {
	t.Helper()
	if len(errors) > 0 {
		t.Fatalf("unexpected errors: %v", errors)
	}
}

func expectError(t *testing.T, errors []string, parts ...string) {
	t.Helper()
	if len(errors) != 1 {
		t.Fatalf("expected one error, got %v", errors)
	}
	for _, part := range parts {
		if !strings.Contains(errors[0], part) {
			t.Fatalf("expected %q in the error %s", part, errors[0])
		}
	}
}

// The daemon is that of WHALESONG_UPSTREAM; a replay has none, for its server starts with an environment without one.
func offline(t *testing.T) *server {
	t.Setenv("WHALESONG_UPSTREAM", "")
	t.Setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
	return started(t)
}

func started(t *testing.T) *server {
	s := &server{}
	s.once.Do(func() { s.failed = s.start() })
	if s.failed != nil {
		t.Fatal(s.failed)
	}
	t.Cleanup(func() {
		if s.stdin != nil {
			s.stdin.Close()
		}
	})
	return s
}

func online(t *testing.T) *server {
	for _, name := range []string{"CI", "WHALESONG_MODE", "WHALESONG_CONTROL"} {
		t.Setenv(name, "")
	}
	return started(t)
}

func TestRecordsOnceAndReplaysOffline(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	var recorded, replayed string
	expectNone(t, attempt(t, online(t), path, false, Options{}, func(c *Cassette) {
		if c.Mode != "record" {
			t.Errorf("expected record, got %s", c.Mode)
		}
		_, recorded = get(t, c.DockerHost, "/version")
	}))
	expectNone(t, attempt(t, offline(t), path, false, Options{}, func(c *Cassette) {
		if c.Mode != "replay" {
			t.Errorf("expected replay, got %s", c.Mode)
		}
		_, replayed = get(t, c.DockerHost, "/version")
	}))
	if recorded != replayed || !strings.Contains(recorded, "ApiVersion") {
		t.Errorf("recorded %s, replayed %s", recorded, replayed)
	}
}

func TestARecordingIsLogged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	ask := func(c *Cassette) { get(t, c.DockerHost, "/version") }
	if logs := attemptLogged(t, online(t), path, false, Options{}, ask).logs; len(logs) != 1 || !strings.Contains(logs[0], "recorded ") || !strings.HasSuffix(logs[0], "a.yaml") {
		t.Errorf("expected the path of the cassette, got %v", logs)
	}
	if logs := attemptLogged(t, offline(t), path, false, Options{}, ask).logs; len(logs) != 0 {
		t.Errorf("expected no log of a replay, got %v", logs)
	}
}

func TestAMissAndAnUnplayedExchangeFailTheTest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	expectNone(t, attempt(t, online(t), path, false, Options{}, func(c *Cassette) { get(t, c.DockerHost, "/networks") }))
	s := offline(t)
	expectError(t, attempt(t, s, path, false, Options{}, func(c *Cassette) {
		if status, _ := get(t, c.DockerHost, "/volumes"); status < 400 {
			t.Errorf("a miss is answered with %d", status)
		}
	}), "1 missed", "1 not requested", "GET /volumes", "GET /networks")
	expectError(t, attempt(t, s, path, false, Options{}, func(*Cassette) {}), "1 not requested", "`AllowUnplayed: true` allows this")
	expectNone(t, attempt(t, s, path, false, Options{AllowUnplayed: true}, func(*Cassette) {}))
}

func TestTheRecordingOfAFailedTestIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.yaml")
	s := online(t)
	get := func(c *Cassette) { get(t, c.DockerHost, "/version") }
	expectNone(t, attempt(t, s, path, true, Options{}, get))
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the recording is kept: %v", err)
	}
	expectNone(t, attempt(t, s, path, true, Options{KeepFailed: true}, get))
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the recording is not kept: %v", err)
	}
}

func TestCINothingIsRecorded(t *testing.T) {
	online(t)
	t.Setenv("CI", "true")
	errors := attempt(t, started(t), filepath.Join(t.TempDir(), "a.yaml"), false, Options{}, func(*Cassette) {
		t.Error("a cassette was inserted")
	})
	expectError(t, errors, "`CI` is set, so nothing is recorded", "WHALESONG_MODE=record go test -count=1 -run '^TestCINothingIsRecorded$' .")
}

func TestWithoutADaemonAndACassetteTheCassetteIsMissing(t *testing.T) {
	online(t)
	errors := attempt(t, offline(t), filepath.Join(t.TempDir(), "a.yaml"), false, Options{}, func(*Cassette) {})
	expectError(t, errors, "there is no cassette at", "a.yaml`, so this run would record it", "DOCKER_HOST or WHALESONG_UPSTREAM")
}

func TestUseSetsTheEnvironment(t *testing.T) {
	shared = online(t)
	t.Setenv("DOCKER_CONTEXT", "elsewhere")
	t.Run("inner test", func(t *testing.T) {
		cassette := Use(t, Options{Mode: "mock", Engine: "20.10"})
		if got := os.Getenv("DOCKER_HOST"); got != cassette.DockerHost {
			t.Errorf("DOCKER_HOST is %q", got)
		}
		if got, isSet := os.LookupEnv("DOCKER_CONTEXT"); isSet {
			t.Errorf("DOCKER_CONTEXT is %q", got)
		}
		if _, version := get(t, cassette.DockerHost, "/version"); !strings.Contains(version, `"ApiVersion":"1.41"`) {
			t.Errorf("got %s", version)
		}
		want := filepath.Join(folder, "whalesongtest", "TestUseSetsTheEnvironment--inner_test.yaml")
		if !strings.HasSuffix(cassette.Path, want) {
			t.Errorf("the cassette is %s, not %s", cassette.Path, want)
		}
	})
	if got := os.Getenv("DOCKER_CONTEXT"); got != "elsewhere" {
		t.Errorf("DOCKER_CONTEXT has become %q", got)
	}
}

func TestTwoTestsCannotShareACassette(t *testing.T) {
	s := online(t)
	folder := t.TempDir()
	in := func(name string) *trial {
		inner := &trial{TB: t, name: name}
		inner.run(func() {
			insert(inner, s, filepath.Join(folder, "a_test.go"), []Options{{Cassette: filepath.Join(folder, name), Mode: "mock"}})
		})
		return inner
	}
	expectNone(t, in("TestA").errors)
	expectNone(t, in("TestA").errors)
	expectError(t, in("Testa").errors, "TestA and Testa have the same cassette", "Options{Cassette: ...}")
}

func TestInsertIsForParallelTests(t *testing.T) {
	shared = online(t)
	t.Run("all", func(t *testing.T) {
		for _, name := range []string{"one", "two", "three"} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				cassette := Insert(t, Options{Mode: "mock"})
				if status, _ := get(t, cassette.DockerHost, "/_ping"); status != http.StatusOK {
					t.Errorf("got %d", status)
				}
			})
		}
	})
}

func TestLongAndUnfitNamesStayUnique(t *testing.T) {
	for _, name := range []string{"Test" + strings.Repeat("x", 200), "Test" + strings.Repeat("é", 100), "???"} {
		path, other := choosePath("", "a_test.go", name), choosePath("", "a_test.go", name+"!")
		if base := filepath.Base(path); len(base) > longestName+len(".yaml") || path == other {
			t.Errorf("%s: %s, %s", name, path, other)
		}
	}
}

func TestAMissingToolIsNamedWithTheWayOut(t *testing.T) {
	t.Setenv("WHALESONG_CONTROL", "")
	t.Setenv("WHALESONG_COMMAND", "whalesong-that-is-not-there")
	errors := attempt(t, &server{}, "a.yaml", false, Options{}, func(*Cassette) {})
	expectError(t, errors, "whalesong-that-is-not-there", "npm install")
}
