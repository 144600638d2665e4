// Package whalesongtest gives each test a cassette of the Docker Engine API: recorded once with a daemon, replayed
// without one from then on.
//
//	func TestRun(t *testing.T) {
//		whalesongtest.Use(t)
//		cli, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
//		...
//	}
//
// The cassette is __cassettes__/FILE/TestRun.yaml beside the test. It needs the command line tool whalesong, found as
// WHALESONG_COMMAND, in the nearest node_modules, or on the PATH.
package whalesongtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const (
	folder = "__cassettes__"
	// Most file systems allow 255 bytes, and the folder of sidecars has the same name.
	longestName = 100
	cassettes   = "/_whalesong/cassettes"
	install     = "install it with `npm install --save-dev whalesong`, or name its command with WHALESONG_COMMAND"
)

// Variables that would send a client to another daemon, or make it speak TLS.
var misleading = []string{"DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"}

// Variables that decide what a test does. The server reads them; this process must as well, for dependOn.
var deciding = []string{
	"CI", "WHALESONG_MODE", "WHALESONG_UPSTREAM", "WHALESONG_CONTROL", "WHALESONG_COMMAND",
	"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH",
}

// Characters that some file systems do not accept, or show differently.
var unfit = regexp.MustCompile(`[^\pL\pN_.]+`)

// Options of a cassette. The zero value is the default of each.
type Options struct {
	// Path of the cassette, from the folder of the test. Default: after the test's file and name.
	Cassette string `json:"cassette"`
	// Mode is once, replay, record, append, passthrough or mock. Default: WHALESONG_MODE, else replay if CI is set, else once.
	Mode string `json:"mode,omitempty"`
	// Upstream is the daemon to record, or mock. Default: WHALESONG_UPSTREAM, else the one that docker uses.
	Upstream string `json:"upstream,omitempty"`
	// Listen is where clients connect, such as tcp://127.0.0.1:0. Default: a unix socket in a new folder.
	Listen string `json:"listen,omitempty"`
	// Ignore names parts of requests that are not compared, such as json.Labels.
	Ignore []string `json:"ignore,omitempty"`
	// Bind names parts whose value of today stands for the recorded one.
	Bind []string `json:"bind,omitempty"`
	// Match names request headers that are compared as well.
	Match []string `json:"match,omitempty"`
	// Redact names settings and /PATTERNS/ that are kept out of a recording.
	Redact []string `json:"redact,omitempty"`
	// AllowSecrets names what is no secret though it looks like one: the beginning of a request, or what was found.
	AllowSecrets []string `json:"allowSecrets,omitempty"`
	// Contexts is what a recording keeps of the files that a build by BuildKit is sent: files, or digests. Default: files.
	Contexts string `json:"contexts,omitempty"`
	// AllowUnplayed lets a test leave out recorded requests.
	AllowUnplayed bool `json:"allowUnplayed,omitempty"`
	// KeepFailed keeps the recording of a test that failed.
	KeepFailed bool `json:"keepFailed,omitempty"`
	// Strict makes a read that was not recorded at this point of history a miss.
	Strict bool `json:"strict,omitempty"`
	// Ports accepts connections on the TCP ports that containers publish.
	Ports bool `json:"ports,omitempty"`
	// Tempo is none, recorded, or a speed like 2x.
	Tempo string `json:"tempo,omitempty"`
	// Faults is the path of a YAML file: what goes wrong, at which call.
	Faults string `json:"faults,omitempty"`
	// FailOnUnusedFaults fails the test if a fault was never applied; otherwise it is a line of the test's log.
	FailOnUnusedFaults bool `json:"failOnUnusedFaults,omitempty"`
	// State is the path of a YAML file: the initial state of a simulated daemon.
	State string `json:"state,omitempty"`
	// Engine is the release that a simulated daemon resembles: 20.10 or 28.
	Engine string `json:"engine,omitempty"`
}

// A Cassette answers at DockerHost until the test ends.
type Cassette struct {
	Path string
	// Mode is the one in force: record, replay, append, passthrough or mock.
	Mode string
	// DockerHost is the value for DOCKER_HOST.
	DockerHost string

	id string
}

// Use inserts the test's cassette and sets DOCKER_HOST until the test ends. What is not as recorded fails the test;
// the recording of a test that failed is thrown away. Parallel tests cannot set variables: they use Insert.
func Use(t testing.TB, options ...Options) *Cassette {
	t.Helper()
	cassette := insert(t, shared, callerFile(), options)
	for _, name := range misleading {
		// So that the variable comes back in the end.
		t.Setenv(name, "")
		os.Unsetenv(name)
	}
	t.Setenv("DOCKER_HOST", cassette.DockerHost)
	return cassette
}

