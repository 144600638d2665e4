/** Each row of the table of programs, as a line of a shell, as a list of arguments, and in JSON that a hint lets through. */
import { expect, test } from "vitest";
import { redactBody } from "../../src/secrets/redact-http.ts";
import { Redactor } from "../../src/secrets/redactor.ts";
import { SECRET_ARGUMENTS } from "../../src/secrets/secret-arguments.ts";
import { hasSecretHint } from "../../src/secrets/secret-hints.ts";
import { findInCommand } from "../../src/secrets/text-secrets.ts";

const LINES: readonly string[] = [
  "curl -ume:hunter2 http://x",
  "curl -sSume:hunter2 http://x",
  "curl -su me:hunter2 http://x",
  "curl -U me:hunter2 http://x",
  "http -a me:hunter2 x",
  "xh -ame:hunter2 x",
  "ab -A me:hunter2 http://x/",
  "ab -P me:hunter2 http://x/",
  "hey -a me:hunter2 http://x",
  "lftp -u me,hunter2 sftp://x",
  "lftp -ume,hunter2 sftp://x",
  "ncftpput -u me -p hunter2 x",
  "ctr images pull -u me:hunter2 x",
  "sshpass -phunter2 ssh x",
  "sshpass -p hunter2 ssh x",
  "xfreerdp /v:x /u:me /p:hunter2",
  "rdesktop -u me -p hunter2 x",
  "snmpwalk -v3 -A hunter2 x",
  "snmpget -v2c -c hunter2 x",
  "ipmitool -U me -P hunter2 lan",
  "dig -y hmac-sha256:name:hunter2 x",
  "swaks -au me -ap hunter2",
  "sendemail -xu me -xp hunter2",
  "yt-dlp -u me -p hunter2 x",
  "steamcmd +login me hunter2 +quit",
  "mysql -phunter2",
  "mongosh -u me -phunter2",
  "redis-cli -a hunter2",
  "redis-cli -h x AUTH hunter2",
  "sqlcmd -Phunter2",
  "tsql -S x -U me -P hunter2",
  "sqlplus me/hunter2@db",
  "rman target me/hunter2@db",
  "cqlsh -u me -p hunter2 x",
  "neo4j-admin dbms set-initial-password hunter2",
  "rabbitmqctl add_user me hunter2",
  "influx -t hunter2",
  "etcdctl user add me:hunter2",
  "zkCli.sh addauth digest me:hunter2",
  "elasticsearch-users useradd me -p hunter2",
  "mosquitto_pub -u me -P hunter2 -t x",
  "ldapsearch -x -w hunter2",
  "ldapsearch -x -whunter2",
  "ldappasswd -s hunter2 x",
  "slappasswd -s hunter2",
  "useradd -m -p hunter2 me",
  "mkpasswd -m sha-512 hunter2",
  "doveadm pw -p hunter2",
  "kadmin -p admin -w hunter2",
  "kadmin.local addprinc -pw hunter2 me",
  "smbclient -U me%hunter2 //x/y",
  "smbclient -Ume%hunter2 //x/y",
  "rpcclient --user=me%hunter2 x",
  "net ads join -Ume%hunter2",
  "samba-tool user create me hunter2",
  "net use Z: \\\\x\\y hunter2",
  "net user me hunter2",
  "cmdkey /add:x /user:me /pass:hunter2",
  "htpasswd -nb me hunter2",
  "htpasswd -B -C 10 -b users me hunter2",
  "mosquitto_passwd -b users me hunter2",
  "wpa_passphrase ssid hunter2",
  "nmcli device wifi connect x password hunter2",
  "iwconfig wlan0 key hunter2",
  "kcadm.sh set-password -u me -p hunter2",
  "grafana cli admin reset-admin-password hunter2",
  "openssl enc -aes-256-cbc -k hunter2",
  "openssl dgst -sha256 -hmac hunter2 x",
  "openssl passwd -6 -salt xx hunter2",
  "ssh-keygen -t rsa -N hunter2",
  "unzip -P hunter2 x.zip",
  "zip -rPhunter2 x.zip y",
  "7z x -phunter2 a.7z",
  "7zz x -phunter2 a.7z",
  "rar a -hphunter2 a.rar",
  "pdftk a.pdf input_pw hunter2 output b.pdf",
  "pdftotext -upw hunter2 a.pdf",
  "qpdf --encrypt hunter2 hunter2 256 -- a b",
  "security unlock-keychain -p hunter2 x",
  "signtool sign /f x.pfx /p hunter2 y",
  "rclone obscure hunter2",
  "rclone config create x sftp pass hunter2",
  "ansible-vault encrypt_string --name x hunter2",
  "docker login -u me -phunter2",
  "oras push -u me -p hunter2 x",
  "poetry publish -u me -p hunter2",
  "poetry config http-basic.x me hunter2",
  "composer config github-oauth.github.com hunter2",
  "git config --global user.password hunter2",
  "dotnet nuget push x -k hunter2",
  "cargo login hunter2",
  "vault login hunter2",
  "vault token renew hunter2",
  "cf auth me hunter2",
  "ngrok config add-authtoken hunter2",
  "snyk auth hunter2",
  "bw unlock hunter2",
  "bw login me hunter2",
  "vercel -t hunter2",
  "gitlab-runner register -r hunter2",
  "sonar-scanner -Dsonar.login=hunter2",
  "kubectl create secret generic x --from-literal=a=hunter2",
  "kubectl create secret generic x --from-literal a=hunter2",
  "pulumi config set --secret name hunter2",
  "mc alias set m http://x me hunter2",
  "mc config host add m http://x me hunter2",
  "mc admin user add m me hunter2",
  "mount -t cifs -o username=me,password=hunter2 //x/y /z",
  "mount -t cifs -ousername=me,password=hunter2 //x/y /z",
];
const PARTS = /\\\\\S*|\S+/g;

