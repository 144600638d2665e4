/** Which arguments of programs are secrets, from the manuals of the programs. The same options mean something else to others. */

/** An argument that is a secret. */
export interface SecretArgument {
  /** The names of the programs. */
  readonly programs: string;
  /** Words that have to stand before it, in this order; `a/b`: one of these. */
  readonly subcommands?: string;
  /** What the program's words before it have to be. */
  readonly when?: RegExp;
  /** It is the value of one of these options. Otherwise it is one of the words that are no options, `positions`. */
  readonly options?: string;
  /** Whether the value is the next word, or follows in the same one as in `-psecret`. @default either */
  readonly value?: "either" | "next" | "attached";
  /** Letters of options without a value, which may stand in the same word before the option's: `-sSu`. */
  readonly switches?: string;
  /** Counted from 1, behind the subcommands. */
  readonly positions?: readonly number[];
  /** The word before it. */
  readonly after?: RegExp;
  /** Options whose value is none of the words that are counted. */
  readonly skips?: string;
  /** Options are the program's only before its first other word, which is a program itself. */
  readonly isWrapper?: boolean;
  /** The part of the word that is secret: the first group, at the end of what matches. @default all of it */
  readonly part?: RegExp;
  /**
   * Words that stand in whatever has it; a blank stands for all that parts words, quotes among it. Empty where the words have
   * a hint anyway (secret-hints.ts). @default the programs
   */
  readonly hints?: readonly string[];
}

/** `user:SECRET`, and not `1000:1000`. */
const AFTER_COLON = /^[^\s:]*:(?!\d+$)(.+)$/s;
const AFTER_PERCENT = /^[^\s%]+%(.+)$/s;
const AFTER_COMMA = /^[^\s,]+,(.+)$/s;
/** `scott/SECRET@db` of Oracle. */
const AFTER_SLASH = /^[^\s/@]+\/([^\s/@]+)/;
/** `username=me` is none. */
const NO_SETTING = /^([^=]+)$/;
const NONE: readonly string[] = [];

const DATABASES: readonly SecretArgument[] = [
  // mysql(1), mariadb(1): `-p` without a value prompts.
  {
    programs:
      "mysql mysqladmin mysqldump mysqlcheck mysqlimport mysqlshow mysqlsh mysqlslap mysqlpump mariadb mariadb-admin mariadb-dump mariadb-check mariadb-import mariadb-show mariadb-slap mariadb-backup",
    options: "-p",
    value: "attached",
  },
  { programs: "mongo mongosh mongodump mongorestore mongoexport mongoimport", options: "-p" },
  { programs: "redis-cli valkey-cli", options: "-a", value: "next" },
  { programs: "redis-cli valkey-cli", subcommands: "auth/AUTH", positions: [1, 2] },
  // learn.microsoft.com, "sqlcmd utility", "bcp utility"; isql(1), tsql(1)
  { programs: "sqlcmd osql bcp isql tsql", options: "-P" },
  // Oracle, "Database Utilities"
  { programs: "sqlplus expdp impdp sqlldr", positions: [1], part: AFTER_SLASH },
  { programs: "rman", after: /^target$/i, part: AFTER_SLASH },
  { programs: "cqlsh cypher-shell cbq couchbase-cli rabbitmqadmin", options: "-p" },
  { programs: "neo4j-admin", subcommands: "set-initial-password", positions: [1] },
  { programs: "rabbitmqctl", subcommands: "add_user/change_password/authenticate_user", positions: [2] },
  { programs: "influx", options: "-p -t --token --password", value: "next" },
  { programs: "etcdctl", subcommands: "user add", positions: [1], part: AFTER_COLON },
  { programs: "zkCli.sh", after: /^digest$/, part: AFTER_COLON, hints: ["zkcli.sh"] },
  { programs: "elasticsearch-users", options: "-p" },
  { programs: "mosquitto_pub mosquitto_sub mosquitto_rr", options: "-P", value: "next" },
];

