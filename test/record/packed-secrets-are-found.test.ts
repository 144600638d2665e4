/** The scan looks into what is packed within a tar, such as the layers of an image, where it is asked to. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as zlib from "node:zlib";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findCassetteSecrets } from "../../src/modes/find-cassette-secrets.ts";
import { createTemporaryFolder } from "../io/temporary.ts";
import { encodeHead, request } from "../playbook/http.ts";
import { Studio } from "../playbook/studio.ts";
import { packTar } from "../playbook/tarred.ts";
import { TOKENS } from "../playbook/tokens.ts";

const TOKEN = TOKENS["npm token"] as string;
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer };

const packers: readonly (readonly [string, ((bytes: Buffer) => Buffer) | undefined])[] = [
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
];

/** Few letters, many times: what is packed has none of the plain bytes, which a short text has in zstd. */
const NOTES = Array.from({ length: 4000 }, (_, at) => "etaoin"[(at * at * 7 + at) % 6]).join("");

describe.each(packers)("an image whose layer is in %s", (_, pack) => {
  const makeImage = (isPacked: boolean): Buffer => {
    const layer = packTar({ "root/.npmrc": `token=${TOKEN}\n`, "root/notes": NOTES });
    const archive = packTar({
      "manifest.json": "[]",
      "blobs/sha256/0a1b": pack?.(layer) ?? layer,
      last: "x".repeat(70_000),
    });
    return isPacked ? gzipSync(archive) : archive;
  };

  test.runIf(pack !== undefined).each([false, true])(
    "is found by `check --secrets`, archive in gzip: %s",
    async (isPacked) => {
      const folder = createTemporaryFolder();
      const image = makeImage(isPacked);
      const sha256 = createHash("sha256").update(image).digest("hex");
      mkdirSync(join(folder, "web"));
      writeFileSync(join(folder, "web/image.tar"), image);
      const reference = `{path: web/image.tar, size: ${image.length}, sha256: ${sha256}}`;
      const text = `whalesong: 1\n---\nrequest: GET /v1.41/images/web/get\nresponse: {status: 200 OK, file: ${reference}}\n`;
      writeFileSync(join(folder, "web.yaml"), text);
      const hits = await findCassetteSecrets(join(folder, "web.yaml"), [], {});
      expect(hits.map(({ at, place, what }) => [at.replace(/ at byte \d+/, ""), place, what])).toEqual([
        ["web/image.tar in `blobs/sha256/0a1b`", "web/image.tar", "npm token"],
      ]);
      expect(await findCassetteSecrets(join(folder, "web.yaml"), ["web/image"], {})).toEqual([]);
    },
  );

  test.runIf(pack !== undefined).each([
    [["tars"], /run\/.*\.tar in `blobs\/sha256\/0a1b` at byte \d+: npm token/],
    [[], /^none$/],
  ])("with the rules %j the recording ends so: %s", async (rules, expected) => {
    const body = makeImage(false);
    const studio = new Studio({ redaction: { rules } });
    const head = encodeHead("HTTP/1.1 200 OK", ["Content-Type: application/x-tar", `Content-Length: ${body.length}`]);
    await studio.recordExchanges([[request("GET /v1.41/images/web/get"), Buffer.concat([Buffer.from(head), body])]]);
    const { problem } = await studio.finish();
    expect(problem instanceof Error ? problem.message : "none").toMatch(expected);
  });
});