// Insert does what Use does, and leaves DOCKER_HOST alone.
func Insert(t testing.TB, options ...Options) *Cassette {
	t.Helper()
	return insert(t, shared, callerFile(), options)
}

// callerFile is the file that called the exported function.
func callerFile() string {
	_, file, _, _ := runtime.Caller(2)
	return file
}

func insert(t testing.TB, on *server, testFile string, options []Options) *Cassette {
	t.Helper()
	request := Options{}
	if len(options) > 0 {
		request = options[0]
	}
	path, err := filepath.Abs(choosePath(request.Cassette, testFile, t.Name()))
	if err != nil {
		t.Fatalf("whalesong: %v", err)
	}
	if err := reserve(path, t.Name()); err != nil {
		t.Fatalf("whalesong: %v", err)
	}
	request.Cassette = path
	dependOn(request)
	cassette, err := on.insert(insertion{request, recordCommand(t.Name()), "go"})
	if err != nil {
		t.Fatalf("whalesong: %v", err)
	}
	t.Cleanup(func() { settle(t, on, cassette) })
	return cassette
}

// dependOn makes the result of the test depend on what the server reads: go test shows a cached result as long as the
// variables and files that this process has looked at are the same (go help test, "caching").
func dependOn(request Options) {
	for _, name := range deciding {
		os.Getenv(name)
	}
	sidecars := strings.TrimSuffix(request.Cassette, filepath.Ext(request.Cassette))
	for _, path := range []string{request.Cassette, sidecars, request.Faults, request.State} {
		if path == "" {
			continue
		}
		filepath.WalkDir(path, func(path string, _ fs.DirEntry, _ error) error {
			// The size and time of what is opened count; of a file that is not there, that it is not.
			if file, err := os.Open(path); err == nil {
				file.Close()
			}
			return nil
		})
	}
}

// owners has the test of each cassette, by the path as the file systems of macOS and Windows take it.
var owners sync.Map

// reserve refuses a second test the cassette of the first: they would overwrite each other's recording.
func reserve(path, testName string) error {
	owner, _ := owners.LoadOrStore(strings.ToLower(path), testName)
	if owner == testName {
		return nil
	}
	return fmt.Errorf("%s and %s have the same cassette, %s (capital letters do not count, as on the file systems of macOS "+
		"and Windows); rename one of them, or name its cassette: whalesongtest.Options{Cassette: ...}",
		owner, testName, relative(path))
}

// An insertion is what the control door is sent: the options, and the command that a miss names.
type insertion struct {
	Options
	RecordCommand string `json:"recordCommand"`
	// Caller makes messages use the words of this package.
	Caller string `json:"caller"`
}

// recordCommand is the line that records one test again: TestRun/fast is the pattern ^TestRun$/^fast$. With -count=1 no
// result is cached, be it of a recording.
func recordCommand(testName string) string {
	parts := strings.Split(testName, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return "WHALESONG_MODE=record go test -count=1 -run '" + strings.ReplaceAll(strings.Join(parts, "/"), "'", `'\''`) + "' ."
}

// settle runs after the clean-ups of the test that were registered behind the cassette: they may speak to Docker.
func settle(t testing.TB, on *server, cassette *Cassette) {
	t.Helper()
	verdict, err := on.eject(cassette, t.Failed() || t.Skipped())
	for _, fault := range verdict.UnusedFaults {
		t.Logf("whalesong: unused fault: %s", fault)
	}
	for _, rule := range verdict.UnusedRules {
		t.Logf("whalesong: unused rule: %s", rule)
	}
	if verdict.Saved {
		t.Logf("whalesong: recorded %s", relative(cassette.Path))
	}
	if err != nil {
		t.Errorf("whalesong: %v", err)
	} else if !verdict.OK {
		t.Errorf("%s", verdict.Message)
	}
}

// relative is the path as it is seen from the folder of the tests.
func relative(path string) string {
	if folder, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(folder, path); err == nil {
			return short
		}
	}
	return path
}

// choosePath gives jobs_test.go and TestRun/fast the path __cassettes__/jobs/TestRun--fast.yaml. Tests run in the folder
// of their file.
func choosePath(named, testFile, testName string) string {
	if named != "" {
		return named
	}
	var parts []string
	for _, part := range strings.Split(testName, "/") {
		parts = append(parts, strings.Trim(unfit.ReplaceAllString(part, "-"), "-."))
	}
	name := strings.Join(parts, "--")
	if name == "" || len(name) > longestName {
		digest := sha256.Sum256([]byte(testName))
		name = strings.ToValidUTF8(name[:min(len(name), longestName-9)], "") + "-" + hex.EncodeToString(digest[:4])
	}
	file := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(testFile), ".go"), "_test")
	return filepath.Join(folder, file, name+".yaml")
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// shared is the server of all tests of the process.
var shared = &server{}