const ACCOUNTS: readonly SecretArgument[] = [
  // OpenLDAP: ldapsearch(1), ldappasswd(1), slappasswd(8)
  {
    programs: "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd ldapcompare ldapmodrdn ldapexop",
    options: "-w",
  },
  { programs: "ldappasswd", options: "-s -a" },
  { programs: "slappasswd", options: "-s" },
  // useradd(8): the hash
  { programs: "useradd usermod", options: "-p" },
  { programs: "mkpasswd", positions: [1], skips: "-m -S -R -P" },
  { programs: "doveadm", subcommands: "pw", options: "-p" },
  // MIT Kerberos: kadmin(1)
  { programs: "kadmin", options: "-w" },
  { programs: "kadmin kadmin.local", after: /^-pw$/, hints: NONE },
  // Samba: smbclient(1), net(8)
  {
    programs: "smbclient rpcclient smbget smbtree smbcacls smbcquotas winexe net",
    options: "-U --user --username",
    part: AFTER_PERCENT,
    hints: ["smbclient", "rpcclient", "smbget", "smbtree", "smbcacls", "smbcquotas", "winexe", "net rpc", "net ads"],
  },
  { programs: "samba-tool", subcommands: "user create/add", positions: [2] },
  // learn.microsoft.com, "net use", "net user", "cmdkey"
  { programs: "net", subcommands: "use", after: /^(?:\\\\|\/user:)/i, part: /^([^/*].*)$/s, hints: ["net use"] },
  { programs: "net", subcommands: "user", positions: [2], part: /^([^/*].*)$/s, hints: ["net user"] },
  { programs: "cmdkey wmic", options: "/pass: /password:", value: "attached", hints: NONE },
  { programs: "htpasswd", when: /^(?=.*\s-\w*b)(?=.*\s-\w*n)/, positions: [2], skips: "-C -r" },
  { programs: "htpasswd", when: /^(?=.*\s-\w*b)(?!.*\s-\w*n)/, positions: [3], skips: "-C -r" },
  { programs: "mosquitto_passwd", when: /\s-\w*b/, positions: [3] },
  { programs: "wpa_passphrase", positions: [2] },
  { programs: "nmcli", after: /^(?:password|wifi-sec\.psk|802-11-wireless-security\.psk)$/ },
  { programs: "iwconfig", after: /^key$/, part: /^(?!(?:on|off|open|restricted)$)(.+)$/s, hints: NONE },
  { programs: "kcadm.sh add-user-keycloak.sh add-user.sh", options: "-p", value: "next" },
  { programs: "grafana grafana-cli", subcommands: "reset-admin-password", positions: [1] },
];

const CLIENTS: readonly SecretArgument[] = [
  // curl(1): all letters of options that have no value
  { programs: "curl", options: "-u -U", switches: "0123456#fgGiIjJklLnNOpqRsSvZa", part: AFTER_COLON, hints: NONE },
  // httpie.io/docs/cli, xh(1), ab(1), hey
  { programs: "http https xh xhs hey", options: "-a", part: AFTER_COLON, hints: NONE },
  { programs: "ab", options: "-A -P", part: AFTER_COLON, hints: NONE },
  { programs: "lftp", options: "-u", part: AFTER_COMMA },
  { programs: "ncftpput ncftpget ncftpls ncftp", options: "-p" },
  { programs: "ctr nerdctl", options: "-u", part: AFTER_COLON, hints: NONE },
  { programs: "sshpass", options: "-p", isWrapper: true, skips: "-p -f -d -P" },
  { programs: "xfreerdp xfreerdp3 wlfreerdp sdl-freerdp", options: "/p:", value: "attached" },
  { programs: "rdesktop psexec evil-winrm", options: "-p" },
  // net-snmp: snmpcmd(1)
  {
    programs: "snmpget snmpgetnext snmpset snmpwalk snmpbulkget snmpbulkwalk snmptrap",
    options: "-A -X -c",
    part: /^(?!public$)(.+)$/s,
  },
  { programs: "ipmitool", options: "-P" },
  { programs: "dig nsupdate", options: "-y", part: /:([^:]+)$/ },
  { programs: "swaks", options: "-ap", value: "next" },
  { programs: "sendemail sendEmail", options: "-xp", value: "next", hints: ["sendemail"] },
  { programs: "youtube-dl yt-dlp", options: "-p", value: "next" },
  { programs: "steamcmd", subcommands: "+login", positions: [2], part: /^([^+].*)$/s },
];

const CRYPTOGRAPHY: readonly SecretArgument[] = [
  // openssl-enc(1), openssl-dgst(1), openssl-passwd(1); `-pass pass:X` tells by its name
  { programs: "openssl", options: "-k -K -hmac", value: "next" },
  { programs: "openssl", subcommands: "passwd", positions: [1, 2], skips: "-salt -in" },
  { programs: "ssh-keygen", options: "-N -P" },
  { programs: "zip unzip zipcloak", options: "-P", switches: "rqjmouv0123456789" },
  { programs: "7z 7za 7zr 7zz", options: "-p", value: "attached" },
  { programs: "rar unrar", options: "-p -hp", value: "attached" },
  // pdftk(1), qpdf(1), poppler
  { programs: "pdftk", after: /^(?:user_pw|owner_pw|input_pw)$/ },
  { programs: "pdftotext pdftoppm pdfimages pdfinfo pdftohtml pdftocairo", options: "-upw -opw", value: "next" },
  { programs: "qpdf", subcommands: "--encrypt", positions: [1, 2] },
  // security(1) of macOS, signtool of Windows
  {
    programs: "security",
    subcommands: "unlock-keychain/create-keychain",
    options: "-p",
    hints: ["unlock-keychain", "create-keychain"],
  },
  { programs: "signtool", after: /^\/p$/i },
  // rclone.org/commands
  { programs: "rclone", subcommands: "obscure", positions: [1] },
  { programs: "rclone", subcommands: "config", after: /(?:^|_)(?:pass(?:word)?2?|token|secret|key)$/ },
  { programs: "ansible-vault", subcommands: "encrypt_string", positions: [1], skips: "--name -n --vault-id" },
];

const SERVICES: readonly SecretArgument[] = [
  // `docker login -p`, not `docker run -p`.
  {
    programs: "docker podman buildah skopeo oras helm az crane nerdctl cosign regctl oc cf",
    subcommands: "login",
    options: "-p",
    hints: ["login"],
  },
  { programs: "oras twine", options: "-p", value: "next" },
  { programs: "poetry", subcommands: "publish", options: "-p" },
  { programs: "poetry composer", subcommands: "config", when: /\shttp-basic\.\S+\s/, positions: [3] },
  {
    programs: "poetry composer",
    subcommands: "config",
    after: /^(?:pypi-token|github-oauth|gitlab-oauth|gitlab-token|bearer)\./,
  },
  { programs: "git", subcommands: "config", after: /(?:password|token|secret)$/i, hints: NONE },
  { programs: "dotnet nuget", subcommands: "push", options: "-k", value: "next" },
  { programs: "cargo", subcommands: "login", positions: [1], hints: ["login"] },
  { programs: "vault", subcommands: "login", positions: [1], part: NO_SETTING, hints: ["login"] },
  { programs: "vault", subcommands: "token lookup/renew/revoke", positions: [1], part: NO_SETTING, hints: NONE },
  { programs: "cf", subcommands: "auth", positions: [2], hints: ["cf auth"] },
  { programs: "ngrok", subcommands: "authtoken/add-authtoken", positions: [1] },
  { programs: "snyk", subcommands: "auth", positions: [1] },
  { programs: "bw", subcommands: "unlock", positions: [1], hints: ["bw unlock"] },
  { programs: "bw", subcommands: "login", positions: [2], hints: ["login"] },
  { programs: "pulumi", subcommands: "config set", when: /\s--secret(?:\s|$)/, positions: [2] },
  { programs: "doctl vercel codecov", options: "-t", value: "next" },
  { programs: "gitlab-runner", options: "-r", value: "next" },
  { programs: "sonar-scanner", options: "-Dsonar.login=", value: "attached" },
  {
    programs: "kubectl oc",
    subcommands: "secret",
    options: "--from-literal",
    part: /^[^=]+=(.+)$/s,
    hints: NONE,
  },
  // MinIO's client
  { programs: "mc mcli", subcommands: "alias set", positions: [4], hints: ["alias set"] },
  { programs: "mc mcli", subcommands: "config host add", positions: [4], hints: ["mc config", "mcli config"] },
  { programs: "mc mcli", subcommands: "admin user add", positions: [3], hints: ["mc admin", "mcli admin"] },
];

export const SECRET_ARGUMENTS: readonly SecretArgument[] = [
  ...DATABASES,
  ...ACCOUNTS,
  ...CLIENTS,
  ...CRYPTOGRAPHY,
  ...SERVICES,
];

/** A program that reads a secret from its input. */
export interface SecretReader {
  readonly programs: string;
  /** What its words have to be. */
  readonly when?: RegExp;
  /** The part of each line that is secret. @default all of it */
  readonly part?: RegExp;
  /** @default the programs */
  readonly hints?: readonly string[];
}

/** `*`: any program. */
export const SECRET_READERS: readonly SecretReader[] = [
  { programs: "*", when: /\s--(?:password|passphrase|token)-(?:stdin|fd)(?:[\s=]|$)|\s--with-token\b/, hints: NONE },
  { programs: "chpasswd newusers", part: /^[\w.-]+:([^:]+)/, hints: ["chpasswd", "newusers"] },
  { programs: "passwd smbpasswd vncpasswd saslpasswd2 kinit cryptsetup" },
  // Its own option, not one of what it runs: `sudo curl -sS -d @-`.
  {
    programs: "sudo",
    when: /^(?:\s+-[ughpCDRT]\s[^\s-]\S*|\s+-[\w=-]+)*?\s+-[A-Za-z]*S(?:\s|$)/,
    hints: ["sudo -"],
  },
  { programs: "docker podman gh wrangler", when: /\ssecret\s+(?:create|set|put)\s/, hints: NONE },
  { programs: "openssl", when: /\s-stdin\s/, hints: NONE },
  { programs: "htpasswd", when: /\s-[A-Za-z]*i/, hints: NONE },
  { programs: "elasticsearch-keystore", when: /\sadd\s/ },
  { programs: "debconf-set-selections", part: /\spassword\s+(\S.*)$/i },
];

/**
 * Words of which one stands in whatever these tables find, beside those that `secret-hints.ts` has anyway (`password`). A
 * blank stands for all that parts words, quotes among it.
 */
export const PROGRAM_HINTS: readonly string[] = [
  ...new Set([...SECRET_ARGUMENTS, ...SECRET_READERS].flatMap(({ hints, programs }) => hints ?? programs.split(" "))),
  "identified",
];
