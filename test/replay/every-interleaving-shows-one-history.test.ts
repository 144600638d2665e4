/**
 * Three clients, each with a container of its own, recorded in one order and played in another, with other numbers of
 * polls: every answer is one that the recorded history allows (issue 3). What it allows is told by a model that knows
 * nothing of how a replay works.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeJsonAnswer, encodeJsonRequest, NO_CONTENT, request } from "../playbook/http.ts";
import type { Peer } from "../playbook/peer.ts";
import { countTries } from "../playbook/seed.ts";
import { Theatre } from "../playbook/theatre.ts";

const CHANGES = ["create", "start", "stop", "remove"] as const;
const CLIENTS = ["a", "b", "c"] as const;

type Client = (typeof CLIENTS)[number];
type Kind = (typeof CHANGES)[number] | "inspect" | "list";

interface Step {
  readonly client: Client;
  readonly kind: Kind;
}

const isChange = ({ kind }: Step): boolean => kind !== "inspect" && kind !== "list";

/** What one client does: its container's life, and looks at it and at all in between. */
function lifeOf(client: Client): fc.Arbitrary<readonly Step[]> {
  const looks = fc.array(fc.constantFrom<Kind>("inspect", "list"), { maxLength: 3 });
  return fc.tuple(looks, looks, looks, looks, looks).map((polls) => {
    const kinds = polls.flatMap((kind, stage) => [...kind, ...(CHANGES[stage] === undefined ? [] : [CHANGES[stage]])]);
    return kinds.map((kind): Step => ({ client, kind }));
  });
}

/** The clients' lives, shuffled like cards: each keeps its own order. */
const interleaving = fc
  .tuple(fc.tuple(...CLIENTS.map(lifeOf)), fc.infiniteStream(fc.nat(CLIENTS.length - 1)))
  .map(([lives, turns]) => {
    const hands = lives.map((life) => [...life]);
    const steps: Step[] = [];
    for (const turn of turns) {
      const left = hands.filter((hand) => hand.length > 0);
      if (left.length === 0) break;
      steps.push((left[turn % left.length] as Step[]).shift() as Step);
    }
    return steps;
  });

const idOf = (client: Client): string => client.repeat(64);

function asks({ client, kind }: Step): Buffer {
  if (kind === "list") return request("GET /v1.41/containers/json?all=1");
  if (kind === "inspect") return request(`GET /v1.41/containers/${client}/json`);
  if (kind === "create") return encodeJsonRequest(`POST /v1.41/containers/create?name=${client}`, { Image: "x" });
  if (kind === "remove") return request(`DELETE /v1.41/containers/${client}`);
  return request(`POST /v1.41/containers/${client}/${kind}`);
}

/** The recorded exchange; every look says at which place of the recording it was made. */
function written(step: Step, at: number): string {
  const line = asks(step).toString().split(" HTTP")[0];
  if (step.kind === "create")
    return `---\nrequest:\n  line: ${line}\n  json-bare: {"Image":"x"}\nresponse:\n  status: 201 Created\n  headers: {Content-Type: application/json}\n  json: {"Id":"${idOf(step.client)}"}\n`;
  if (isChange(step)) return `---\nrequest: ${line}\nresponse: 204 No Content\n`;
  return `---\nrequest: ${line}\nresponse:\n  status: 200 OK\n  headers: {Content-Type: application/json}\n  json: ${at}\n`;
}

/** What may be said at a point of the history: places of the recording. */
class Model {
  readonly #recording: readonly Step[];
  /** Places of the changes that were made today. */
  readonly #made = new Set<number>();

  constructor(recording: readonly Step[]) {
    this.#recording = recording;
  }

  make(step: Step): void {
    this.#made.add(this.#recording.findIndex(({ client, kind }) => client === step.client && kind === step.kind));
  }

