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

const GITLAB = "glpat- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- gloas-".split(" ");

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
  {
    name: "GitLab token",
    beginnings: GITLAB,
    pattern: /gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|oas)-[\w-]{20,300}/y,
  },
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
  // api.slack.com, "Incoming webhooks"; discord.com/developers, "Webhook resource": the path is the secret
  {
    name: "webhook",
    beginnings: ["hooks.slack.com/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    pattern:
      /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks)\/([A-Za-z0-9_/-]{20,200})/y,
  },
  // developer.hashicorp.com/vault, "Tokens", "Token prefix"
  { name: "Vault token", beginnings: ["hvs.", "hvb.", "hvr."], pattern: /hv[sbr]\.[\w-]{24,300}/y },
  // shopify.dev, "Access token format"; linear.app, "API keys"; grafana.com, "Service accounts"; the lengths are gitleaks'
  {
    name: "Shopify token",
    beginnings: ["shpat_", "shpca_", "shppa_", "shpss_"],
    pattern: /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}(?![0-9a-zA-Z])/y,
  },
  { name: "Linear key", beginnings: ["lin_api_"], pattern: /lin_api_[A-Za-z0-9]{32,64}/y },
  { name: "Grafana token", beginnings: ["glsa_", "glc_"], pattern: /gl(?:sa|c)_[A-Za-z0-9+/_]{32,400}={0,2}/y },
  // docs.digitalocean.com, "Personal access tokens"; learn.microsoft.com, "Databricks personal access tokens"
  {
    name: "DigitalOcean token",
    beginnings: ["dop_v1_", "doo_v1_", "dor_v1_"],
    pattern: /do[opr]_v1_[0-9a-f]{64}(?![0-9a-zA-Z])/y,
  },
  { name: "Databricks token", beginnings: ["dapi"], pattern: /dapi[0-9a-f]{32}(?:-\d)?(?![0-9a-zA-Z])/y },
  // developer.1password.com, "Service accounts"; support.atlassian.com, "API tokens"; developers.notion.com, "Authorization"
  { name: "1Password token", beginnings: ["ops_eyJ"], pattern: /ops_eyJ[A-Za-z0-9+/=_-]{100,2000}/y },
  { name: "Atlassian token", beginnings: ["ATATT3"], pattern: /ATATT3[\w=-]{100,300}/y },
  { name: "Notion token", beginnings: ["ntn_"], pattern: /ntn_[A-Za-z0-9]{40,60}(?![A-Za-z0-9])/y },
  // figma.com/developers, "Access tokens"; pulumi.com, "Access tokens"; learning.postman.com, "API key"
  { name: "Figma token", beginnings: ["figd_"], pattern: /figd_[\w-]{38,60}/y },
  { name: "Pulumi token", beginnings: ["pul-"], pattern: /pul-[0-9a-f]{40}(?![0-9a-zA-Z])/y },
  { name: "Postman key", beginnings: ["PMAK-"], pattern: /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/y },
  // age-encryption.org/v1; tailscale.com, "Key prefixes"; guides.rubygems.org, "API key scopes"; docs.sentry.io, "Auth tokens"
  { name: "age key", beginnings: ["AGE-SECRET-KEY-1"], pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/y },
  { name: "Tailscale key", beginnings: ["tskey-"], pattern: /tskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{16,64}/y },
  { name: "RubyGems key", beginnings: ["rubygems_"], pattern: /rubygems_[0-9a-f]{48}(?![0-9a-zA-Z])/y },
  { name: "Sentry token", beginnings: ["sntrys_", "sntryu_"], pattern: /sntry[su]_[A-Za-z0-9+/=_]{60,400}/y },
  // cloud.google.com, "Token types"; console.groq.com
  { name: "Google access token", beginnings: ["ya29."], pattern: /ya29\.[\w-]{30,1000}/y },
  { name: "Groq key", beginnings: ["gsk_"], pattern: /gsk_[A-Za-z0-9]{48,60}(?![A-Za-z0-9])/y },
  { name: "Stripe webhook secret", beginnings: ["whsec_"], pattern: /whsec_[A-Za-z0-9+/]{24,100}={0,2}/y },
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
