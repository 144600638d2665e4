import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { choosePager, openPager } from "../../src/io/pager.ts";
import { createTemporaryFolder } from "./temporary.ts";

const { PATH } = process.env;

describe("choosePager", () => {
  test.each([
    [{}, "less"],
    [{ PAGER: "more -e" }, "more -e"],
    [{ PAGER: "" }, undefined],
    [{ PAGER: "cat" }, undefined],
  ])("%j", (env, pager) => {
    expect(choosePager(env)).toBe(pager);
  });
});

describe("openPager", () => {
  test("hands all text to the pager, and waits for it", async () => {
    const file = join(createTemporaryFolder(), "paged.txt");
    const pager = await openPager({ PATH, PAGER: `sh -c 'echo "$LESS"; cat' > ${file}` });
    expect(await pager?.write("one\n")).toBe(true);
    expect(await pager?.write("two\n")).toBe(true);
    await pager?.close();
    expect(readFileSync(file, "utf8")).toBe("FRX\none\ntwo\n");
  });

  test("tells that the user has left it", async () => {
    const pager = await openPager({ PATH, PAGER: "true" });
    let isOpen = true;
    for (let tries = 0; isOpen && tries < 1000; tries += 1) isOpen = (await pager?.write("x".repeat(65_536))) === true;
    expect(isOpen).toBe(false);
    await pager?.close();
  });

  test("a pager that is not there takes nothing, and harms nothing", async () => {
    const pager = await openPager({ PATH, PAGER: "no-such-pager 2> /dev/null" });
    await pager?.write("x");
    await pager?.close();
  });
});
