/** Tokens that are known by their shape, wherever they stand. Each has a beginning that hardly any other text has. */

export interface TokenShape {
  readonly name: string;
  /** What every token of this kind begins with, two characters at least. */
  readonly beginnings: readonly string[];
  /** Matched at the beginning; its first group is the secret, where that is not all of it. */
  readonly pattern: RegExp;
}

/**
 * Hashes of passwords, as in the `basicauth.users` of traefik: weak passwords are found from them. A file of compose
 * has `$$` for each `$`. httpd.apache.org, "Password Formats"; crypt(5) of libxcrypt; passlib, "Modular Crypt Format".
 */
const PASSWORD_HASHES: readonly TokenShape[] = [
  {
    name: "bcrypt hash",
    beginnings: ["$2a$", "$2b$", "$2x$", "$2y$"],
    pattern: /\$2[abxy]\${1,2}(?:0[4-9]|[12]\d|3[01])\${1,2}[./A-Za-z0-9]{53}(?![./A-Za-z0-9])/y,
  },
  {
    name: "MD5 hash of a password",
    beginnings: ["$apr1$", "$1$"],
    pattern: /\$(?:apr1|1)\${1,2}[./A-Za-z0-9]{1,8}\${1,2}[./A-Za-z0-9]{22}(?![./A-Za-z0-9])/y,
  },
  {
    name: "SHA-256 hash of a password",
    beginnings: ["$5$"],
    pattern: /\$5\${1,2}(?:rounds=\d{1,9}\${1,2})?[./A-Za-z0-9]{1,16}\${1,2}[./A-Za-z0-9]{43}(?![./A-Za-z0-9])/y,
  },
  {
    name: "SHA-512 hash of a password",
    beginnings: ["$6$"],
    pattern: /\$6\${1,2}(?:rounds=\d{1,9}\${1,2})?[./A-Za-z0-9]{1,16}\${1,2}[./A-Za-z0-9]{86}(?![./A-Za-z0-9])/y,
  },
  {
    name: "yescrypt hash",
    beginnings: ["$y$", "$gy$", "$7$"],
    pattern:
      /\$(?:g?y\${1,2}[./A-Za-z0-9]{1,16}|7)\${1,2}[./A-Za-z0-9]{1,97}\${1,2}[./A-Za-z0-9]{43}(?![./A-Za-z0-9])/y,
  },
  {
    name: "argon2, scrypt or PBKDF2 hash",
    beginnings: ["$argon2i$", "$argon2d$", "$argon2id$", "$scrypt$", "$pbkdf2$", "$pbkdf2-"],
    pattern:
      /\$(?:argon2(?:id?|d)|scrypt|pbkdf2(?:-sha\d{1,3})?)\${1,2}(?:v=\d{1,3}\${1,2})?[\w=,]{1,60}\${1,2}[./A-Za-z0-9+]{4,128}\${1,2}[./A-Za-z0-9+]{16,200}={0,2}/y,
  },
  {
    name: "PBKDF2 hash of Django",
    beginnings: ["pbkdf2_sha"],
    pattern: /pbkdf2_sha\d{1,3}\${1,2}\d{1,8}\${1,2}\w{1,64}\${1,2}[A-Za-z0-9+/]{27,88}={0,2}/y,
  },
  // RFC 2307, and slapd's SHA-2 module
  {
    name: "LDAP hash of a password",
    beginnings: ["{SHA}", "{SSHA", "{SHA256}", "{SHA512}"],
    pattern: /\{S?SHA(?:256|384|512)?\}[A-Za-z0-9+/]{27,160}={0,2}(?![A-Za-z0-9+/=])/y,
  },
];

