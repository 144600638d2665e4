/**
 * A client that does all that clients do, on connections of its own beside each other: what it hears is to be the same
 * whenever, and from whomever, it is heard. It never asks for what is under way: it waits for it.
 */
import type { Connection } from "../../src/session/connection.ts";
import { encodeJsonRequest, request, upgradeRequest } from "./http.ts";
import { type Bytes, Peer, toBytes } from "./peer.ts";
import { packTar } from "./tarred.ts";

const V = "/v1.41";
const CREDENTIALS = `X-Registry-Auth: ${Buffer.from("{}").toString("base64")}`;
/** A little of everything that takes time: sleeps, pipes, a child in the background, a signal that is listened to. */
const SCRIPT =
  "trap 'echo bye; exit 4' TERM; echo ready; cat > /typed; (sleep 0.02; echo child >&2) & sleep 0.01; seq 1 2000 | tail -n 1; wait; sleep 600 & wait";

/** A running container, and its attached clients. */
interface Running {
  readonly id: string;
  readonly attached: Peer;
  readonly waiting: Peer;
}

export class WholeSession {
  readonly #connect: () => Promise<Connection>;
  readonly #heard: string[] = [];

  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  /** All answers, each behind its question; but for the time of day (docs/decisions/0004). */
  async heard(): Promise<readonly string[]> {
    const events = await this.#opens("events", request(`GET ${V}/events`));
    await this.#fetchesImages();
    const running = await this.#runs();
    await this.#looksAt(running.id);
    await this.#movesFiles(running.id);
    await this.#ends(running);
    await this.#makesImages();
    this.#notes("events", await events.hearsUpTo('"Action":"prune"'));
    await events.closesItsHalf();
    return this.#heard;
  }