// A server is the process whalesong serve. It ends when this process does: then its stdin closes.
type server struct {
	once   sync.Once
	url    string
	failed error
	// stdin is held open for as long as the server is needed.
	stdin  io.WriteCloser
	client *http.Client
}

type verdict struct {
	OK           bool     `json:"ok"`
	Message      string   `json:"message"`
	Saved        bool     `json:"saved"`
	UnusedFaults []string `json:"unusedFaults"`
	UnusedRules  []string `json:"unusedRules"`
}

func (s *server) insert(request insertion) (*Cassette, error) {
	var state struct{ ID, Mode, DockerHost string }
	if err := s.send("POST", cassettes, request, &state); err != nil {
		return nil, err
	}
	return &Cassette{Path: request.Cassette, Mode: state.Mode, DockerHost: state.DockerHost, id: state.ID}, nil
}

func (s *server) eject(cassette *Cassette, failed bool) (verdict, error) {
	var result verdict
	err := s.send("DELETE", fmt.Sprintf("%s/%s?failed=%t", cassettes, cassette.id, failed), nil, &result)
	return result, err
}

func (s *server) send(method, path string, content, result interface{}) error {
	s.once.Do(func() { s.failed = s.start() })
	if s.failed != nil {
		return s.failed
	}
	request, err := newRequest(method, "http://localhost"+path, content)
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("cannot reach whalesong at %s: %w", s.url, err)
	}
	defer response.Body.Close()
	return readAnswer(response, result)
}

func newRequest(method, url string, content interface{}) (*http.Request, error) {
	if content == nil {
		return http.NewRequest(method, url, nil)
	}
	body, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, err
}

func readAnswer(response *http.Response, result interface{}) error {
	if response.StatusCode < 400 {
		return json.NewDecoder(response.Body).Decode(result)
	}
	var refusal struct{ Message, Code string }
	if err := json.NewDecoder(response.Body).Decode(&refusal); err != nil {
		return err
	}
	return fmt.Errorf("%s [%s]", refusal.Message, refusal.Code)
}

// start starts the process with the environment of now: its DOCKER_HOST is the daemon that is recorded.
func (s *server) start() error {
	if s.url = os.Getenv("WHALESONG_CONTROL"); s.url == "" {
		if err := s.spawn(); err != nil {
			return err
		}
	}
	network, address := "unix", strings.TrimPrefix(s.url, "unix://")
	if strings.HasPrefix(s.url, "tcp://") {
		network, address = "tcp", strings.TrimPrefix(s.url, "tcp://")
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	s.client = &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	return nil
}

func (s *server) spawn() error {
	words := append(findCommand(), "serve", "--until-stdin-closes")
	command := exec.Command(words[0], words[1:]...)
	stdin, err := command.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	stderr := &lineFilter{}
	command.Stderr = stderr
	if err := command.Start(); err != nil {
		return fmt.Errorf("cannot start `%s`: %w; %s", strings.Join(words, " "), err, install)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		command.Wait()
		return fmt.Errorf("`%s` did not start: %s; %s", strings.Join(words, " "), stderr.text(), install)
	}
	s.stdin, s.url = stdin, strings.TrimSpace(line)
	return nil
}

// findCommand finds the command line tool: what the environment names, else that of the nearest node_modules, else that
// on the PATH.
func findCommand() []string {
	if words := strings.Fields(os.Getenv("WHALESONG_COMMAND")); len(words) > 0 {
		return words
	}
	at, err := os.Getwd()
	for err == nil {
		local := filepath.Join(at, "node_modules", ".bin", "whalesong")
		if _, err := os.Stat(local); err == nil {
			return []string{local}
		}
		if at == filepath.Dir(at) {
			break
		}
		at = filepath.Dir(at)
	}
	return []string{"whalesong"}
}

// A lineFilter passes warnings of the server on to stderr, and remembers everything for the error of a start.
type lineFilter struct {
	mutex sync.Mutex
	all   bytes.Buffer
}

func (f *lineFilter) Write(piece []byte) (int, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, line := range strings.SplitAfter(string(piece), "\n") {
		if strings.HasPrefix(line, "whalesong: ") {
			os.Stderr.WriteString(line)
		}
	}
	return f.all.Write(piece)
}

func (f *lineFilter) text() string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return strings.TrimSpace(f.all.String())
}
