/** Tokens of each known shape. They are put together here, so that no scanner of this repository takes them for real. */
const letters = (count: number): string => "aB3dE6gH9jKlMnOpQrStUvWxYz0123456789".repeat(8).slice(0, count);
const capitals = (count: number): string => "ABCDEFGH23456789".repeat(4).slice(0, count);
const digits = (count: number): string => "0a1b2c3d4e5f6g7h8i9j".repeat(4).slice(0, count);

export const TOKENS: Readonly<Record<string, string>> = {
  "GitHub token": `ghp_${letters(36)}`,
  "AWS access key": `AKIA${capitals(16)}`,
  "Slack token": `xoxb-${"1234567890-".repeat(2)}${letters(24)}`,
  "npm token": `npm_${letters(36)}`,
  "GitLab token": `glpat-${letters(20)}`,
  "Docker Hub token": `dckr_pat_${letters(27)}`,
  "Google API key": `AIza${letters(35)}`,
  "Stripe key": `sk_live_${letters(24)}`,
  "SendGrid key": `SG.${letters(22)}.${letters(43)}`,
  "OpenAI or Anthropic key": `sk-ant-${letters(40)}`,
  "PyPI token": `pypi-AgE${letters(80)}`,
  "Hugging Face token": `hf_${"abcdefghijklmnopqrstuvwxyzABCDEFGH"}`,
  JWT: `eyJ${letters(20)}.eyJ${letters(30)}.${letters(43)}`,
  "private key": `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n${letters(40)}=\n-----END RSA PRIVATE KEY-----`,
  "swarm join token": `SWMTKN-1-${digits(50)}-${digits(25)}`,
  "swarm unlock key": `SWMKEY-1-${letters(43)}`,
  "bcrypt hash": `$2y$05$${letters(53)}`,
  "MD5 hash of a password": `$apr1$${letters(8)}$${letters(22)}`,
  "SHA-256 hash of a password": `$5$${letters(16)}$${letters(43)}`,
  "SHA-512 hash of a password": `$6$${letters(16)}$${letters(86)}`,
  "yescrypt hash": `$y$j9T$${letters(22)}$${letters(43)}`,
  "argon2, scrypt or PBKDF2 hash": `$argon2id$v=19$m=65536,t=3,p=4$${letters(22)}$${letters(43)}`,
  "PBKDF2 hash of Django": `pbkdf2_sha256$260000$${letters(12)}$${letters(43)}=`,
  "LDAP hash of a password": `{SHA}${letters(27)}=`,
};
