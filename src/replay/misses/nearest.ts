/** The recorded request that comes nearest to one that nothing answers. */
import type { Asked } from "../../match/asked.ts";
import { NO_BODY } from "../../match/body.ts";
import { type Comparable, comparable, type Difference, differences } from "../../match/difference.ts";
import type { Call } from "../../session/call.ts";
import type { Deck } from "../deck/deck.ts";
import type { Scene } from "../history/history.ts";
import type { Nearest, Recorded } from "../miss.ts";
import { bodyOf, headOf } from "../responder.ts";

/** How many recorded requests are looked at closely. */
const CLOSE_LOOKS = 20;

interface Candidate extends Nearest {
  readonly far: number;
}

export async function nearestOf(decks: readonly Deck[], call: Call): Promise<Nearest | undefined> {
  const found: Candidate[] = [];
  for (const deck of decks) {
    const request = deck.asked(headOf(call));
    // A client that still uploads is answered at once: then its body cannot be compared.
    const got = comparable(request, call.isRead ? await bodyOf(call, deck) : NO_BODY);
    for (const scene of candidates(deck, request, got)) {
      const meaning = call.isRead ? await deck.meaningOf(scene) : NO_BODY;
      const differing = differences(comparable(deck.recordedLike(scene, request), meaning), got);
      found.push({ ...recordedAt(deck, scene), differences: differing, far: farness(differing, isOver(deck, scene)) });
    }
  }
  const [best] = found.sort((a, b) => a.far - b.far);
  return best && { place: best.place, name: best.name, differences: best.differences };
}

/** Where an exchange stands in its cassette. */
export function recordedAt({ cassette: { file } }: Deck, { entry }: Scene): Recorded {
  return { place: `${file}:${entry.line}`, name: entry.name };
}

/** A change that was played cannot have been meant again, if another one differs in as much. */
function isOver({ playedScenes }: Deck, scene: Scene): boolean {
  return scene.role === "change" && playedScenes.has(scene);
}

/** Of two that differ in as much, the one with the same path is nearer, and then the one that may still be played. */
function farness(found: readonly Difference[], isOver = false): number {
  return found.length + (found.some(({ field }) => field === "path") ? 0.5 : 0) + (isOver ? 0.25 : 0);
}
/** Recorded requests like this one, those first that differ least in what is known without their bodies. */
function candidates(deck: Deck, request: Asked, got: Comparable): readonly Scene[] {
  const distance = (scene: Scene): number => {
    const differing = differences(comparable(deck.recordedLike(scene, request), got.body), got);
    return farness(differing, isOver(deck, scene));
  };
  return deck.scenes
    .filter((scene) => isLike(scene, request))
    .slice(0, 1000)
    .map((scene) => ({ scene, far: distance(scene) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, CLOSE_LOOKS)
    .map(({ scene }) => scene);
}

/** The same operation; the same path, though another method; or a path of which one segment is another. */
function isLike({ operation, entry }: Scene, request: Asked): boolean {
  const { name, path } = request.operation;
  if (entry.method !== request.method) return operation.path === path;
  return operation.name === name || isPathLike(operation.path.split("/").slice(1), path.split("/").slice(1));
}

function isPathLike(recorded: readonly string[], got: readonly string[]): boolean {
  const inCommon = recorded.filter((segment, at) => segment === got[at]).length;
  return recorded.length === got.length && got.length > 1 && inCommon === got.length - 1;
}
