/**
 * A conversation told once and played twice: with a daemon behind a recorder, and with the cassette that came of it.
 * Both times the client hears the very same bytes, or the playbook fails.
 */
import type { Bytes, Peer } from "./peer.ts";
import { waitForQuiet } from "./quiet.ts";
import type { Studio } from "./studio.ts";
import type { Theatre } from "./theatre.ts";

/** One connection of a scenario. */
export interface Talk {
  /** The client says it, at once. */
  asks(...pieces: readonly Bytes[]): Promise<void>;
  /** The daemon says it, piece by piece, and the client hears it. */
  answers(...pieces: readonly Bytes[]): Promise<void>;
  /** The daemon says it where the client can no longer hear it. */
  answersNobody(...pieces: readonly Bytes[]): Promise<void>;
  clientEnds(): Promise<void>;
  /** The client is gone, in both directions. */
  clientLeaves(): Promise<void>;
  daemonEnds(): Promise<void>;
  daemonResets(): Promise<void>;
}

export interface Scene {
  /** A new connection. */
  talk(): Promise<Talk>;
  passes(ms: number): Promise<void>;
}

export type Scenario = (scene: Scene) => Promise<void>;

export function createRecordedScene(studio: Studio): Scene {
  return {
    talk: async () => {
      const { client, daemon } = await studio.line();
      return recordTalk(client, daemon);
    },
    passes: (ms) => studio.passes(ms),
  };
}

function recordTalk(client: Peer, daemon: Peer): Talk {
  return {
    asks: async (...pieces) => {
      await client.sends(...pieces);
      await daemon.hears(...pieces);
    },
    answers: async (...pieces) => {
      for (const piece of pieces) {
        await daemon.sends(piece);
        await client.hears(piece);
      }
    },
    answersNobody: async (...pieces) => {
      await daemon.sends(...pieces);
      await waitForQuiet();
    },
    clientEnds: async () => {
      await client.closesItsHalf();
      await daemon.hearsEnd();
    },
    clientLeaves: async () => {
      await client.breaksOff();
      await daemon.hearsReset();
    },
    daemonEnds: async () => {
      await daemon.closesItsHalf();
      await client.hearsEnd();
    },
    daemonResets: async () => {
      await daemon.breaksOff();
      await client.hearsReset();
    },
  };
}

export function createReplayedScene(theatre: Theatre): Scene {
  return {
    talk: async () => replayTalk(theatre.client()),
    passes: (ms) => theatre.passes(ms),
  };
}

function replayTalk(client: Peer): Talk {
  return {
    asks: (...pieces) => client.sends(...pieces),
    answers: (...pieces) => client.hears(...pieces),
    answersNobody: async () => undefined,
    clientEnds: () => client.closesItsHalf(),
    clientLeaves: () => client.breaksOff(),
    daemonEnds: () => client.hearsEnd(),
    daemonResets: () => client.hearsReset(),
  };
}
