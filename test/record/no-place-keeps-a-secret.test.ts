/** A canary in each place where clients put secrets (docs/secrets.md): it is in nothing that is written, and any other matches. */
import { expect, test } from "vitest";
import { openCassette } from "../../src/cassette/read.ts";
import { findCanary } from "../playbook/find-canary.ts";
import { answer, encodeJsonAnswer, encodeJsonRequest, request } from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";

interface Row {
  readonly what: string;
  ask(secret: string): Buffer;
  /** @default an empty JSON object */
  answer?(secret: string): string;
}

const OK = encodeJsonAnswer("200 OK", "{}\n");

function creates(what: string, body: (secret: string) => object, path = "/v1.41/containers/create?name=web"): Row {
  return { what, ask: (secret) => encodeJsonRequest(`POST ${path}`, body(secret)) };
}

function asks(what: string, line: (secret: string) => string): Row {
  return { what, ask: (secret) => request(line(secret)) };
}

function answers(what: string, body: (secret: string) => string, line = "GET /v1.41/containers/web/json"): Row {
  return { what, ask: () => request(line), answer: (secret) => encodeJsonAnswer("200 OK", body(secret)) };
}

function answersWith(what: string, field: (secret: string) => string): Row {
  const reply = (secret: string): string => answer("200 OK", { own: [field(secret)], late: ["Content-Length: 0"] });
  return { what, ask: () => request("GET /v1.41/info"), answer: reply };
}

