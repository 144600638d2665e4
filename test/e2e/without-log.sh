#!/bin/sh
# without-log.sh COMMAND...: runs it without the lines that a docker CLI logs with its own clock (`time="..." ...`).
# Whether 20.10 says "error waiting for container: context canceled" as it leaves is a race among its own threads.
heard=$(mktemp)
"$@" 2>"$heard"
status=$?
grep -v '^time="' "$heard" >&2
rm -f "$heard"
exit $status
