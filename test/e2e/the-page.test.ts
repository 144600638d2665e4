/** The page of `view` in headless Chromium, opened as a file. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const folder = mkdtempSync(join(tmpdir(), "whalesong-page-"));
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function findBrowser(): string {
  const find = (): string | undefined => BROWSERS.find((path) => existsSync(path));
  if (find() === undefined) spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"]);
  const path = find();
  if (path === undefined) throw new Error("there is no Chromium, and apt-get cannot install it");
  return path;
}

function writePage(cassette: string, ...words: readonly string[]): string {
  const file = join(folder, `${Math.random()}.html`);
  execFileSync("node", [join(ROOT, "bin/whalesong.js"), "view", cassette, "-o", file, ...words], { stdio: "pipe" });
  return file;
}

interface OpenPage {
  readonly page: Page;
  /** What the page complained of, and what it asked the network for. */
  readonly faults: readonly string[];
}

async function open(file: string, hash = "", colorScheme: "light" | "dark" = "light"): Promise<OpenPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 850 }, colorScheme });
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("request", (request) => !request.url().startsWith("file:") && faults.push(request.url()));
  await page.goto(`${pathToFileURL(file)}${hash}`);
  await page.waitForSelector("[role=option]", { timeout: 60_000 });
  return { page, faults };
}

function golden(name: string): string {
  return join(ROOT, "cassettes", name);
}

async function readRows(page: Page): Promise<string[]> {
  const texts = await page.locator("[role=option]").allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, " ").trim());
}

async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate("axe.run()");
  const { violations } = results as { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}

/** What the clipboard has, out of a field of its own. */
async function paste(page: Page): Promise<string> {
  await page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), { id: 'pasted' }))");
  const field = page.locator("#pasted");
  await field.focus();
  await page.keyboard.press("Control+V");
  const text = await field.inputValue();
  await field.evaluate((element) => element.remove());
  return text;
}

