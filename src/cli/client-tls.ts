/**
 * What a docker client needs to speak TLS with a listener of this process: DOCKER_TLS_VERIFY, and DOCKER_CERT_PATH, a
 * folder with ca.pem, cert.pem and key.pem. The CLI reads the three if they are there; dockerode and docker-py fail
 * where one is missing.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { createTemporaryFolder } from "../io/disk/create-folder.ts";
import { runAtExit } from "../io/exit-hook.ts";
import type { ServerTls } from "../io/listen/server-tls.ts";

export interface ClientTls {
  /** The listener's address by a name that its certificate has. */
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Why clients will not be able to connect. */
  readonly problem?: string;
  /** Removes the files that were made for clients. */
  remove(): void;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
const LOOPBACK = /^(?:127\.[\d.]+|0\.0\.0\.0|localhost|\[::1?\])$/;

/**
 * A folder that `env` names is kept where it fits the certificate. Otherwise one is made: the certificate is its own
 * authority there, and stands for the client too, where the listener asks for one.
 * @throws EnvironmentError `WHALESONG_DISK` if there is no folder for temporary files
 */
export function prepareClientTls(tls: ServerTls, url: string, env: NodeJS.ProcessEnv): ClientTls {
  const leaf = new X509Certificate(tls.cert);
  const host = findNamedHost(leaf, new URL(url).hostname);
  const address = { url: host === undefined ? url : url.replace(/\/\/.*:/, `//${host}:`) };
  const misnamed = host === undefined ? { problem: explainName(leaf, url) } : {};
  if (fitsFolder(tls, env.DOCKER_CERT_PATH)) {
    const verify = env.DOCKER_TLS ? {} : { DOCKER_TLS_VERIFY: "1" };
    return { ...address, env: verify, ...misnamed, remove: () => undefined };
  }
  const unknown = tls.ca === undefined || isClientOf(leaf, tls.ca) ? {} : { problem: explainClient() };
  const { folder, remove } = writeFolder(tls);
  return {
    ...address,
    env: { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: folder },
    ...misnamed,
    ...unknown,
    remove,
  };
}

/** The host, or another name of this machine that the certificate has; clients check it. */
function findNamedHost(leaf: X509Certificate, host: string): string | undefined {
  const others = LOOPBACK.test(host) ? ["localhost", "127.0.0.1", "[::1]"] : [];
  return [host, ...others].find((name) => {
    const address = name.replace(/^\[|\]$/g, "");
    const found = isIP(address) === 0 ? leaf.checkHost(name, { subject: "never" }) : leaf.checkIP(address);
    return found !== undefined;
  });
}

function fitsFolder({ cert, ca }: ServerTls, folder: string | undefined): boolean {
  const [authorities, client] = ["ca.pem", "cert.pem"].map((name) => readCertificates(folder, name));
  const isTrusted = listCertificates(cert).some((each) => authorities?.some((one) => isSignedBy(each, one)));
  return isTrusted && (ca === undefined || (client?.[0] !== undefined && isClientOf(client[0], ca)));
}

/** None where the folder has no such file, or one that is no certificate: it is another daemon's, and is not kept. */
function readCertificates(folder: string | undefined, name: string): readonly X509Certificate[] {
  if (!folder) return [];
  try {
    return listCertificates(readFileSync(join(folder, name)));
  } catch {
    return [];
  }
}

function listCertificates(pem: Buffer): readonly X509Certificate[] {
  return (pem.toString("latin1").match(CERTIFICATE) ?? []).map((one) => new X509Certificate(one));
}

function isSignedBy(one: X509Certificate, other: X509Certificate): boolean {
  return one.fingerprint256 === other.fingerprint256 || (one.checkIssued(other) && one.verify(other.publicKey));
}

/** Whether a listener that asks for certificates of this authority takes this one. */
function isClientOf(certificate: X509Certificate, ca: Buffer): boolean {
  const { keyUsage } = certificate as { readonly keyUsage?: readonly string[] };
  const isForClients = keyUsage === undefined || keyUsage.includes(CLIENT_AUTHENTICATION);
  return isForClients && listCertificates(ca).some((authority) => isSignedBy(certificate, authority));
}

/** It has a private key, so that it is also removed where it is not written to its end, or this process exits. */
function writeFolder({ cert, key, ca }: ServerTls): { readonly folder: string; remove(): void } {
  const folder = createTemporaryFolder("tls");
  const removeFiles = (): void => rmSync(folder, { recursive: true, force: true });
  const unhook = runAtExit(removeFiles);
  const authorities = Buffer.concat([cert, Buffer.from("\n"), ca ?? Buffer.alloc(0)]);
  const files = { "ca.pem": authorities, "cert.pem": cert, "key.pem": key };
  for (const [name, pem] of Object.entries(files)) writeFileSync(join(folder, name), pem, { mode: 0o600 });
  const remove = (): void => {
    removeFiles();
    unhook();
  };
  return { folder, remove };
}

function explainName({ subjectAltName = "no host" }: X509Certificate, url: string): string {
  return `clients that check names will refuse the certificate of --tls-cert at \`${url}\`: it is for \`${subjectAltName}\`; listen on a name that it has`;
}

function explainClient(): string {
  return "the command has no certificate that --tls-ca has signed, so it cannot connect; let DOCKER_CERT_PATH name the folder with its ca.pem, cert.pem and key.pem";
}
