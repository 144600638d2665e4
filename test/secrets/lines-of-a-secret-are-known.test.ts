/** What prints a private key line by line, indented or joined otherwise does not print the secret as it was seen. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../src/secrets/redactor.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC_PEM = publicKey.export({ type: "spki", format: "pem" }).toString();
const lines = PEM.trim().split("\n");
const whole = lines.slice(1, -2);

function know(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.expect(value);
  return redactor;
}

describe("of a private key", () => {
  test("a line without a digit is masked", () => {
    const line = "aBcDeFgHiJkLmNoP".repeat(4);
    expect(know(`first\n${line}\nlast`).redactText(`> ${line}`)).toBe("> <redacted:1>");
  });

  test("each whole line is masked alone", () => {
    const redactor = know(PEM);
    for (const line of whole)
      expect(redactor.redactText(`2: ${line} (key.pem)`)).toMatch(/^2: <redacted:\d+> \(key\.pem\)$/);
  });

  test.each([
    ["a line in base64", (line: string) => Buffer.from(line).toString("base64")],
    ["a line in a query", encodeURIComponent],
  ])("%s is masked", (_, encode) => {
    const line = whole[3] as string;
    expect(know(PEM).redactText(`> ${encode(line)}`)).not.toContain(encode(line).slice(4, -4));
  });

  test("the whole key is one secret", () => {
    expect(know(PEM.trim()).redactText(`key: ${PEM.trim()}`)).toBe("key: <redacted:1>");
  });

  test.each([
    ["in JSON", JSON.stringify({ type: "service_account", private_key: PEM })],
    ["with line ends of Windows", PEM.replace(/\n/g, "\r\n")],
    ["indented", PEM.replace(/^/gm, "    ")],
    [
      "below its certificate",
      `-----BEGIN CERTIFICATE-----\n${"MIIBszCCAVmgAwIBAgIUX".repeat(9)}\n-----END CERTIFICATE-----\n${PEM}`,
    ],
  ])("%s: the lines are known", (_, value) => {
    const text = whole.join("|");
    expect(know(value).redactText(text)).toMatch(/^<redacted:\d+>(?:\|<redacted:\d+>)+$/);
  });
});

test.each([
  ["keys in hexadecimal", randomBytes(32).toString("hex")],
  ["tokens", "xT9vQ2mLp7RkZ4wNc8YbJ3sD"],
])("of a list of %s each line is masked alone", (_, line) => {
  expect(know(`first\n${line}\nlast`).redactText(`is ${line}`)).toBe("is <redacted:1>");
});

describe("what is not secret alone stays", () => {
  test.each([
    ["the frame of a key", PEM, lines[0] as string],
    ["a setting", "version: 2\nlistenAddress: 0.0.0.0:8080\n", "listenAddress: 0.0.0.0:8080"],
    ["a long name", "x: 1\nMyApplicationConfigurationForTesting\n", "MyApplicationConfigurationForTesting"],
    ["a path", "a\n/usr/local/share/ca-certificates\n", "/usr/local/share/ca-certificates"],
    ["a line of dashes", `a\n${"-".repeat(64)}\n`, "-".repeat(64)],
    ["a number", `a\n${"1234567890".repeat(4)}\n`, "1234567890".repeat(4)],
    ["a sentence", "a\nthe quick brown fox jumps over the lazy dog\n", "the quick brown fox jumps over the lazy dog"],
    ["a short line", "a\nxT9vQ2mLp7Rk\n", "xT9vQ2mLp7Rk"],
    ["a line of a public key", `${PUBLIC_PEM}${PEM}`, PUBLIC_PEM.split("\n")[2] as string],
  ])("%s", (_, value, line) => {
    expect(know(value).redactText(`> ${line}`)).toBe(`> ${line}`);
  });
});

test.each([
  ["blanks within a line", `a\n${" ".repeat(60_000)}x`],
  ["words of a frame", `a\n-----BEGIN ${"CERTIFICATE".repeat(5500)}`],
])("many %s take no time", (_, value) => {
  const { user } = process.cpuUsage();
  know(value);
  expect(process.cpuUsage().user - user).toBeLessThan(2_000_000);
});
