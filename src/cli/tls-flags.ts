/** The flags of TLS, and how they become options of a listener. */
import { readFileSync } from "node:fs";
import { UsageError } from "../base/errors.ts";
import type { ListenOptions } from "../io/listen/listen.ts";
import { assertTlsUsable } from "../io/listen/server-tls.ts";

export const tlsFlags = {
  "tls-cert": {
    type: "string",
    describe: "With tcp://: serve TLS with this certificate (PEM)",
    implies: "tls-key",
  },
  "tls-key": { type: "string", describe: "The certificate's key (PEM)", implies: "tls-cert" },
  "tls-ca": {
    type: "string",
    describe: "Require a client certificate that this CA has signed (PEM)",
    implies: "tls-cert",
  },
} as const;

export interface TlsArguments {
  readonly listen?: string | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly tlsCa?: string | undefined;
}

/**
 * @throws UsageError `WHALESONG_NO_CERTIFICATE` if a file cannot be read or used
 * @throws UsageError `WHALESONG_BAD_ADDRESS` if clients connect to a unix socket, where none speaks TLS
 */
export function toTlsOptions({ listen, tlsCert, tlsKey, tlsCa }: TlsArguments): {
  tls?: NonNullable<ListenOptions["tls"]>;
} {
  if (tlsCert === undefined || tlsKey === undefined) return {};
  if (listen === undefined || /^unix:/i.test(listen)) throw createSocketError(listen);
  const ca = tlsCa === undefined ? {} : { ca: readPem(tlsCa) };
  const tls = { cert: readPem(tlsCert), key: readPem(tlsKey), ...ca };
  assertTlsUsable(tls, { cert: `\`${tlsCert}\``, key: `\`${tlsKey}\``, ca: `\`${tlsCa}\`` });
  return { tls };
}

function createSocketError(listen: string | undefined): UsageError {
  const message = `--tls-cert serves TLS at a \`tcp://\` address, and clients would connect to ${listen === undefined ? "a unix socket" : `\`${listen}\``}; add \`--listen tcp://127.0.0.1:0\``;
  return new UsageError("WHALESONG_BAD_ADDRESS", message, { fields: { listen } });
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(
      "WHALESONG_NO_CERTIFICATE",
      `cannot read the PEM file \`${path}\`: ${(cause as Error).message}; check the path, a file is expected there`,
      { cause },
    );
  }
}
