import { describe, expect, test } from "vitest";
import {
  parseReference,
  parseTaggedReference,
  toFamiliarName,
  toFamiliarText,
  toFullName,
  withLatest,
} from "../../../src/mock/model/image-reference.ts";
import { dropHubPrefix, toRepositoryName, withDefaultTag } from "../../../src/mock/model/image-store.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";

const DIGEST = `sha256:${"f".repeat(64)}`;

describe("a name has a domain, a path, and what it says of tag and digest", () => {
  test.each([
    ["busybox", "docker.io/library/busybox", undefined, undefined],
    ["test_com", "docker.io/library/test_com", undefined, undefined],
    ["test.com:tag", "docker.io/library/test.com", "tag", undefined],
    ["test.com:5000", "docker.io/library/test.com", "5000", undefined],
    ["test:5000/repo", "test:5000/repo", undefined, undefined],
    ["test:5000/repo:tag", "test:5000/repo", "tag", undefined],
    [`test:5000/repo@${DIGEST}`, "test:5000/repo", undefined, DIGEST],
    [`test:5000/repo:tag@${DIGEST}`, "test:5000/repo", "tag", DIGEST],
    ["localhost/web", "localhost/web", undefined, undefined],
    ["tide/web", "docker.io/tide/web", undefined, undefined],
    ["docker.io/busybox", "docker.io/library/busybox", undefined, undefined],
    ["index.docker.io/tide/web", "docker.io/tide/web", undefined, undefined],
    ["a/b/c/d", "docker.io/a/b/c/d", undefined, undefined],
    ["foo/foo_bar.com:8080", "docker.io/foo/foo_bar.com", "8080", undefined],
    ["foo__bar/a--b", "docker.io/foo__bar/a--b", undefined, undefined],
    ["xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage", "xn--n3h.com", undefined],
    ["127.0.0.1:5000/a:T", "127.0.0.1:5000/a", "T", undefined],
  ])("%s", (text, name, tag, digest) => {
    const reference = parseReference(text);
    expect([toFullName(reference), reference.tag, reference.digest]).toEqual([name, tag, digest]);
  });
});

describe("an invalid name is an error", () => {
  const INVALID = "400 invalid reference format";
  test.each([
    ["", INVALID],
    [":tag", INVALID],
    ["web:", INVALID],
    ["-web", INVALID],
    ["web-", INVALID],
    ["a..b", INVALID],
    ["a___b", INVALID],
    ["a//b", INVALID],
    ["/a", INVALID],
    ["a/", INVALID],
    ["we b", INVALID],
    ["-test.com/web", INVALID],
    [`web:${"t".repeat(129)}`, INVALID],
    ["web:.tag", INVALID],
    ["web@sha256:abc", INVALID],
    [`@${DIGEST}`, INVALID],
    ["Web", `${INVALID}: repository name (library/Web) must be lowercase`],
    ["test:5000/Tide/web:tag", `${INVALID}: repository name (Tide/web) must be lowercase`],
    ["f".repeat(64), `400 invalid repository name (${"f".repeat(64)}), cannot specify 64-byte hexadecimal strings`],
    [`web@sha256:${"f".repeat(63)}`, "400 invalid checksum digest length"],
    [`web@sha256:${"F".repeat(64)}`, "400 invalid checksum digest format"],
    [`web@md5:${"f".repeat(32)}`, "400 unsupported digest algorithm"],
    [`${"a/".repeat(127)}ab`, "400 repository name must not be more than 255 characters"],
  ])("%j", (text, error) => {
    expect(catchApiError(() => parseReference(text))).toBe(error);
  });

  test.each(["t".repeat(128), "_", "1.0-rc_1", "T"])("but %s is a tag", (tag) => {
    expect(parseReference(`web:${tag}`).tag).toBe(tag);
  });
});

describe("the tag of a query", () => {
  test.each([
    ["web", "", "web"],
    ["web", "1", "web:1"],
    ["web:1", "2", "web:2"],
    ["web", DIGEST, `web@${DIGEST}`],
    ["docker.io/library/web", "1", "web:1"],
  ])("%s with %j", (repo, tag, text) => {
    expect(toFamiliarText(parseTaggedReference(repo, tag))).toBe(text);
  });

  test("must be a tag or a digest", () => {
    expect(catchApiError(() => parseTaggedReference("web", "a b"))).toBe("400 invalid tag format");
  });
});

test("a reference without tag and digest gets the tag `latest`", () => {
  expect(["web", "web:1", `web@${DIGEST}`].map((text) => withLatest(parseReference(text)).tag)).toEqual([
    "latest",
    "1",
    undefined,
  ]);
});

test("the familiar name leaves out Docker Hub's own domain and folder", () => {
  const names = ["docker.io/library/web", "docker.io/tide/web", "127.0.0.1:5000/library/web"];
  expect(names.map((name) => toFamiliarName(parseReference(name)))).toEqual([
    "web",
    "tide/web",
    "127.0.0.1:5000/library/web",
  ]);
});

test.each([
  ["web", "web:latest"],
  ["web:1", "web:1"],
  ["127.0.0.1:5000/web", "127.0.0.1:5000/web:latest"],
  [`web@${DIGEST}`, `web@${DIGEST}`],
])("the default tag of %s makes %s", (name, tagged) => {
  expect(withDefaultTag(name)).toBe(tagged);
});

test.each([
  ["docker.io/library/web:1", "web:1"],
  ["index.docker.io/tide/web", "tide/web"],
  ["library/web", "web"],
  ["quay.io/library/web", "quay.io/library/web"],
])("the prefix of %s drops to %s", (name, short) => {
  expect(dropHubPrefix(name)).toBe(short);
});

test("tags and digests of one repository share its name", () => {
  const names = ["web:1", `web@${DIGEST}`, "127.0.0.1:5000/web:1"];
  expect(names.map(toRepositoryName)).toEqual(["web", "web", "127.0.0.1:5000/web"]);
});
