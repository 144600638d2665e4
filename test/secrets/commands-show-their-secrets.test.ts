import { describe, expect, test } from "vitest";
import { findInCommand } from "../../src/secrets/text-secrets.ts";

function secretsOf(text: string, ...before: readonly string[]): string[] {
  return [...new Set(findInCommand(text, before, "commands").map(({ start, end }) => text.slice(start, end)))];
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
    ["gpg --batch --passphrase hunter2 -c a", ["hunter2"]],
    ["error: password: hunter2", ["hunter2"]],
    ["keytool -genkey -storepass hunter2 -keypass hunter3", ["hunter2", "hunter3"]],
    ["openssl rsa -passin pass:hunter2 -passout pass:hunter3", ["hunter2", "hunter3"]],
    ["openssl enc -aes-256-cbc -pass pass:hunter2", ["hunter2"]],
    ["skopeo copy --dest-creds me:hunter2 a b", ["hunter2"]],
    ["sh -c \"mysql -p'hunt er2' shop\"", ["hunt er2"]],
    ['sh -c "mysql -p\\"hunt er2\\" shop"', ["hunt er2"]],
    ["set -e\nmysql \\\n  -phunter2", ["hunter2"]],
    ['Step 3/4 : CMD ["redis-cli", "-a","hunter2"]', ["hunter2"]],
    ['CMD ["redis-cli" "-a" "hunter2"]', ["hunter2"]],
    ["chpasswd <<< me:hunter2", ["hunter2"]],
    ["printf '%s\\n' hunter2 | sudo -S ls", ["hunter2"]],
    ["echo hunter2 | sudo -p '' -u me -kS ls", ["hunter2"]],
    ["echo hunter2 | htpasswd -i users me", ["hunter2"]],
    ["echo hunter2 | openssl passwd -6 -stdin", ["hunter2"]],
    ["echo -e 'hunter2\\nhunter2' | passwd me", ["hunter2"]],
    ["printf 'a:hunter2\\nb:hunter3\\n' | chpasswd -e", ["hunter2", "hunter3"]],
    ["echo hunter2 | docker secret create db -", ["hunter2"]],
    ["echo hunter2 | gh auth login --with-token", ["hunter2"]],
    ["echo 'mysql mysql/root_password password hunter2' | debconf-set-selections", ["hunter2"]],
  ])("%s", (text, secrets) => {
    expect(secretsOf(text)).toEqual(secrets);
  });

  test.each([
    [["--password", "hunter2"], ["hunter2"]],
    [["curl", "-u", "me:hunter2"], ["hunter2"]],
    [["CMD", "mysqladmin", "ping", "-phunter2"], ["hunter2"]],
    [["redis-cli", "-a", "hunter2"], ["hunter2"]],
    [["docker", "login", "-u", "me", "-p", "hunter2"], ["hunter2"]],
    [["app", "--password", "$tr0ng"], ["$tr0ng"]],
    [["app", "--password", "<pa55"], ["<pa55"]],
    [["mysql", "-p$tr0ng!"], ["$tr0ng!"]],
    [["docker", "login", "-u", "me", "-p", "$tr0ng!"], ["$tr0ng!"]],
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
    "curl -uroot -sS http://x:80/",
    "docker exec -u 1000:1000 web ls",
    "docker run --name mongo -p 27017:27017 mongo",
    "docker run --name mysql -p3306:3306 -p=33060:33060/tcp mysql",
    "sshpass -e ssh -p 22 host",
    "openssl req -x509 -newkey rsa:2048 -key key.pem -passin env:PASS -passout file:pass.txt",
    "docker build --no-cache --secret id=tok,env=TOK .",
    "xfreerdp /v:host /u:me",
    "net use",
    "smbclient -U me //host/share",
    "echo secret | grep passwd /etc/passwd",
    "echo hello | tee /etc/passwd",
    "echo app:x:1:1 | sudo tee -a /etc/passwd",
    "echo hello | docker exec -i web sh -c 'grep x /etc/passwd'",
    "echo hello | sudo curl -sS -d @- http://x",
    "echo hello | openssl dgst -sha256 -binary -sign k.pem",
    "find /var/lib/mysql -print",
    "RUN mkpasswd # buildkit",
    "iwconfig wlan0 key off",
    "rclone copy a b; vault login -method=userpass username=me",
  ])("%s", (text) => {
    expect(secretsOf(text)).toEqual([]);
  });

  test.each([
    ["mkdir", "-p", "/x"],
    ["docker", "run", "-p", "80:80"],
    ["--password-stdin", "registry.test"],
    ["--password", "$PASSWORD"],
    ["--password", "<password>"],
    ["mysql", "-p$PASSWORD"],
    ["ls", "-a", "/x"],
  ])("%s %s %s", (...words) => {
    expect(secretsOf(words.at(-1) ?? "", ...words.slice(0, -1))).toEqual([]);
  });
});

describe("what a shell says of a program or a variable is no secret", () => {
  test.each([
    "sh: sshpass: not found",
    "/bin/sh: 1: sshpass: not found",
    "bash: line 1: htpasswd: command not found",
    "zsh: command not found: mysql -p",
    "env: 'sshpass': No such file or directory",
    'exec: "sshpass": executable file not found in $PATH',
    "sshpass: Permission denied",
    "sshpass: Failed to run command: No such file or directory",
    "bash: DB_PASSWORD: unbound variable",
    "sh: 2: DB_PASSWORD: parameter not set",
    "sh: TOKEN: is read only",
    "chpasswd: line 1: user 'me' does not exist",
    "passwd: unrecognized option: stdin",
    "passwd: user 'me' does not exist",
  ])("%s", (text) => {
    expect(secretsOf(text)).toEqual([]);
  });

  test("what looks like its beginning is one", () => {
    expect(secretsOf("password: notfound99")).toEqual(["notfound99"]);
  });
});
