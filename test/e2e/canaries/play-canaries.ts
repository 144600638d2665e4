/** Plays a session with its secrets, and searches all that a recording wrote for them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { findCanary } from "../../playbook/find-canary.ts";
import { playSession, type Said } from "../cli-player.ts";
import { type ClientName, clientNamed } from "../clients.ts";
import type { CanarySession } from "./canary-sessions.ts";

export type Spell = (name: string, session: CanarySession) => string;

const PROGRAMS = join(import.meta.dirname, "../programs");
const PLACEHOLDER = /\{\{([\w ]+)\}\}/g;
/** Of the registry that wants a password, in the daemon's network. */
export const GUARD = "127.0.0.1:5003";
/** What encodings, shells and URLs change. */
const AWKWARD = "/+%7f&3a<91>c=é";

/** The names of a session's secrets, in order. */
export function listSecretNames({ lines, files = {}, programs = [] }: CanarySession): readonly string[] {
  const texts = [...lines, ...Object.values(files), ...programs.map((name) => `{{${name}}}`)];
  return [...new Set(texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, name]) => name ?? "")))];
}

/** Each is unlike all others, and the same in every run. */
export const spellRecorded: Spell = (name, session) => spell("Canary", "7f3a91c2e5", name, session);
/** Of another length, too. */
export const spellReplayed: Spell = (name, session) => spell("Another-one", "0b1d2f", name, session);

function spell(first: string, last: string, name: string, session: CanarySession): string {
  const at = listSecretNames(session).indexOf(name);
  return session.isPlain === true ? `${first}-${at}-${last}` : `${first}${at}${AWKWARD}${last}`;
}

export interface Desk {
  readonly folder: string;
  /** DOCKER_HOST. */
  readonly host: string;
  readonly client: ClientName;
}

/** Runs the session's lines. */
export async function playCanaries(session: CanarySession, spellSecret: Spell, desk: Desk): Promise<readonly Said[]> {
  const { docker = "/usr/bin/docker", plugins, env } = await clientNamed(desk.client, desk.folder);
  const fill = (text: string): string => text.replace(PLACEHOLDER, (_, name: string) => spellSecret(name, session));
  const files = Object.entries(session.files ?? {}).map(([path, text]) => [path, fill(text)]);
  const secrets = Object.fromEntries(listSecretNames(session).map((name) => [name, spellSecret(name, session)]));
  return await playSession(session.lines.map(fill), {
    folder: join(desk.folder, "desk"),
    host: desk.host,
    docker,
    plugins,
    registry: "",
    files: Object.fromEntries(files),
    patienceMs: 60_000,
    env: { ...env, PROGRAMS, GUARD, SECRETS: JSON.stringify(secrets) },
  });
}

/** Each place of a recording in which a secret is left, and how it is spelled there. */
export function findLeaks(cassette: string, canaries: readonly string[]): readonly string[] {
  const folder = cassette.replace(/\.yaml$/, "");
  return [cassette, ...listFiles(folder)].flatMap((file) => {
    const bytes = readFileSync(file);
    const joined = file === cassette ? joinStreams(bytes.toString()) : [];
    return canaries.flatMap((canary) => [
      ...findCanary(bytes, canary).map((how) => `${canary} in ${file}: ${how}`),
      ...joined.filter((text) => text.includes(canary)).map(() => `${canary} in ${file}: split over events`),
    ]);
  });
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What each stream said in each direction, its events put together. */
function joinStreams(text: string): readonly string[] {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as { readonly stream?: unknown });
  return documents.flatMap(({ stream }) => {
    if (!Array.isArray(stream)) return [];
    const words = new Map<string, string>();
    for (const event of stream) {
      if (typeof event !== "object" || event === null) continue;
      for (const [key, value] of Object.entries(event))
        if (typeof value === "string") words.set(key, (words.get(key) ?? "") + value);
    }
    return [...words.values()];
  });
}
