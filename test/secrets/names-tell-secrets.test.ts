/** A recording in which placeholders stand for what was no secret breaks the test that compares it. */
import { describe, expect, test } from "vitest";
import { Redactor } from "../../src/secrets/redactor.ts";

function redactSetting(setting: string, path: readonly string[]): string {
  const value = path.at(-1) === "Labels" ? setting.slice(setting.indexOf("=") + 1) : setting;
  const names = path.at(-1) === "Labels" ? [...path, setting.slice(0, setting.indexOf("="))] : path;
  return new Redactor().redactPlace({ path: names, value, operation: "ContainerCreate" }) ?? value;
}

describe("an environment keeps", () => {
  test.each([
    "PATH=/usr/bin",
    "MYSQL_ALLOW_EMPTY_PASSWORD=yes",
    "ALLOW_EMPTY_PASSWORD=true",
    "MYSQL_RANDOM_ROOT_PASSWORD=1",
    "POSTGRES_PASSWORD_FILE=/run/secrets/db",
    "POSTGRES_HOST_AUTH_METHOD=trust",
    "SSH_AUTH_SOCK=/tmp/agent.1",
    "TLS_KEY=/certs/server-key.pem",
    "AUTH_URL=http://auth:8080",
    "TOKEN_TTL=3600",
    "MAX_TOKENS=4096",
    "GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
    "PRIMARY_KEY=id",
    "COOKIE_DOMAIN=example.test",
    "SECRET_KEY=$SECRET_KEY",
    "AUTHOR=me",
    "KEYBOARD=us",
    "DB_PASSWORD=",
    "COMPASS=north",
    "MONKEY=bananas",
  ])("%s", (setting) => {
    expect(redactSetting(setting, ["Env"])).toBe(setting);
  });
});

describe("an environment does not keep", () => {
  test.each([
    "DB_PASSWORD=hunter2",
    "POSTGRES_PASSWORD=postgres",
    "API_KEY=abc",
    "JWT=abc",
    "apiKey=abc",
    "MYSQLPASSWORD=hunter2",
    "AWS_SECRET_ACCESS_KEY=wJalr/xUtn+FEMI",
    "SENTRY_DSN=https://abc@sentry.test/1",
    "SESSION_COOKIE=abc",
    "PIN_CODE_TOKEN=0000",
    "SSL_KEY=/abc+def/ghi",
  ])("%s", (setting) => {
    expect(redactSetting(setting, ["Env"])).toMatch(/=<redacted:1>$/);
  });
});

describe("labels keep", () => {
  test.each([
    "traefik.http.routers.auth.rule=Host(`a`)",
    "traefik.http.routers.auth.tls=true",
    "org.opencontainers.image.authors=me",
    "com.docker.compose.config-hash=0a1b2c3d",
    "keycloak.realm=shop",
  ])("%s", (setting) => {
    expect(redactSetting(setting, ["Labels"])).toBe(setting.slice(setting.indexOf("=") + 1));
  });

  test.each(["my.token=a", "shop.api-key=a", "com.example.auth=a"])("not %s", (setting) => {
    expect(redactSetting(setting, ["Labels"])).toBe("<redacted:1>");
  });
});

test.each(["ctrl-p,ctrl-q", "ctrl-x"])("the keys that detach a client are no secret: %s", (value) => {
  expect(new Redactor().redactPlace({ path: ["detachKeys"], value, operation: "ContainerAttach" })).toBeUndefined();
});
