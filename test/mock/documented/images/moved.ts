/** Images that come from somewhere and go somewhere. */
import { expect } from "vitest";
import { savedImages } from "../../../../src/mock/operations/images/save.ts";
import { type Heard, Mocked } from "../../../playbook/mocked.ts";
import { tarred } from "../../../playbook/tarred.ts";
import { answers, noSuch, OLD, type Row, row, SINCE_1_18, struck } from "../row.ts";

const TAR = "application/x-tar";
const NOBODY = ["X-Registry-Auth: e30="];
const HUB = "127.0.0.1:5000";
const SHOP = { images: [{ name: `${HUB}/shop:1`, files: { "/srv": "open\n" } }, { name: `${HUB}/shop:2` }] };
const PAGE = "http://tide.example/page.tar";
const PAGES = { pages: { [PAGE]: tarred({ "srv/page": "hello\n" }) } };
/** What a daemon says when its registry does not answer. */
const SILENT = {
  registry: { failures: { redis: { message: 'Get "https://registry-1.docker.io/v2/": net/http: request canceled' } } },
};

const create = row(
  "POST /images/create",
  "Create an image",
  answers(200, "it was pulled", { query: "fromImage=redis&tag=7", says: '"status":"', holds: isThere("redis:7") }),
  answers(200, "it was pulled from a registry of one's own", {
    at: OLD,
    query: `fromImage=shop&tag=1&registry=${HUB}`,
    engine: { registry: { images: { [`${HUB}/shop:1`]: {} } } },
    says: '"status":"',
    holds: isThere(`${HUB}/shop:1`),
  }),
  answers(200, "it was made of what was sent", {
    query: "fromSrc=-&repo=reef&tag=1",
    body: tarred({ "srv/page": "hello\n" }),
    says: '"status":"',
    holds: isThere("reef:1"),
  }),
  answers(200, "it was made of a page", {
    query: `fromSrc=${PAGE}&repo=reef`,
    engine: PAGES,
    says: "Downloading from",
    holds: isThere("reef:latest"),
  }),
  answers(404, "the registry has no such image", {
    query: "fromImage=nosuch&tag=1",
    says: "pull access denied for nosuch",
  }),
  answers(500, "the registry does not answer", {
    query: "fromImage=redis&tag=7",
    engine: SILENT,
    says: "request canceled",
  }),
);

const insert = row(
  "POST /images/{name}/insert",
  "Insert a file in an image",
  answers(200, "a page is in it", {
    of: "busybox",
    query: `path=/srv/page&url=${PAGE}`,
    engine: PAGES,
    says: /"status":"Inserting.*"progressDetail":\{"current":\d+/,
  }),
  answers(500, "there is no such image", {
    of: "nosuch",
    query: `path=/srv&url=${PAGE}`,
    engine: PAGES,
    says: "No such image",
  }),
);

const push = row(
  "POST /images/{name}/push",
  "Push an image on the registry",
  answers(200, "all its tags are there", {
    of: `${HUB}/shop`,
    given: SHOP,
    headers: NOBODY,
    says: /"status":"1: digest.*"status":"2: digest/s,
  }),
  answers(200, "one tag is there", {
    at: SINCE_1_18,
    of: `${HUB}/shop`,
    query: "tag=2",
    given: SHOP,
    headers: NOBODY,
    says: '"status":"2: digest',
    holds: ({ text }) => expect(text).not.toContain('"status":"1: digest'),
  }),
  answers(200, "it is in a registry of one's own", {
    at: OLD,
    of: "reef",
    query: `registry=${HUB}`,
    given: { images: [{ name: "reef" }] },
    headers: NOBODY,
    says: /"status":"latest: digest/,
  }),
  noSuch("image", /No such image: nosuch/, { at: OLD, headers: NOBODY }),
  noSuch("image", "An image does not exist locally with the tag: nosuch", {
    at: SINCE_1_18,
    headers: NOBODY,
    instead: 200,
    type: "application/json",
    otherwise: "the stream has begun by then, and tells of it",
  }),
  struck(500, "busybox", { headers: NOBODY }),
);

const get = row(
  "GET /images/{name}/get",
  "Get a tarball containing all images in a repository",
  answers(200, "a tar", { of: "busybox", type: TAR, holds: isTarOf("busybox:latest") }),
  answers(500, "there is no such image", { at: OLD, of: "nosuch", says: /No such image: nosuch/ }),
  struck(500, "busybox", { at: SINCE_1_18, otherwise: "an image that is not there is told with 404" }),
);

const getAll = row(
  "GET /images/get",
  "Get a tarball containing all images",
  answers(200, "a tar", {
    query: "names=hello-world%3Alatest&names=busybox",
    type: TAR,
    holds: isTarOf("hello-world:latest", "busybox:latest"),
  }),
  struck(500, undefined, { query: "names=busybox", otherwise: "an image that is not there is told with 404" }),
);

const load = row(
  "POST /images/load",
  "Load a tarball with a set of images and tags into docker",
  answers(200, "they are there", {
    at: SINCE_1_18,
    body: await saved("tide:low"),
    otherwise: "it is told in a stream of JSON which they are",
    holds: isThere("tide:low"),
  }),
  answers(200, "they are there", {
    at: OLD,
    body: await saved("tide:low"),
    type: undefined,
    holds: isThere("tide:low"),
  }),
  answers(500, "it is no tar", { at: OLD, body: Buffer.from("no tar"), says: /./ }),
  struck(500, undefined, { at: SINCE_1_18, otherwise: "what is no tar is told of in the stream" }),
);

export const imagesMoved: readonly Row[] = [create, insert, push, get, getAll, load];

type Holds = (answer: Heard, docker: Mocked) => void;

function isThere(name: string): Holds {
  return (_, { engine }) => expect(engine.images.lookUp(name)?.tags).toContain(name);
}

/** All its names stand in it. */
function isTarOf(...names: readonly string[]): Holds {
  return ({ text }) => {
    expect(text).toContain("manifest.json");
    for (const name of names) expect(text).toContain(name);
  };
}

/** What another daemon has saved. */
async function saved(name: string): Promise<Buffer> {
  const { engine } = new Mocked({}, { images: [{ name, files: { "/srv/page": "hello\n" } }] });
  const pieces: Buffer[] = [];
  for await (const piece of savedImages(engine, [name])) pieces.push(piece);
  return Buffer.concat(pieces);
}
