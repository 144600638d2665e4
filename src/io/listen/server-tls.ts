/**
 * Checks the certificates of a listener before it is opened. OpenSSL's own errors name no file, and it takes a CA
 * without a certificate.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { toErrorMessage } from "../../base/error-message.ts";
import { UsageError } from "../../base/errors.ts";

export interface ServerTls {
  /** If set, clients must present a certificate that this CA signed, as with dockerd's `--tlsverify`. */
  readonly ca?: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** How errors name each of them. */
export type TlsNames = Readonly<Record<keyof ServerTls, string>>;

const OPTION_NAMES: TlsNames = { ca: "`tls.ca`", cert: "`tls.cert`", key: "`tls.key`" };

/**
 * @throws UsageError `WHALESONG_NO_CERTIFICATE` if one of them is no PEM of its kind, or the key is another certificate's
 * @example
 * assertTlsUsable({ cert: readFileSync("cert.pem"), key: readFileSync("key.pem") });
 */
export function assertTlsUsable({ ca, cert, key }: ServerTls, names: TlsNames = OPTION_NAMES): void {
  const certificate = readCertificate(cert, names.cert);
  const privateKey = readKey(key, names.key);
  if (!certificate.checkPrivateKey(privateKey))
    throw createTlsError(`the key ${names.key} does not belong to the certificate ${names.cert}; expected its own`);
  if (ca !== undefined) readCertificate(ca, names.ca);
}

function readCertificate(pem: Buffer, name: string): X509Certificate {
  // This reads DER, too; a listener does not, and would take a CA in it for none.
  if (!pem.includes("-----BEGIN "))
    throw createTlsError(`cannot use ${name}: it is no PEM; expected a certificate in PEM`);
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw createTlsError(`cannot use ${name}: ${toErrorMessage(cause)}; expected a certificate in PEM`, cause);
  }
}

function readKey(pem: Buffer, name: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const expected = "expected a private key in PEM, without a passphrase";
    throw createTlsError(`cannot use ${name}: ${toErrorMessage(cause)}; ${expected}`, cause);
  }
}

function createTlsError(message: string, cause?: unknown): UsageError {
  return new UsageError("WHALESONG_NO_CERTIFICATE", message, { cause });
}
