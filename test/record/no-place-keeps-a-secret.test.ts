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
