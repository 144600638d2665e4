// biome-ignore-all lint/suspicious/noTemplateCurlyInString: parameters of a shell look like that
import { expect, test } from "vitest";
import { MockedDaemon } from "../playbook/mocked.ts";

const SCRIPTS: readonly (readonly [script: string, printed: string, status: number])[] = [
  ["echo hello", "hello\n", 0],
  ["echo out; echo err >&2; exit 7", "out\nerr\n", 7],
  ["false || echo no; true && echo yes", "no\nyes\n", 0],
  ["false", "", 1],
  ["nosuch", "sh: nosuch: not found\n", 127],
  ["/bin/sh -c 'echo $0; nosuch'", "/bin/sh\n/bin/sh: nosuch: not found\n", 127],
  ["sh -c 'echo $0'; /bin/sh -c 'echo $0' name", "sh\nname\n", 0],
  ["for o in c b p S; do [ -$o /dev/null ]; echo $o $?; done", "c 0\nb 1\np 1\nS 1\n", 0],
  ['A=1; B="$A 2"; echo \'$A\' "$B" $B ${C:-none} ${#B}', "$A 1 2 1 2 none 3\n", 0],
  ["echo $((6*7)) $(( (1+2)*3 - 10/3 )) $((2 > 1))", "42 6 1\n", 0],
  ["echo $(echo a; echo b) `echo c`", "a b c\n", 0],
  ["for i in 1 2 3; do [ $i = 2 ] && continue; echo line $i; done", "line 1\nline 3\n", 0],
  ["i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done", "1\n2\n3\n", 0],
  ["until false; do break; done; echo done", "done\n", 0],
  ["case foo.txt in *.md) echo md;; *.txt|*.text) echo text;; esac", "text\n", 0],
  ["f() { echo $# $1; return 3; }; f a b; echo $?", "2 a\n3\n", 0],
  ["seq 1 20000 | tail -n 1", "20000\n", 0],
  ["yes | head -n 2", "y\ny\n", 0],
  ["printf 'one\\ntwo\\n' | while read x; do echo got $x; done", "got one\ngot two\n", 0],
  ["cat <<X\nhere $((1+1))\nX", "here 2\n", 0],
  ["echo a > /tmp/x; echo b >> /tmp/x; cat < /tmp/x; wc -l /tmp/x", "a\nb\n2 /tmp/x\n", 0],
  ["cd /tmp && pwd; (cd /etc; pwd); pwd", "/tmp\n/etc\n/tmp\n", 0],
  ["mkdir -p /a/b; touch /a/b/c /a/b/.d; ls /a/b; ls -a /a/b; echo /a/b/*", "c\n.\n..\n.d\nc\n/a/b/c\n", 0],
  ["ls /nosuch", "ls: /nosuch: No such file or directory\n", 1],
  ["set -e; false; echo never", "", 1],
  ["trap 'echo bye' EXIT; exit 3", "bye\n", 3],
  ["x=$(exit 4); echo $?", "4\n", 0],
  ["echo one | grep -c o; echo -n x | md5sum", "1\n9dd4e461268c8034f5c8564e155c67a6  -\n", 0],
  ["true & wait $!; echo $?", "0\n", 0],
  ['set -- a \'b c\'; for w in "$@"; do echo "<$w>"; done; shift; echo $1', "<a>\n<b c>\nb c\n", 0],
  ["v=a.b.c; echo ${v%.*} ${v%%.*} ${v#*.} ${v##*.}", "a.b a b.c c\n", 0],
  ["if [ -e /go ]; then echo go; elif test -d /etc; then echo etc; else echo no; fi", "etc\n", 0],
  ["! true; echo $?", "1\n", 0],
  ["echo a; exec echo b", "a\nb\n", 0],
  ["id; hostname | wc -c; uname", "uid=0(root) gid=0(root) groups=0(root)\n13\nLinux\n", 0],
  ["echo 'a b' | { read x y; echo $y $x; }", "b a\n", 0],
  ["date +%F", "2026-11-20\n", 0],
  ["echo if then; echo a#b # comment", "if then\na#b\n", 0],
  ["if", 'sh: syntax error: unexpected end of file (expecting "then")\n', 2],
];

test.each(SCRIPTS)("sh -c %j", async (script, printed, status) => {
  const docker = new MockedDaemon();
  const id = await docker.runs(script);
  await docker.asks(`POST /v1.41/containers/${id}/wait`);
  expect(await docker.readsLogs(id)).toBe(printed);
  const { json } = await docker.asks(`GET /v1.41/containers/${id}/json`);
  expect(json.State).toMatchObject({ Status: "exited", ExitCode: status });
  expect(docker.faults).toEqual([]);
});
