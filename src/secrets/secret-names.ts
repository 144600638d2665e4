/** Tells from the name of a setting whether its value is secret: `DB_PASSWORD`, `splunk-token`, `apiKey`. */

/** Found anywhere in a word, because people write words together: `MYSQLPASSWORD`. */
export const NAME_PARTS: readonly string[] =
  "password passwd passphrase passcode secret token credential apikey privatekey accesskey".split(" ");
const ANYWHERE = new RegExp(NAME_PARTS.join("|"));
/** A tokenizer is no token, and a secretary no secret. */
const NO_PART = /tokeni[sz](?:e[drs]?|ers|ations?|ing)|secretar(?:y|ies|ial)/g;
/** A shell's folders. */
const FOLDERS = /^(?:OLD)?PWD$/;
/** These have to be a whole word: `PASSENGER` and `AUTHOR` are something else. */
const WHOLE: ReadonlySet<string> = new Set([
  "pass",
  "pwd",
  "pw",
  "auth",
  "jwt",
  "otp",
  "pat",
  "dsn",
  "cookie",
  "creds",
]);
/** What a word of a secret name ends in, where it has none of `NAME_PARTS`. */
export const NAME_ENDS: readonly string[] = [...WHOLE, "key", "keys"];
/** Words that end in `key` and are no keys. */
const NO_KEYS = /^(?:monkey|donkey|turkey|hockey|jockey|whiskey|hotkey|turnkey)s?$/;
/** Words that end in `pass`, as `requirepass` does, and are no passwords. */
const NO_PASS = /^(?:by|com|tres|over|under|encom|sur)pass$/;
/** A last word that makes the value something about a secret, such as the path of its file. */
const ABOUT: ReadonlySet<string> = new Set(
  "file path dir directory id ids name names type ttl expiry expires expiration timeout age length size count limit budget algorithm alg version enabled required secure samesite min max header user username role roles group groups policy rule format pattern prefix suffix lifetime rotation method mechanism mode strategy provider backend endpoint issuer audience realm scope scopes server host port domain url uri sock socket source db database driver stdin helper hint status state addr address arn attribute attributes authority callback claim class converter days deserializer digits dn encryption field fields hasher hashers headers hours interval leeway lifespan manager minutes model proto protocol providers redirect route routes seconds serializer skew tcp through udp validators".split(
    " ",
  ),
);
/** What is meant to be seen, limits and rates. */
const PUBLIC: ReadonlySet<string> = new Set("public publishable fingerprint max min num per".split(" "));
/** Keys that are no secret (the images of docker-library have `GPG_KEY`), of tables and keyboards. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set(
  "site gpg detach sandbox primary foreign sort partition cache idempotency".split(" "),
);
/** What a setting has whose value is none, or stands elsewhere: `MYSQL_ALLOW_EMPTY_PASSWORD=yes`, `TLS_KEY=/certs/a.pem`, `-newkey rsa:2048`. */
const HARMLESS_VALUE =
  /^(?:|true|false|yes|no|on|off|enabled?|disabled?|always|never|require[ds]?|requested|optional|null|none|nil|undefined|[01]|\d{1,4}(?:ms|[smhdw])|\$\w+|\$\{\w+\}|\/(?:run|var|etc|tmp|certs?|usr|home|root|opt|data|secrets?)\/[\w./-]*|\/(?:[\w.-]+\/)*[\w-]+\.(?:pem|key|crt|cer|p12|pfx|jks|txt|json|ya?ml|conf|sock)|(?:\.{0,2}\/)?(?:[\w.-]+\/)*[\w-]+\.(?:pem|key|crt|cer|csr|der|p12|pfx|jks|gpg|asc)|(?:rsa|dsa|ec|ecdsa|ed25519)(?::\d+)?)$/i;

/** The same few names come again and again. */
const KNOWN = new Map<string, boolean>();
const KNOWN_LIMIT = 5000;

/** Whether a setting of this name holds a secret. `PATH`, `KEYBOARD` and `DB_PASSWORD_FILE` do not. */
export function isSecretName(name: string): boolean {
  const known = KNOWN.get(name);
  if (known !== undefined) return known;
  const isSecret = isSecretNameAnew(name);
  if (KNOWN.size < KNOWN_LIMIT) KNOWN.set(name, isSecret);
  return isSecret;
}

function isSecretNameAnew(name: string): boolean {
  if (name.length > 200 || FOLDERS.test(name)) return false;
  const words = splitWords(name);
  if (words.some((word) => PUBLIC.has(word)) || ABOUT.has(words.at(-1) ?? "")) return false;
  if (ANYWHERE.test(name.toLowerCase().replace(NO_PART, ""))) return true;
  // `traefik.http.routers.auth.rule` is no login.
  const last = splitWords(name.slice(name.lastIndexOf(".") + 1));
  return last.some(isSecretWord) || (last.some(isKey) && !words.some((word) => PUBLIC_KEYS.has(word)));
}

/**
 * Whether a member of JSON holds a secret, whatever operation it belongs to: `clientSecret`, `registry-password`. Short
 * words do not tell there: the API has a `SandboxKey` and an `Auth` that are no secrets.
 */
export function isSecretMember(name: string): boolean {
  return ANYWHERE.test(name.toLowerCase()) && isSecretName(name);
}

/** Whether a value tells that it is no secret, whatever its name says. */
export function isHarmlessValue(value: string): boolean {
  return HARMLESS_VALUE.test(value);
}

function isSecretWord(word: string): boolean {
  return WHOLE.has(word) || (word.endsWith("pass") && !NO_PASS.test(word));
}

function isKey(word: string): boolean {
  return /keys?$/.test(word) && !NO_KEYS.test(word);
}

/** `dbPassword-2` is `db`, `password`, `2`. */
function splitWords(name: string): string[] {
  const parted = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return parted.split(/[^a-z0-9]+/).filter((word) => word !== "");
}
