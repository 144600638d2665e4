/** Hashes of passwords give themselves away, wherever they stand; what only begins as one does not. */
import { describe, expect, test } from "vitest";
import { SecretScanner } from "../../src/secrets/secret-scanner.ts";

const CHARACTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".repeat(4);
const take = (count: number): string => CHARACTERS.slice(2, 2 + count);

/** Each is put together here, so that no scanner of this repository takes it for real. */
const HASHES = {
  "bcrypt of htpasswd -B": `$2y$05$${take(53)}`,
  "bcrypt of OpenBSD": `$2b$12$${take(53)}`,
  "bcrypt of old": `$2a$10$${take(53)}`,
  "MD5 of htpasswd": `$apr1$abcdefgh$${take(22)}`,
  "MD5 of crypt": `$1$saltsalt$${take(22)}`,
  "SHA-256 of crypt": `$5$saltsalt$${take(43)}`,
  "SHA-256 of crypt with rounds": `$5$rounds=5000$saltsalt$${take(43)}`,
  "SHA-512 of crypt": `$6$saltsalt$${take(86)}`,
  "SHA-512 of crypt with rounds": `$6$rounds=656000$saltsalt$${take(86)}`,
  yescrypt: `$y$j9T$F5Jx5fExrKuPp53xLKQ..1$${take(43)}`,
  "gost-yescrypt": `$gy$j9T$F5Jx5fExrKuPp53xLKQ..1$${take(43)}`,
  "scrypt of crypt": `$7$CU..../....F5Jx5fExrKuPp53xLKQ$${take(43)}`,
  argon2id: `$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$${take(43)}`,
  argon2i: `$argon2i$m=512,t=2,p=2$c29tZXNhbHQ$${take(22)}`,
  scrypt: `$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$${take(43)}`,
  pbkdf2: `$pbkdf2-sha256$29000$aM15713r3Xsvxbi31lqr1Q$${take(43)}`,
  "pbkdf2 of Django": `pbkdf2_sha256$260000$saltsaltsalt$${"aB3+".repeat(10)}aBc=`,
  "SHA-1 of htpasswd -s": `{SHA}${"aB3+".repeat(6)}aBc=`,
  "salted SHA-1 of LDAP": `{SSHA}${"aB3+".repeat(8)}`,
  "salted SHA-512 of LDAP": `{SSHA512}${"aB3+".repeat(24)}aBc=`,
};

const scanner = new SecretScanner();

describe.each(Object.entries(HASHES))("%s", (_name, hash) => {
  const forms = [hash, hash.replaceAll("$", "$$$$")];

  test.each([
    ["alone", "", ""],
    ["of a user in a label of traefik", `"traefik.http.middlewares.a.basicauth.users":"admin:`, `,bob:x"`],
    ["in a line of a log", "2026-11-29 user admin:", "\n"],
    ["in quotes of a shell", "--basic-auth='admin:", "'"],
  ])("is found %s", (_where, before, after) => {
    for (const form of forms) {
      const [first, ...others] = scanner.find(before + form + after);
      expect(others).toEqual([]);
      const start = first?.start ?? -1;
      expect(first?.what).toMatch(/\bhash\b/);
      // The first of two dollars says nothing.
      expect([before.length, before.length + 1]).toContain(start);
      expect(first?.end).toBe(before.length + form.length);
    }
  });

  test("is none where its end is missing", () => {
    expect(scanner.find(hash.slice(0, hash.lastIndexOf("$") + 10) || hash.slice(0, 12))).toEqual([]);
  });
});

describe("no password hash is", () => {
  test.each([
    "$1$2",
    "echo $1$2 $5$6 $y$x",
    `s/^\\(.*\\)$/$1$${take(4)}$/`,
    "$2a$10$short",
    `$2y$99$${take(53)}`,
    `$2y$05$${take(54)}`,
    `$6$saltsalt$${take(43)}`,
    `$5$saltsalt$${take(86)}`,
    `$6$${take(86)}`,
    "$apr1$saltsalt$",
    "admin:$2y$05$abc",
    "{SHA}",
    "{SHA}abc=",
    "{SHA256}",
    `sha256:${"0123456789abcdef".repeat(4)}`,
    "$argon2id$v=19$",
    "the format is $argon2id$v=19$m=65536,t=3,p=4$SALT$HASH",
    "pbkdf2_sha256",
    "PASSWORD_HASHERS=django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "$scrypt$ln=16",
    "price: $5$ and $6$",
  ])("%s", (text) => expect(scanner.find(text)).toEqual([]));
});