  /**
   * A look sees the recording as it stood after the latest of the changes that it sees and that were made today; where
   * no look was recorded then, as it was seen last before, else as it was seen first. A container that is not there today is
   * seen only where it was seen at that very point.
   */
  allows(look: Step): readonly number[] {
    const sees = (step: Step): boolean => look.kind === "list" || step.client === look.client;
    const changes = this.#places((step) => isChange(step) && sees(step));
    const looks = this.#places(({ client, kind }) => kind === look.kind && (kind === "list" || client === look.client));
    const latest = Math.max(-1, ...changes.filter((at) => this.#made.has(at)));
    const stageOf = (at: number): number => Math.max(-1, ...changes.filter((change) => change < at));
    const stages = [...new Set(looks.map(stageOf))];
    const stage = Math.max(-2, ...stages.filter((start) => start <= latest));
    if (stage !== latest && look.kind === "inspect" && !this.#isThere(look)) return [ABSENT];
    return stage === -2 ? looks.slice(0, 1) : looks.filter((at) => stageOf(at) === stage);
  }

  #isThere({ client }: Step): boolean {
    const isMade = (kind: Kind): boolean =>
      this.#places((step) => step.client === client && step.kind === kind).some((at) => this.#made.has(at));
    return isMade("create") && !isMade("remove");
  }

  #places(isWanted: (step: Step) => boolean): number[] {
    return this.#recording.flatMap((step, at) => (isWanted(step) ? [at] : []));
  }
}

/** Stands for the place of a 404. */
const ABSENT = -404;

async function seen(client: Peer, look: Step): Promise<number> {
  await client.sends(asks(look));
  await client.hearsUpTo("\r\n\r\n");
  const text = await client.hearsUpTo("\n");
  return text.includes(`No such container: ${look.client}"`) ? ABSENT : Number(text);
}

async function makes(client: Peer, step: Step): Promise<void> {
  await client.sends(asks(step));
  await client.hears(
    step.kind === "create" ? encodeJsonAnswer("201 Created", `{"Id":"${idOf(step.client)}"}\n`) : NO_CONTENT,
  );
}

const wasLookedAt = (recording: readonly Step[], { client, kind }: Step): boolean =>
  recording.some((step) => step.kind === kind && (kind === "list" || step.client === client));

test("one after the other, in any order: each response belongs to its era, in recorded order", async () => {
  await fc.assert(
    fc.asyncProperty(interleaving, interleaving, async (recording, today) => {
      const theatre = new Theatre(recording.map(written).join(""));
      const peers = new Map(CLIENTS.map((client) => [client, theatre.client()]));
      const model = new Model(recording);
      const given = new Map<string, number[]>();
      for (const step of today) {
        const peer = peers.get(step.client) as Peer;
        if (isChange(step)) {
          await makes(peer, step);
          model.make(step);
        } else if (wasLookedAt(recording, step)) {
          const allowed = model.allows(step);
          const times = given.get(allowed.join()) ?? [];
          const answer = await seen(peer, step);
          expect(allowed).toContain(answer);
          // Never back in time, and none left out while it stays the same time.
          if (allowed.length > 1) expect(answer).toBe(allowed[Math.min(times.length, allowed.length - 1)]);
          given.set(allowed.join(), [...times, answer]);
        }
      }
      expect(theatre.report).toMatchObject({ missed: [], problems: [] });
      expect(theatre.report.unplayed.filter((line) => !line.includes("GET "))).toEqual([]);
    }),
    countTries(50),
  );
});

test("at the same time: each response belongs to the era before or after the change that is under way", async () => {
  const rounds = fc.infiniteStream(fc.subarray([...CLIENTS], { minLength: 1 }));
  await fc.assert(
    fc.asyncProperty(interleaving, interleaving, rounds, async (recording, today, together) => {
      const theatre = new Theatre(recording.map(written).join(""));
      const peers = new Map(CLIENTS.map((client) => [client, theatre.client()]));
      const made: Step[] = [];
      const modelOf = (steps: readonly Step[]): Model => {
        const model = new Model(recording);
        for (const step of steps) model.make(step);
        return model;
      };
      const hands = new Map(CLIENTS.map((client) => [client, today.filter((step) => step.client === client)]));
      for (const turn of together) {
        if ([...hands.values()].every((hand) => hand.length === 0)) break;
        const steps = turn.flatMap((client) => hands.get(client)?.shift() ?? []);
        const asked = steps.filter((step) => isChange(step) || wasLookedAt(recording, step));
        const changes = asked.filter(isChange);
        const times = subsets(changes).map((some) => modelOf([...made, ...some]));
        await Promise.all(
          asked.map(async (step) => {
            const peer = peers.get(step.client) as Peer;
            if (isChange(step)) return makes(peer, step);
            expect(times.flatMap((model) => model.allows(step))).toContain(await seen(peer, step));
          }),
        );
        made.push(...changes);
      }
      expect(theatre.report).toMatchObject({ missed: [], problems: [] });
    }),
    countTries(50),
  );
});

function subsets<T>(things: readonly T[]): readonly (readonly T[])[] {
  const [first, ...rest] = things;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}
