import { describe, expect, test } from "vitest";
import { findInCommand } from "../../src/secrets/text-secrets.ts";

function secretsOf(text: string, ...before: readonly string[]): string[] {
  return findInCommand(text, before, "commands").map(({ start, end }) => text.slice(start, end));
}

describe("a command shows", () => {
  test.each([
    ["mysql --password=hunter2", ["hunter2"]],
    ["curl -H 'X-Api-Key: abc123'", ["abc123"]],
    ["PASSWORD=hunter2 ./run", ["hunter2"]],
    ["echo password:hunter2", ["hunter2"]],
    ["echo password:1hunter", ["1hunter"]],
    ["echo token:123456", ["123456"]],
    ["echo 'secret: 12'", ["12"]],
    ["ENV DB_PASSWORD hunter2", ["hunter2"]],
    ["curl -H 'X-Api-Key: ab&c d;e' x", ["ab&c d;e"]],
    ["sh -c 'TOKEN=ab&cd true'", ["ab&cd"]],
    ["--token=ab&c|d", ["ab&c|d"]],
    ["TOKEN=ab\\&cd run", ["ab\\&cd"]],
    [`curl -d '{"user":"me","password":"hunter2"}' x`, ["hunter2"]],
    ['curl -d "{\\"password\\":\\"hunter2\\"}" x', ["hunter2"]],
    ["mysql -u root -phunter2 shop", ["hunter2"]],
    ["mysqladmin ping -h localhost -p'hunt er2'", ["hunt er2"]],
    ["/usr/bin/mariadb-dump -phunter2 shop", ["hunter2"]],
    ["sshpass -p hunter2 ssh host", ["hunter2"]],
    ["redis-cli -a hunter2 ping", ["hunter2"]],
    ["mongosh -u me -p hunter2", ["hunter2"]],
    ["docker login -u me -p hunter2 host", ["hunter2"]],
    ["echo root:hunter2 | chpasswd", ["hunter2"]],
    ["htpasswd -nb me hunter2 > /users", ["hunter2"]],
    ["htpasswd -b -c /users me 'hunt er2'", ["hunt er2"]],
    ["mc alias set m http://minio:9000 admin hunter2", ["hunter2"]],
    ["sqlcmd -S db -U sa -P hunter2 -Q 'SELECT 1'", ["hunter2"]],
    ["mysql -e \"CREATE USER me IDENTIFIED WITH caching_sha2_password BY 'hunter2'\"", ["hunter2"]],
    ["psql -c \"ALTER ROLE me PASSWORD 'hunter2'\"", ["hunter2"]],
    ["aws configure set aws_secret_access_key hunter2", ["hunter2"]],
    ["npm config set //registry.test/:_authToken hunter2", ["hunter2"]],
    ["redis-server --requirepass hunter2", ["hunter2"]],
    ["curl -HX-Api-Key:hunter2 http://x", ["hunter2"]],
    ['CMD ["mysqld","--root-password","hunter2"]', ["hunter2"]],
    ["echo hunter2 | docker login -u me --password-stdin host", ["hunter2"]],
  ])("%s", (text, secrets) => {
    expect(secretsOf(text)).toEqual(secrets);
  });

  test.each([
    [["--password", "hunter2"], ["hunter2"]],
    [["curl", "-u", "me:hunter2"], ["hunter2"]],
    [["CMD", "mysqladmin", "ping", "-phunter2"], ["hunter2"]],
    [["redis-cli", "-a", "hunter2"], ["hunter2"]],
    [["docker", "login", "-u", "me", "-p", "hunter2"], ["hunter2"]],
  ])("the last of the arguments %j", (words, secrets) => {
    expect(secretsOf(words.at(-1) ?? "", ...words.slice(0, -1))).toEqual(secrets);
  });
});

describe("an image is no secret, whatever its name", () => {
  test.each([
    "naming to docker.io/tide/secret:1 done",
    "docker run my/token:hunter",
    "docker run secret:1",
    "docker run vault-token:2.3.4-alpine",
    "docker run token:latest",
    "docker run 127.0.0.1:5000/key:v2",
  ])("%s", (text) => {
    expect(secretsOf(text)).toEqual([]);
  });
});

describe("an ordinary command has none", () => {
  test.each([
    "mkdir -p /data/x && tar -xzpf a.tgz",
    "docker run -p 8080:80 -a stdout web",
    "cp -a /x /y; ps -p 1; zip -r a.zip b",
    "mysql -p",
    "mysql -p$MYSQL_ROOT_PASSWORD shop",
    "echo hello | docker exec -i web cat",
    "docker login --password-stdin registry.test",
    "npm config set always-auth true; key: /run/secrets/key",
    "token=$(cat /run/secrets/token) TOKEN=$TOKEN run",
    'git config credential.helper "store"',
    "ssh-keygen -t ed25519 -f key -N ''",
    "apt-key add key.gpg; keytool -list",
    "secret: null, token: true, password: none",
    "htpasswd -n me",
    "htpasswd /users me",
    "mc alias list",
    "alias ll='ls -l'",
    "set -e; npm set registry http://x",
    "psql -c 'ALTER ROLE me PASSWORD NULL'",
    "redis-server --bypass yes",
    "sqlcmd -S db -Q 'SELECT 1'",
  ])("%s", (text) => {
    expect(secretsOf(text)).toEqual([]);
  });

  test.each([
    ["mkdir", "-p", "/x"],
    ["docker", "run", "-p", "80:80"],
    ["--password-stdin", "registry.test"],
    ["ls", "-a", "/x"],
  ])("%s %s %s", (...words) => {
    expect(secretsOf(words.at(-1) ?? "", ...words.slice(0, -1))).toEqual([]);
  });
});