  async #fetchesImages(): Promise<void> {
    await this.#asks(request("GET /_ping"));
    await this.#asks(request(`GET ${V}/version`));
    await this.#asks(request(`POST ${V}/images/create?fromImage=alpine&tag=3.19`));
    await this.#asks(request(`POST ${V}/images/create?fromImage=nobody/knows&tag=1`));
  }

  /** Attached and waited for before it starts; typed to when it runs. */
  async #runs(): Promise<Running> {
    const web = await this.#creates("web", { Cmd: ["sh", "-c", SCRIPT], OpenStdin: true, StdinOnce: true });
    const attached = await this.#opens(
      "attach",
      upgradeRequest(`POST ${V}/containers/${web}/attach?stream=1&stdin=1&stdout=1&stderr=1`),
    );
    const waiting = await this.#opens("wait", request(`POST ${V}/containers/${web}/wait?condition=next-exit`));
    await this.#asks(request(`POST ${V}/containers/${web}/start`));
    this.#notes("attach", await attached.hearsUpTo("ready\n"));
    await attached.sends("typed\n");
    await attached.closesItsHalf();
    this.#notes("attach", await attached.hearsUpTo("child\n"));
    return { id: web, attached, waiting };
  }

  async #looksAt(web: string): Promise<void> {
    for (const what of ["json", "top", "changes", "stats?stream=0&one-shot=1"]) {
      await this.#asks(request(`GET ${V}/containers/${web}/${what}`));
    }
    await this.#asks(request(`GET ${V}/containers/json?all=1&size=1`));
    const exec = { Cmd: ["sh", "-c", "cat /typed; sleep 0.01; exit 3"], AttachStdout: true, AttachStderr: true };
    const id = await this.#idOf(encodeJsonRequest(`POST ${V}/containers/${web}/exec`, exec));
    await this.#asks(encodeJsonRequest(`POST ${V}/exec/${id}/start`, { Detach: false }));
    await this.#asks(request(`GET ${V}/exec/${id}/json`));
  }

  async #movesFiles(web: string): Promise<void> {
    const tar = { body: packTar({ "page.html": "hello\n" }), headers: ["Content-Type: application/x-tar"] };
    await this.#asks(request(`PUT ${V}/containers/${web}/archive?path=/srv`, tar));
    await this.#asks(request(`PUT ${V}/containers/${web}/archive?path=/tmp`, tar));
    await this.#asks(request(`GET ${V}/containers/${web}/archive?path=/tmp`));
    await this.#asks(request(`HEAD ${V}/containers/${web}/archive?path=/typed`));
  }

  async #ends({ id: web, attached, waiting }: Running): Promise<void> {
    await this.#asks(request(`POST ${V}/containers/${web}/stop?t=600`));
    this.#notes("attach", await attached.hearsAll());
    this.#notes("wait", await waiting.hearsUpTo("}\n"));
    await waiting.closesItsHalf();
    await this.#asks(request(`GET ${V}/containers/${web}/logs?stdout=1&stderr=1&timestamps=1`));
    await this.#asks(request(`GET ${V}/containers/${web}/json`));
  }

  async #makesImages(): Promise<void> {
    await this.#asks(
      encodeJsonRequest(`POST ${V}/commit?container=web&repo=127.0.0.1:5000/made&tag=1&comment=why`, {}),
    );
    const dockerfile =
      "FROM busybox\nCOPY page /srv/page\nRUN cat /srv/page && sleep 0.01 && date > /when\nCMD cat /when\n";
    const context = packTar({ Dockerfile: dockerfile, page: "built\n" });
    await this.#asks(
      request(`POST ${V}/build?t=built&rm=1`, { headers: ["Content-Type: application/x-tar"], body: context }),
    );
    await this.#asks(request(`POST ${V}/images/127.0.0.1:5000/made/push?tag=1`, { headers: [CREDENTIALS] }));
    const saved = await this.#asks(request(`GET ${V}/images/built/get`));
    await this.#asks(request(`DELETE ${V}/images/built`));
    const loaded = Buffer.from(bodyOf(saved), "latin1");
    await this.#asks(request(`POST ${V}/images/load`, { headers: ["Content-Type: application/x-tar"], body: loaded }));
    await this.#asks(request(`GET ${V}/images/built/json`));
    await this.#asks(encodeJsonRequest(`POST ${V}/networks/create`, { Name: "back" }));
    await this.#asks(encodeJsonRequest(`POST ${V}/volumes/create`, {}));
    await this.#asks(request(`DELETE ${V}/containers/web?v=1`));
    await this.#asks(request(`GET ${V}/system/df`));
    await this.#asks(request(`POST ${V}/networks/prune`));
  }

  async #creates(name: string, wanted: object): Promise<string> {
    return this.#idOf(encodeJsonRequest(`POST ${V}/containers/create?name=${name}`, { Image: "busybox", ...wanted }));
  }

  async #idOf(question: Buffer): Promise<string> {
    return /"Id":"(\w{64})"/.exec(await this.#asks(question))?.[1] ?? "";
  }

  /** On a connection of its own. */
  async #asks(question: Bytes): Promise<string> {
    const client = new Peer(await this.#connect());
    await client.sends(question);
    await client.closesItsHalf();
    return this.#notes(firstLine(question), await client.hearsAll());
  }

  /** Says its question, and hears the head of the answer. */
  async #opens(name: string, question: Bytes): Promise<Peer> {
    const client = new Peer(await this.#connect());
    await client.sends(question);
    this.#notes(name, await client.hearsUpTo("\r\n\r\n"));
    return client;
  }

  #notes(what: string, heard: string): string {
    this.#heard.push(`${what}\n${heard.replace(/\r\nDate: [^\r]+/, "")}`);
    return heard;
  }
}

function firstLine(question: Bytes): string {
  return toBytes(question).toString("latin1").split("\r\n", 1)[0] ?? "";
}

/** What a chunked answer says. */
function bodyOf(answer: string): string {
  let rest = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  let body = "";
  for (let size = Number.parseInt(rest, 16); size > 0; size = Number.parseInt(rest, 16)) {
    const start = rest.indexOf("\r\n") + 2;
    body += rest.slice(start, start + size);
    rest = rest.slice(start + size + 2);
  }
  return body;
}
