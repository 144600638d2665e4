/** Images that come from somewhere and go somewhere. */
import { expect } from "vitest";
import { saveImages } from "../../../../src/mock/operations/images/save.ts";
import { MockedDaemon, type TestResponse } from "../../../playbook/mocked.ts";
import { packTar } from "../../../playbook/tarred.ts";
import {
  type EndpointRow,
  endpointRow,
  OLD,
  respondsByFault,
  respondsNotFound,
  respondsWith,
  SINCE_1_18,
} from "../endpoint-row.ts";

const TAR = "application/x-tar";
const ANONYMOUS = ["X-Registry-Auth: e30="];
const HUB = "127.0.0.1:5000";
const SHOP = { images: [{ name: `${HUB}/shop:1`, files: { "/srv": "open\n" } }, { name: `${HUB}/shop:2` }] };
const PAGE = "http://tide.example/page.tar";
const PAGES = { pages: { [PAGE]: packTar({ "srv/page": "hello\n" }) } };
/** What a daemon says when its registry does not answer. */
const SILENT = {
  registry: { failures: { redis: { message: 'Get "https://registry-1.docker.io/v2/": net/http: request canceled' } } },
};

const create = endpointRow(
  "POST /images/create",
  "Create an image",
  respondsWith(200, "the image is pulled", {
    query: "fromImage=redis&tag=7",
    matches: '"status":"',
    check: isThere("redis:7"),
  }),
  respondsWith(200, "the image is pulled from another registry", {
    versions: OLD,
    query: `fromImage=shop&tag=1&registry=${HUB}`,
    engine: { registry: { images: { [`${HUB}/shop:1`]: {} } } },
    matches: '"status":"',
    check: isThere(`${HUB}/shop:1`),
  }),
  respondsWith(200, "the image is made of the body", {
    query: "fromSrc=-&repo=reef&tag=1",
    body: packTar({ "srv/page": "hello\n" }),
    matches: '"status":"',
    check: isThere("reef:1"),
  }),
  respondsWith(200, "the image is made of a web page", {
    query: `fromSrc=${PAGE}&repo=reef`,
    engine: PAGES,
    matches: "Downloading from",
    check: isThere("reef:latest"),
  }),
  respondsWith(404, "the registry has no such image", {
    query: "fromImage=nosuch&tag=1",
    matches: "pull access denied for nosuch",
  }),
  respondsWith(500, "the registry does not answer", {
    query: "fromImage=redis&tag=7",
    engine: SILENT,
    matches: "request canceled",
  }),
);

const insert = endpointRow(
  "POST /images/{name}/insert",
  "Insert a file in an image",
  respondsWith(200, "the image has the page", {
    pathValue: "busybox",
    query: `path=/srv/page&url=${PAGE}`,
    engine: PAGES,
    matches: /"status":"Inserting.*"progressDetail":\{"current":\d+/,
  }),
  respondsWith(500, "there is no such image", {
    pathValue: "nosuch",
    query: `path=/srv&url=${PAGE}`,
    engine: PAGES,
    matches: "No such image",
  }),
);

const push = endpointRow(
  "POST /images/{name}/push",
  "Push an image on the registry",
  respondsWith(200, "all tags are pushed", {
    pathValue: `${HUB}/shop`,
    setup: SHOP,
    headers: ANONYMOUS,
    matches: /"status":"1: digest.*"status":"2: digest/s,
  }),
  respondsWith(200, "one tag is pushed", {
    versions: SINCE_1_18,
    pathValue: `${HUB}/shop`,
    query: "tag=2",
    setup: SHOP,
    headers: ANONYMOUS,
    matches: '"status":"2: digest',
    check: ({ text }) => expect(text).not.toContain('"status":"1: digest'),
  }),
  respondsWith(200, "the image is pushed to another registry", {
    versions: OLD,
    pathValue: "reef",
    query: `registry=${HUB}`,
    setup: { images: [{ name: "reef" }] },
    headers: ANONYMOUS,
    matches: /"status":"latest: digest/,
  }),
  respondsNotFound("image", /No such image: nosuch/, { versions: OLD, headers: ANONYMOUS }),
  respondsNotFound("image", "An image does not exist locally with the tag: nosuch", {
    versions: SINCE_1_18,
    headers: ANONYMOUS,
    realStatus: 200,
    contentType: "application/json",
    realDifference: "the stream has begun by then, and tells of it",
  }),
  respondsByFault(500, "busybox", { headers: ANONYMOUS }),
);

const get = endpointRow(
  "GET /images/{name}/get",
  "Get a tarball containing all images in a repository",
  respondsWith(200, "a tar", { pathValue: "busybox", contentType: TAR, check: isTarOf("busybox:latest") }),
  respondsWith(500, "there is no such image", { versions: OLD, pathValue: "nosuch", matches: /No such image: nosuch/ }),
  respondsByFault(500, "busybox", {
    versions: SINCE_1_18,
    realDifference: "an image that is not there is told with 404",
  }),
);

const getAll = endpointRow(
  "GET /images/get",
  "Get a tarball containing all images",
  respondsWith(200, "a tar", {
    query: "names=hello-world%3Alatest&names=busybox",
    contentType: TAR,
    check: isTarOf("hello-world:latest", "busybox:latest"),
  }),
  respondsByFault(500, undefined, {
    query: "names=busybox",
    realDifference: "an image that is not there is told with 404",
  }),
);

const load = endpointRow(
  "POST /images/load",
  "Load a tarball with a set of images and tags into docker",
  respondsWith(200, "the images exist", {
    versions: SINCE_1_18,
    body: await saveImage("tide:low"),
    realDifference: "it is told in a stream of JSON which they are",
    check: isThere("tide:low"),
  }),
  respondsWith(200, "the images exist", {
    versions: OLD,
    body: await saveImage("tide:low"),
    contentType: undefined,
    check: isThere("tide:low"),
  }),
  respondsWith(500, "the body is not a tar", { versions: OLD, body: Buffer.from("no tar"), matches: /./ }),
  respondsByFault(500, undefined, { versions: SINCE_1_18, realDifference: "what is no tar is told of in the stream" }),
);

export const imagesTransfers: readonly EndpointRow[] = [create, insert, push, get, getAll, load];

type Holds = (answer: TestResponse, docker: MockedDaemon) => void;

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
async function saveImage(name: string): Promise<Buffer> {
  const { engine } = new MockedDaemon({}, { images: [{ name, files: { "/srv/page": "hello\n" } }] });
  const pieces: Buffer[] = [];
  for await (const piece of saveImages(engine, [name])) pieces.push(piece);
  return Buffer.concat(pieces);
}