/** The text without what is found in it. */
function mask(text: string, before: readonly string[] = []): string {
  const letters = [...text];
  for (const { start, end } of findInCommand(text, before, "commands")) letters.fill("*", start, end);
  return letters.join("");
}

test.each(LINES)("%s", (line) => {
  expect(mask(line)).not.toContain("hunter2");
  expect(mask(`sh -c "${line}"`)).not.toContain("hunter2");
  const words = line.match(PARTS) ?? [];
  expect(words.map((word, at) => mask(word, words.slice(0, at))).join(" ")).not.toContain("hunter2");
  expect(hasSecretHint(JSON.stringify({ Cmd: ["sh", "-c", `cd /\n${line}`] }))).toBe(true);
  expect(hasSecretHint(JSON.stringify({ Cmd: words }))).toBe(true);
  // As the history of an image has a list, and as scripts part words.
  expect(hasSecretHint(JSON.stringify({ CreatedBy: `CMD [${words.map((word) => `"${word}"`).join(" ")}]` }))).toBe(
    true,
  );
  for (const blank of ["  ", "\t", " \\\n  "])
    for (const text of [words.join(blank), JSON.stringify({ Cmd: ["sh", "-c", words.join(blank)] })])
      expect(hasSecretHint(text)).toBe(true);
});

test.each(["smbclient -U me%hunter2-long x", "lftp -u me,hunter2-long x", "dig -y hmac:name:hunter2-long x"])(
  "%s: what stands in the place of the secret is not searched",
  (line) => {
    const words = line.split(" ");
    const body = Buffer.from(JSON.stringify({ Cmd: words }));
    const place = { operation: "ContainerCreate", side: "request" } as const;
    const expected = words.map((word) => word.replace("hunter2-long", "<redacted:1>"));
    expect(JSON.parse(redactBody(body, place, new Redactor()).toString())).toEqual({ Cmd: expected });
  },
);

test("each row of the table has a line", () => {
  const texts = LINES.join(" ");
  const lacking = SECRET_ARGUMENTS.filter(({ programs }) => !programs.split(" ").some((name) => texts.includes(name)));
  expect(lacking).toEqual([]);
});