export const TOKEN_SHAPES: readonly TokenShape[] = [
  // docs.github.com, "About authentication to GitHub", "GitHub's token formats"
  {
    name: "GitHub token",
    beginnings: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"],
    pattern: /(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{22,255})/y,
  },
  // docs.aws.amazon.com, IAM user guide, "IAM identifiers", "Unique identifiers"
  { name: "AWS access key", beginnings: ["AKIA", "ASIA"], pattern: /A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/y },
  // api.slack.com, "Token types"
  { name: "Slack token", beginnings: ["xox"], pattern: /xox[abeprs]-[A-Za-z0-9-]{10,250}/y },
  // docs.npmjs.com, "About access tokens"
  { name: "npm token", beginnings: ["npm_"], pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/y },
  // docs.gitlab.com, "GitLab token overview", "Token prefixes"
  { name: "GitLab token", beginnings: ["glpat-", "gldt-", "glrt-"], pattern: /gl(?:pat|dt|rt)-[\w-]{20,300}/y },
  // docs.docker.com, "Personal access tokens", "Organization access tokens"
  { name: "Docker Hub token", beginnings: ["dckr_pat_", "dckr_oat_"], pattern: /dckr_[po]at_[\w-]{20,100}/y },
  // cloud.google.com, "Manage API keys"; the shape is that of secretlint and gitleaks
  { name: "Google API key", beginnings: ["AIza"], pattern: /AIza[\w-]{35}(?![\w-])/y },
  // docs.stripe.com, "API keys"
  {
    name: "Stripe key",
    beginnings: ["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
    pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,250}/y,
  },
  // the shapes of secretlint-rule-sendgrid, secretlint-rule-openai, secretlint-rule-anthropic
  { name: "SendGrid key", beginnings: ["SG."], pattern: /SG\.[\w-]{16,32}\.[\w-]{16,64}/y },
  { name: "OpenAI or Anthropic key", beginnings: ["sk-"], pattern: /sk-(?:ant-|proj-|svcacct-)[\w-]{20,250}/y },
  // pypi.org/help, "How can I use API tokens"
  { name: "PyPI token", beginnings: ["pypi-"], pattern: /pypi-AgE[\w-]{50,1000}/y },
  // huggingface.co/docs/hub, "User access tokens"
  { name: "Hugging Face token", beginnings: ["hf_"], pattern: /hf_[A-Za-z]{34}(?![A-Za-z0-9])/y },
  // RFC 7519, in the compact form of RFC 7515
  { name: "JWT", beginnings: ["eyJ"], pattern: /eyJ[\w-]{8}[\w-]*\.eyJ[\w-]{8}[\w-]*\.[\w-]{8}[\w-]*/y },
  // RFC 7468, 10 and 11; OpenSSH's and PKCS #1's keys have the same lines. Without an end it goes as far as base64 does
  {
    name: "private key",
    beginnings: ["-----BEGIN "],
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----((?:\r?\n|\\n|[A-Za-z0-9+/=:,.<>* -]){32,}?)(?=-----END|$|[^A-Za-z0-9+/=\r\n\\:,.<>* -])/y,
  },
  // swarmkit ca/config.go GenerateJoinToken, manager/encryption HumanReadableKey
  { name: "swarm join token", beginnings: ["SWMTKN-1-"], pattern: /SWMTKN-1-[0-9a-z]{40,50}-[0-9a-z]{20,25}/y },
  { name: "swarm unlock key", beginnings: ["SWMKEY-1-"], pattern: /SWMKEY-1-[A-Za-z0-9+/]{40,43}/y },
  ...PASSWORD_HASHES,
];

/** By its beginning. */
export const SHAPE_OF: ReadonlyMap<string, TokenShape> = new Map(
  TOKEN_SHAPES.flatMap((shape) => shape.beginnings.map((beginning) => [beginning, shape])),
);

/** Where the secret stands, of a text that has one of the shape's beginnings at `at`; undefined where it only begins so. */
export function matchShape(
  text: string,
  at: number,
  { pattern }: TokenShape,
): { readonly start: number; readonly end: number } | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [whole, inner] = match;
  const end = at + whole.length;
  return { start: inner === undefined ? at : end - inner.length, end };
}
