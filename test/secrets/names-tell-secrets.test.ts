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
    "BYPASS=all",
    "SITE_KEY=abc",
    "IDEMPOTENCY_KEY=abc",
    "PUBLIC_TOKEN=abc",
    "LIST=a=1,b=2",
    "URL=http://x/?a=b&page=2",
    'CONFIG={"secretName":"web","token_file":"/run/t"}',
    "MONKEY=bananas",
    "PWD=/app",
    "OLDPWD=/srv/app",
    "SECRETARY=Jane Doe",
    "SECRETS_MANAGER=vault.shop.test",
    "TOKENIZER_PATH=/models/tok",
    "TOKENIZERS_PARALLELISM=false",
    "TOKENS_PER_MINUTE=100000",
    "TOKEN_EXPIRATION_SECONDS=3600",
    "ACCESS_TOKEN_LIFESPAN=3000",
    "GF_AUTH_TOKEN_ROTATION_INTERVAL_MINUTES=10",
    "OAUTH2_PROXY_COOKIE_REFRESH=1h",
    "OAUTH2_PROXY_SKIP_AUTH_ROUTES=^/healthz",
    "KC_TOKEN_EXCHANGE=enabled",
    "REQUIRE_AUTH=never",
    "KAFKA_SSL_CLIENT_AUTH=requested",
    "KAFKA_KEY_SERIALIZER=org.apache.kafka.common.serialization.StringSerializer",
    "CONNECT_KEY_CONVERTER=org.apache.kafka.connect.json.JsonConverter",
    "MESSAGE_KEY_FIELD=order_id",
    "KMS_KEY_ARN=arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
    "AUTHORITY=https://auth.shop.test",
    "AUTH_AUTHORITY=https://auth.shop.test",
    "AUTH_CALLBACK=http://auth/cb",
    "AUTH_REDIRECT=http://auth/cb",
    "AUTH_PROVIDERS=github,google",
    "AUTH_PORT_8080_TCP=tcp://10.0.0.1:8080",
    "AUTH_LDAP_BIND_DN=cn=admin,dc=shop",
    "AUTH_USER_MODEL=shop.User",
    "AUTH_PASSWORD_VALIDATORS=length,common",
    "PASSWORD_ENCRYPTION=scram-sha-256",
    "PASSWORD_HASHERS=argon2,bcrypt",
    "PASSWORD_MIN_LENGTH=12",
    "OTP_DIGITS=6",
    "PASS_THROUGH=headers",
    "KEYCLOAK_URL=http://keycloak:8080",
    "KEYBOARD_LAYOUT=us",
    "KEYS_DIR=/srv/keys",
    "KEY_PREFIX=shop:",
    "PRIMARY_KEY_COLUMN=id",
    "SSH_KEY_PATH=/root/.ssh/id_ed25519",
    "GOOGLE_APPLICATION_CREDENTIALS=/secrets/gcp.json",
    "KAFKA_AUTHORIZER_CLASS_NAME=kafka.security.authorizer.AclAuthorizer",
    "KAFKA_SSL_KEYSTORE_LOCATION=/etc/kafka/secrets/kafka.keystore.jks",
    "SESSION_COOKIE_HTTPONLY=true",
  ])("%s", (setting) => {
    expect(redactSetting(setting, ["Env"])).toBe(setting);
  });
});

describe("an environment does not keep", () => {
  test.each([
    "DB_PASSWORD=hunter2",
    "CACHE_REDIS_PASSWORD=hunter2",
    "SITE_SECRET=hunter2",
    "GPG_PASSPHRASE=hunter2",
    "PRIMARY_DB_TOKEN=hunter2",
    "DB_CREDS=hunter2",
    "REQUIREPASS=hunter2",
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
    "PAGERDUTY_ROUTING_KEY=abc",
    "KAFKA_SSL_KEY_CREDENTIALS=sslkey_creds",
    "AUTH_TOKEN_REFRESH=abc",
    "DB_PWD=/hunter2",
    "SECRETARY_TOKEN=abc",
    "TOKENIZER_API_KEY=abc",
    "SERVICE_TOKEN=abc",
    "TOKENIZER_TOKEN=abc",
    "tokenizerToken=abc",
    "BASIC_AUTH_USERS=admin:$2y$05$abc",
    "DB_PASSWORD_SECOND=abc",
    "TOKEN_SERVICE=abc",
    "FIELD_ENCRYPTION_KEY=abc",
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
    "traefik.http.middlewares.auth.forwardauth.authResponseHeaders=X-Forwarded-User",
    "traefik.http.middlewares.auth.forwardauth.address=http://auth:4181",
    "traefik.http.services.app.loadbalancer.sticky.cookie.name=session_id",
  ])("%s", (setting) => {
    expect(redactSetting(setting, ["Labels"])).toBe(setting.slice(setting.indexOf("=") + 1));
  });

  test.each(["my.token=a", "shop.api-key=a", "com.example.auth=a", "my.auth.password=a"])("not %s", (setting) => {
    expect(redactSetting(setting, ["Labels"])).toBe("<redacted:1>");
  });
});

test.each(["ctrl-p,ctrl-q", "ctrl-x"])("the keys that detach a client are no secret: %s", (value) => {
  expect(new Redactor().redactPlace({ path: ["detachKeys"], value, operation: "ContainerAttach" })).toBeUndefined();
});