const encode = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const ROWS: readonly Row[] = [
  creates("Env", (s) => ({ Env: ["A=b", `DB_PASSWORD=${s}`] })),
  creates("Env of an exec", (s) => ({ Env: [`API_TOKEN=${s}`], Cmd: ["env"] }), "/v1.41/containers/web/exec"),
  creates(
    "Env of a service",
    (s) => ({ TaskTemplate: { ContainerSpec: { Env: [`SECRET_KEY=${s}`] } } }),
    "/v1.41/services/create",
  ),
  creates("Env of a commit", (s) => ({ Env: [`AUTH_SECRET=${s}`] }), "/v1.41/commit?container=web"),
  creates("the password of a proxy in Env", (s) => ({ Env: [`HTTP_PROXY=http://me:${s}@proxy:3128`] })),
  asks("dockerode's copy of the body in the query", (s) => `POST /v1.41/containers/create?Env=SECRET%3D${s}`),
  asks("a list of it in the query", (s) => `POST /v1.41/containers/create?Env=${encode([`SECRET=${s}`])}`),
  asks("build arguments", (s) => `POST /v1.41/build?remote=a&buildargs=${encode({ TOKEN: s, PLAIN: "x" })}`),
  asks(
    "the password of a proxy in build arguments",
    (s) => `POST /v1.41/build?remote=a&buildargs=${encode({ http_proxy: `http://me:${s}@proxy:3128` })}`,
  ),
  asks("labels of a build", (s) => `POST /v1.41/build?remote=a&labels=${encode({ "a.secret": s })}`),
  asks(
    "the URL of a build's context",
    (s) => `POST /v1.41/build?remote=${encodeURIComponent(`https://me:${s}@git/x`)}`,
  ),
  asks(
    "the URL of an import",
    (s) => `POST /v1.41/images/create?fromSrc=${encodeURIComponent(`http://me:${s}@web/x`)}`,
  ),
  asks("a filter by a label", (s) => `GET /v1.41/containers/json?filters=${encode({ label: [`my.token=${s}`] })}`),
  asks(
    "a filter as a map",
    (s) => `GET /v1.41/containers/json?filters=${encode({ label: { [`my.token=${s}`]: true } })}`,
  ),
  asks("changes of a commit", (s) => `POST /v1.41/commit?container=a&changes=${encodeURIComponent(`ENV TOKEN=${s}`)}`),
  asks("a parameter whose name tells", (s) => `GET /v1.41/info?access_token=${s}`),
  creates("labels", (s) => ({ Labels: { "com.example.api-key": s, "com.example.team": "a" } })),
  creates("a command's flag", (s) => ({ Cmd: ["mysqld", `--root-password=${s}`] })),
  creates("the argument behind a flag", (s) => ({ Cmd: ["login", "--password", s] })),
  creates("a shell's line", (s) => ({ Cmd: ["sh", "-c", `PGPASSWORD=${s} psql`] })),
  creates("a header in a health check", (s) => ({
    Healthcheck: { Test: ["CMD-SHELL", `curl -H "Authorization: Bearer ${s}" http://x`] },
  })),
  creates("curl's user", (s) => ({ Cmd: ["sh", "-c", `curl -u me:${s} http://x`] })),
  creates("an exec's command", (s) => ({ Cmd: ["cli", `--token=${s}`] }), "/v1.41/containers/web/exec"),
  creates("options of a volume", (s) => ({ DriverOpts: { o: `addr=a,password=${s}` } }), "/v1.41/volumes/create"),
  creates("options of a network", (s) => ({ Options: { "my.secret": s } }), "/v1.41/networks/create"),
  creates("options of a log driver", (s) => ({ HostConfig: { LogConfig: { Config: { "splunk-token": s } } } })),
  creates("settings of a plugin", (s) => [`API_KEY=${s}`], "/v1.41/plugins/a/set"),
  creates(
    "privileges of a plugin",
    (s) => [{ Name: "env", Description: "", Value: [`TOKEN=${s}`] }],
    "/v1.41/plugins/pull?remote=a",
  ),
  creates("the data of a config", (s) => ({ Name: "c", Data: base64(s) }), "/v1.41/configs/create"),
  creates("the data of a secret", (s) => ({ Name: "c", Data: base64(s) }), "/v1.41/secrets/create"),
  creates("a login", (s) => ({ username: "me", password: s }), "/v1.41/auth"),
  creates("a login at a path with two slashes", (s) => ({ username: "me", password: s }), "//v1.41/auth"),
  creates("a login at a path that ends with a slash", (s) => ({ username: "me", password: s }), "/v1.41/auth/"),
  creates("a CA's key at an odd path", (s) => ({ Spec: { CAConfig: { SigningCAKey: s } } }), "/v1.41/swarm/init/"),
  creates("a secret at an odd path", (s) => ({ Data: base64(s) }), "/v1.41//secrets/./create"),
  {
    what: "a login that is no JSON, at an odd path",
    ask: (s) => request("POST /v1.41/x/../auth", { body: `password=${s}` }),
  },
  { what: "a login in UTF-16", ask: (s) => request("POST /v1.41/auth", { body: Buffer.from(s, "utf16le") }) },
  {
    what: "a key that is escaped",
    ask: (s) => request("POST /v1.41/auth", { body: `{"pass\\u0077ord":"${s}"}` }),
  },
  {
    what: "a member that stands twice",
    ask: (s) => request("POST /v1.41/auth", { body: `{"password":"${s}","password":"${s}2"}` }),
  },
  answers("Env of an inspection", (s) => `{"Config":{"Env":["DB_PASSWORD=${s}"]}}\n`),
  answers(
    "an image's history",
    (s) => `[{"CreatedBy":"|1 TOKEN=${s} /bin/sh -c true"}]\n`,
    "GET /v1.41/images/a/history",
  ),
  answers("labels of an event", (s) => `{"Actor":{"Attributes":{"my.token":"${s}"}}}\n`),
  answers("the URL in an error", (s) => `{"message":"Get \\"https://me:${s}@registry/v2/\\": EOF"}\n`),
  answers("a config", (s) => `[{"Spec":{"Name":"c","Data":"${base64(s)}"}}]\n`, "GET /v1.41/configs"),
  answers("join tokens", (s) => `{"JoinTokens":{"Worker":"${s}","Manager":"${s}x"}}\n`, "GET /v1.41/swarm"),
  answersWith("Set-Cookie", (s) => `Set-Cookie: session=${s}`),
  answersWith("Www-Authenticate", (s) => `Www-Authenticate: Bearer x="${s}"`),
  answersWith("X-Auth-Token", (s) => `X-Auth-Token: ${s}`),
  answersWith("Location", (s) => `Location: https://me:${s}@host/`),
  creates("a flag that only its program gives away", (s) => ({ Cmd: ["mysql", "-uroot", `-p${s}`] })),
  creates("the same in a shell's line", (s) => ({ Cmd: ["sh", "-c", `redis-cli -a ${s} ping`] })),
  creates("the password of sqlcmd", (s) => ({ Cmd: ["sqlcmd", "-U", "sa", "-P", s] })),
  creates("the password of redis", (s) => ({ Cmd: ["redis-server", "--requirepass", s] })),
  creates("a header that is one word with curl's flag", (s) => ({ Cmd: ["curl", `-HX-Vault-Token:${s}`, "http://x"] })),
  creates("the last word of htpasswd -b", (s) => ({ Cmd: ["htpasswd", "-bn", "me", s] })),
  creates("the last word of an alias of mc", (s) => ({ Cmd: ["mc", "alias", "set", "m", "http://x", "admin", s] })),
  creates("a setting of the AWS client", (s) => ({ Cmd: ["aws", "configure", "set", "aws_secret_access_key", s] })),
  creates("a setting of npm", (s) => ({ Cmd: ["npm", "config", "set", "//registry.test/:_authToken", s] })),
  creates("a password in SQL", (s) => ({ Cmd: ["psql", "-c", `ALTER USER me WITH PASSWORD '${s}'`] })),
  creates("a password in SQL of MySQL", (s) => ({ Cmd: ["mysql", "-e", `CREATE USER me IDENTIFIED BY '${s}'`] })),
  creates("JSON in Env", (s) => ({ Env: [`CONFIG=${JSON.stringify({ db: { password: s } })}`] })),
  creates("a connection string in Env", (s) => ({ Env: [`CONN=Server=x;User Id=a;Password=${s};`] })),
  creates("a shared key in Env", (s) => ({ Env: [`BUS=SharedAccessKeyName=Root;SharedAccessKey=${s}`] })),
  creates("Env whose name has a word of a public key", (s) => ({ Env: [`GPG_PASSPHRASE=${s}`] })),
  creates("Env with credentials", (s) => ({ Env: [`DB_CREDS=${s}`] })),
  creates("options of a container's storage", (s) => ({ HostConfig: { StorageOpt: { "auth-token": s } } })),
  creates("a kernel's settings", (s) => ({ HostConfig: { Sysctls: { "a.secret": s } } })),
  creates("a list of an operation that nobody knows", (s) => ({ list: [{ client_secret: s }] }), "/v1.41/future/thing"),
  creates("a header there", (s) => ({ a: { b: { c: { "X-Api-Key": s } } } }), "/v1.41/future/thing"),
  {
    what: "a form",
    ask: (s) =>
      request("POST /v1.41/future", {
        headers: ["Content-Type: application/x-www-form-urlencoded"],
        body: `a=b&password=${s}`,
      }),
  },
  { what: "a line of text", ask: (s) => request("POST /v1.41/future", { body: `password: ${s}\n` }) },
  {
    what: "JSON that breaks off",
    ask: (s) => request("POST /v1.41/containers/create", { body: `{"Env":["A_TOKEN=${s}` }),
  },
  {
    what: "JSON with what is none",
    ask: (s) => request("POST /v1.41/containers/create", { body: `{"X":NaN,"Env":["A_TOKEN=${s}"]}` }),
  },
  asks("a parameter behind a semicolon", (s) => `GET /v1.41/info?a=b;token=${s}`),
  asks("a setting within a parameter", (s) => `GET /v1.41/info?x=a+TOKEN%3D${s}`),
  asks("the comment of a commit", (s) => `POST /v1.41/commit?container=a&comment=${encodeURIComponent(`token=${s}`)}`),
  asks(
    "a list in the changes of a commit",
    (s) => `POST /v1.41/commit?container=a&changes=${encodeURIComponent(`CMD ["x","--password","${s}"]`)}`,
  ),
  asks("a URL in the path", (s) => `POST /v1.41/images/https%3A%2F%2Fme%3A${s}%40host%2Fx/push`),
  answers("arguments beside their program", (s) => `{"Path":"mysql","Args":["-uroot","-p${s}"]}\n`),
  answers(
    "arguments of an exec beside their program",
    (s) => `{"ProcessConfig":{"entrypoint":"redis-cli","arguments":["-a","${s}"]}}\n`,
    "GET /v1.41/exec/abc/json",
  ),
  answers(
    "a list of processes",
    (s) => `{"Processes":[["1","redis-server --requirepass ${s}"]],"Titles":["PID","CMD"]}\n`,
    "GET /v1.41/containers/web/top",
  ),
  answers("an event of an exec", (s) => `{"Action":"exec_create: mysql -uroot -p${s}"}\n`, "GET /v1.41/events?until=1"),
  answers("a setting in an error", (s) => `{"message":"invalid option password=${s}"}\n`),
  answersWith("a parameter in Location", (s) => `Location: https://host/?token=${s}`),
  {
    what: "the reason",
    ask: () => request("GET /v1.41/info"),
    answer: (s) => encodeJsonAnswer(`500 token=${s}`, "{}\n"),
  },
];

async function play(row: Row, secret: string): Promise<Studio> {
  const studio = new Studio();
  const { client, daemon } = await studio.line();
  const question = row.ask(secret);
  const reply = row.answer?.(secret) ?? OK;
  await client.sends(question);
  await daemon.hears(question);
  await daemon.sends(reply);
  await client.hears(reply);
  await studio.finish();
  return studio;
}

test.each(ROWS)("$what", async (row) => {
  const [recorded, today] = ["Canary-7f3a91c2e5", "Another-0b1d2f3c4e-longer"];
  const { store, warnings } = await play(row, recorded);
  expect(warnings).toEqual([]);
  expect(store.written.flatMap((bytes) => findCanary(bytes, recorded))).toEqual([]);
  expect([...store.sidecars.values()].flatMap((bytes) => findCanary(bytes, recorded))).toEqual([]);
  expect(openCassette(Buffer.from(store.text), "x").entries).toHaveLength(1);
  const theatre = new Theatre(store.text, { sidecars: store.sidecars });
  await theatre.client().sends(row.ask(today));
  await waitForQuiet();
  expect(theatre.misses.map(({ message }) => message)).toEqual([]);
});