describe("the page of view", () => {
  test("lists what was done, with polls folded, and unfolds them", async () => {
    const { page, faults } = await open(writePage(golden("compose-up-build.yaml")));
    const rows = await readRows(page);
    expect(rows[0]).toBe("1 HEAD ping \u00d7 5 200");
    expect(rows).toContain("18 POST create shop-web-1 shop-web --network shop_default 201 37c180fbefd1");
    await page.getByLabel("fold polls").uncheck();
    expect((await readRows(page)).length).toBeGreaterThan(rows.length);
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([
    ["status:404", ["2", "13"]],
    ["method:DELETE", ["25", "28"]],
    ["container:web kind:stdout", []],
    ["name:none", []],
    ["is:failed network", ["13"]],
    ["subnet", ["26", "27"]],
  ])("filters by %s", async (query, numbers) => {
    const { page } = await open(writePage(golden("compose-up-build.yaml")));
    await page.keyboard.press("/");
    await page.keyboard.type(query);
    await expect.poll(async () => (await readRows(page)).map((row) => row.split(" ")[0])).toEqual(numbers);
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await readRows(page)).length).toBeGreaterThan(20);
    await page.close();
  });

  test("says on a phone what was asked, and what came of it", async () => {
    const { page } = await open(writePage(golden("compose-up-build.yaml")));
    await page.setViewportSize({ width: 400, height: 850 });
    const cut = await page.$$eval("[role=option] .title", (titles) =>
      titles.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent),
    );
    // What follows the verb and its subject may be cut off.
    expect(cut.filter((title) => (title ?? "").length < 22)).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(400);
    await page.close();
  });

  test("groups by container", async () => {
    const { page } = await open(writePage(golden("compose-up-build.yaml")));
    await page.getByLabel("by container").check();
    expect(await page.locator(".group").allInnerTexts()).toEqual([
      expect.stringMatching(/^the daemon/),
      expect.stringMatching(/^shop-web-1/),
    ]);
    await page.close();
  });

  test("is walked through by keys, and each exchange has an address", async () => {
    const file = writePage(golden("terminals.yaml"));
    const { page } = await open(file, "#12");
    const chosen = page.locator("[role=option][aria-selected=true]");
    expect(await chosen.innerText()).toContain("start exec in");
    for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
    expect(page.url()).toMatch(/#13$/);
    await page.keyboard.press("G");
    await expect.poll(() => chosen.innerText()).toContain("delete");
    await page.close();
  });

  test("shows a terminal, and what it showed before", async () => {
    const { page, faults } = await open(writePage(golden("terminals.yaml")), "#12");
    const screen = page.locator(".xterm-rows");
    await expect.poll(() => screen.innerText()).toContain("# exit 4");
    await page.getByLabel("Moment of the session").fill("1");
    await expect.poll(() => screen.innerText()).not.toContain("exit 4");
    await expect.poll(() => screen.innerText()).toContain("built-in shell");
    await page.getByRole("button", { name: "play" }).click();
    await expect.poll(() => screen.innerText()).toContain("# exit 4");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("hides what is not set, and shows it", async () => {
    const { page } = await open(writePage(golden("run-hello.yaml")), "#2");
    const request = page.getByRole("region", { name: "Body of the request" });
    expect(await request.innerText()).toContain("Image");
    expect(await request.innerText()).not.toContain("Domainname");
    await request.getByRole("button", { name: "show what is not set" }).click();
    expect(await request.innerText()).toContain("Domainname");
    await page.close();
  });

  test("draws a build as a tree, and links what waits for what", async () => {
    const built = await open(writePage(golden("build-buildkit.yaml")), "#8");
    expect(await built.page.locator(".build ul ul .step").first().innerText()).toContain(
      "FROM docker.io/library/busybox",
    );
    expect(await built.page.locator(".build").innerText()).toContain("hello from a file");
    await built.page.close();
    const { page } = await open(writePage(golden("run-hello.yaml")), "#5");
    expect(await page.locator(".arrows path").count()).toBe(2);
    await page.getByRole("link", { name: "#3 attach web" }).click();
    expect(await page.locator("h2").innerText()).toContain("#3 attach web");
    await page.close();
  });

  test("lays the report of a replay over it, differences side by side", async () => {
    const report = join(folder, "report.json");
    const difference = { field: "json.Cmd", recorded: '["echo","hello"]', got: '["echo","bye"]' };
    const missed = [
      {
        method: "POST",
        target: "/v1.51/containers/create",
        nearest: { place: "run-hello.yaml:17", differences: [difference] },
      },
    ];
    writeFileSync(report, JSON.stringify({ played: 3, missed, unplayed: ["run-hello.yaml:150  POST /x"] }));
    const { page } = await open(writePage(golden("run-hello.yaml"), "--report", report));
    await page.getByRole("button", { name: "nearest: #2" }).click();
    const cells = await page.locator("main .miss tbody tr").first().locator("td").allInnerTexts();
    expect(cells.map((cell) => JSON.parse(cell))).toEqual([
      ["echo", "hello"],
      ["echo", "bye"],
    ]);
    expect(await page.locator(".row.missed").count()).toBe(1);
    await page.close();
  });

  test.each(["light", "dark"] as const)("shows what has changed since another recording, %s", async (scheme) => {
    const again = join(folder, "again.yaml");
    const text = readFileSync(golden("run-hello.yaml"), "utf8");
    const [header = "", ...documents] = text.split(/^---\n/m);
    const changed = documents.map((one) => one.replaceAll("[echo, hello]", "[echo, bye]"));
    const came = "request: GET /v1.51/info\nresponse: {status: 200 OK, json: {}}\n";
    const newer = header.replace(/Api-Version: "[\d.]+"/, 'Api-Version: "1.99"');
    writeFileSync(again, [newer, ...changed.slice(1), came].join("---\n"));
    const { page, faults } = await open(writePage(golden("run-hello.yaml"), again), "#1", scheme);
    const list = page.getByRole("region", { name: "Comparison" });
    expect(await list.innerText()).toMatch(/Since run-hello\.yaml: 1 changed, 1 came, 1 went, 3 the same/);
    expect(await list.getByRole("row", { name: "every-response.api-version" }).innerText()).toMatch(/1\.99$/);
    await list.getByRole("button", { name: "changed #1" }).click();
    const cells = await page.locator("main .miss tbody tr").first().locator("td").allInnerTexts();
    expect(cells.map((cell) => JSON.parse(cell))).toEqual([
      ["echo", "hello"],
      ["echo", "bye"],
    ]);
    await page.getByRole("searchbox").fill("is:came");
    await expect.poll(() => page.locator(".row").count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  describe("copies an exchange", () => {
    const copies = [
      ["copy as curl", /--request 'POST' .*--data-binary '\{"Hostname"/s],
      ["copy as test", /useCassette\(.*"\.\/run-hello\.yaml".*assert\.equal\(response\.statusCode, 201\)/s],
    ] as const;

    test.each(copies)("%s, by the keyboard alone, and it is what is shown", async (name, text) => {
      const { page, faults } = await open(writePage(golden("run-hello.yaml")), "#2");
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("copied").waitFor();
      const shown = await page.getByRole("textbox", { name }).inputValue();
      expect(shown).toMatch(text);
      expect(await paste(page)).toBe(shown);
      expect(faults).toEqual([]);
      await page.close();
    });

    test("where a page has no clipboard it copies a selected field, and else says what to do", async () => {
      const file = writePage(golden("run-hello.yaml"));
      const { page, faults } = await open(file, "#2");
      await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
      const button = page.getByRole("button", { name: "copy as curl" });
      await button.click();
      await page.getByRole("status").getByText("copied").waitFor();
      expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
      expect(await paste(page)).toContain("--request 'POST'");
      await page.evaluate("document.execCommand = () => false");
      await button.click();
      await page.getByRole("status").getByText("select the text").waitFor();
      expect(faults).toEqual([]);
      await page.close();
    });

    test("as a rule of what is chosen, which the header takes", async () => {
      const { page } = await open(writePage(golden("run-hello.yaml")), "#2");
      await page.getByRole("button", { name: "copy as ignore rule" }).click();
      expect(await page.getByText("Choose what may differ").count()).toBe(1);
      await page.getByRole("checkbox", { name: "query.name" }).press("Space");
      expect(await paste(page)).toBe("ignore: [query.name]\n");
      await page.getByRole("checkbox", { name: /stand for the recorded one/ }).check();
      const rule = await paste(page);
      expect(rule).toBe("bind: {name: query.name}\n");
      const ruled = join(folder, "ruled.yaml");
      writeFileSync(
        ruled,
        readFileSync(golden("run-hello.yaml"), "utf8").replace("whalesong: 1\n", (line) => line + rule),
      );
      execFileSync("node", [join(ROOT, "bin/whalesong.js"), "check", ruled], { stdio: "pipe" });
      await page.close();
    });

    test("as the rule of what differs, if the page has a report", async () => {
      const report = join(folder, "missed.json");
      const differences = [{ field: "json.Cmd", recorded: '["echo","hello"]', got: '["echo","bye"]' }];
      const nearest = { place: "run-hello.yaml:17", differences };
      const missed = [{ method: "POST", target: "/v1.51/containers/create", nearest }];
      writeFileSync(report, JSON.stringify({ played: 3, missed, unplayed: [] }));
      const { page } = await open(writePage(golden("run-hello.yaml"), "--report", report), "#2");
      await page.getByRole("button", { name: "copy as ignore rule" }).click();
      expect(await paste(page)).toBe("ignore: [json.Cmd]\n");
      await page.close();
    });

    test("what leaves HTTP has no command, and the page says so", async () => {
      const { page } = await open(writePage(golden("run-hello.yaml")), "#3");
      await page.getByRole("button", { name: "copy as curl" }).click();
      expect(await page.getByRole("region", { name: "Copy" }).innerText()).toContain("It leaves HTTP");
      await page.close();
    });

    test.each(["light", "dark"] as const)("without a violation of axe, %s", async (scheme) => {
      const { page } = await open(writePage(golden("run-hello.yaml")), "#2", scheme);
      for (const name of ["copy as curl", "copy as test", "copy as ignore rule"]) {
        await page.getByRole("button", { name }).click();
        if (name.endsWith("rule")) await page.getByRole("checkbox", { name: "json.Image" }).check();
        await page.getByRole("textbox", { name }).waitFor();
        expect(await findViolations(page)).toEqual([]);
      }
      await page.close();
    });
  });

  test.each([
    ["light", "terminals.yaml", "#12"],
    ["dark", "terminals.yaml", "#12"],
    ["light", "compose-up-build.yaml", "#11"],
    ["dark", "errors.yaml", "#25"],
    ["light", "run-hello.yaml", "#2"],
  ] as const)("has no violation of axe: %s, %s%s", async (scheme, name, hash) => {
    const { page } = await open(writePage(golden(name)), hash, scheme);
    expect(await findViolations(page)).toEqual([]);
    await page.close();
  });

  test("spells out what a hostile cassette has, and runs nothing of it", async () => {
    const hostile = join(folder, "hostile.yaml");
    const markup = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>';
    const attack = `${markup}\\u202e\\e[31m`;
    writeFileSync(
      hostile,
      `# </title><script>1</script>\nwhalesong: 1\n---\nname: n\nrequest: "GET /${markup.replaceAll('"', "'").replaceAll(" ", "")}"\nresponse:\n  status: 200 OK\n  text: "${attack.replaceAll('"', '\\"')}"\n`,
    );
    const { page, faults } = await open(writePage(hostile));
    expect(await page.title()).toBe("hostile.yaml");
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("main").innerText()).toContain("\\u202e\\u001b[31m");
    expect(faults).toEqual([]);
    await page.close();
  });

  test("stays usable with 50 MB", async () => {
    const large = join(folder, "large.yaml");
    const [head = "", ...documents] = readFileSync(golden("errors.yaml"), "utf8").split(/^---\n/m);
    const round = documents.map((document) => `---\n${document.replace(/^name: .*\n/m, "")}`).join("");
    const count = Math.ceil(50e6 / round.length);
    writeFileSync(large, head + Array.from({ length: count }, (_, at) => round.replaceAll("web", `web${at}`)).join(""));
    const file = writePage(large);
    const start = performance.now();
    const { page, faults } = await open(file, "#50000");
    expect(performance.now() - start).toBeLessThan(30_000);
    expect(await page.locator("[role=option]").count()).toBeLessThan(100);
    expect(await page.locator("h2").innerText()).toContain("#50000");
    const measure = async (act: () => Promise<void>): Promise<number> => {
      const before = performance.now();
      await act();
      return performance.now() - before;
    };
    expect(await measure(() => page.keyboard.press("j"))).toBeLessThan(1000);
    await page.getByRole("searchbox").fill("container:web1234");
    await expect.poll(async () => (await readRows(page)).length, { timeout: 10_000 }).toBeLessThan(30);
    expect(faults).toEqual([]);
    await page.close();
  });
});
