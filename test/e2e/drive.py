#!/usr/bin/env python3
"""drive.py [--pty] SCRIPT COMMAND...: runs COMMAND, on a terminal of 80x24 or on pipes, and plays SCRIPT at it.

SCRIPT: steps joined by `;;`. `expect:TEXT` waits until TEXT has been printed since the last match; `send:TEXT` types
it; both with Python's escapes. `signal:INT`; `eof` closes stdin; `resize:COLSxROWS`, again and again until what is
expected next comes: nobody can see when a client begins to watch its window. What the command prints is printed, and
its exit status is ours (128 and the signal's number, where a signal ended it). Nothing here trusts to time: a text
that never comes ends the command after 60 s, with status 99.
"""
import fcntl, os, pty, select, signal, struct, subprocess, sys, termios, time

is_terminal = sys.argv[1] == "--pty"
script, *command = sys.argv[2 if is_terminal else 1 :]
DEADLINE = time.monotonic() + 60


def size(fd, cols, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def on_terminal():
    ours, theirs = pty.openpty()
    size(theirs, 80, 24)

    def take_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=take_terminal
    )
    os.close(theirs)
    return child, ours, ours


def on_pipes():
    # Ctrl-C is ignored in what a shell runs in the background; here it must not be.
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    return child, child.stdin.fileno(), child.stdout.fileno()


child, keyboard, screen = on_terminal() if is_terminal else on_pipes()
seen, mark = b"", 0
wanted = None


def look():
    """Reads once; False when there is no more to come."""
    global seen
    while not select.select([screen], [], [], 0.2)[0]:
        if time.monotonic() > DEADLINE:
            fail(b"nothing more was printed")
        if wanted:
            resize(*wanted)
    try:
        more = os.read(screen, 65536)
    except OSError:  # Linux says EIO where the last process has left the terminal
        more = b""
    seen += more
    return more != b""


def resize(cols, rows):
    size(keyboard, cols, rows - 1)
    size(keyboard, cols, rows)


def fail(why):
    child.kill()
    sys.stdout.buffer.write(seen + b"\n[drive: " + why + b"]\n")
    sys.stdout.flush()
    os._exit(99)


for step in script.split(";;") if script else []:
    verb, _, what = step.partition(":")
    text = what.encode().decode("unicode_escape").encode("latin1")
    if verb == "expect":
        while (found := seen.find(text, mark)) < 0:
            if not look():
                fail(b"never saw " + text)
        mark, wanted = found + len(text), None
    elif verb == "send":
        os.write(keyboard, text)
    elif verb == "resize":
        wanted = tuple(map(int, what.split("x")))
        resize(*wanted)
    elif verb == "signal":
        child.send_signal(getattr(signal, "SIG" + what))
    elif verb == "eof":
        child.stdin.close()
    else:
        fail(b"what is " + step.encode())

while look():
    pass
status = child.wait()
sys.stdout.buffer.write(seen)
sys.stdout.flush()
sys.exit(status if status >= 0 else 128 - status)
