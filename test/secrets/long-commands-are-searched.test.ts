/** The time that a search takes grows with the text only: each of these took minutes where a word was read again and again. */
import { expect, test } from "vitest";
import { Redactor } from "../../src/secrets/redactor.ts";
import { hasSecretHint } from "../../src/secrets/secret-hints.ts";
import { findInCommand } from "../../src/secrets/text-secrets.ts";

const SIZE = 1024 * 1024;

test.each([
  ["mysql "],
  ["key="],
  ["key=$"],
  ["key='"],
  ['key=\\"'],
  ["'\""],
  ["\\"],
  ["uthorization="],
  ["sshpass -p "],
  ["echo a:b | chpasswd "],
  ["IDENTIFIED WITH "],
  [" -uuuuuuuu"],
  ["="],
  ['["'],
])(
  "1 MiB of %j",
  (unit) => {
    const text = `password -u ${unit.repeat(SIZE / unit.length)}`;
    hasSecretHint(text);
    new Redactor().findInText(text);
    expect(() => findInCommand(text, [], "commands")).not.toThrow();
  },
  60_000,
);
