/** Names for containers that a client does not name: two words of the sea, in dockerd's form. */
import type { SeededRandom } from "../../base/random.ts";

const MOODS = [
  "brave", "calm", "clever", "deep", "eager", "floating", "gentle", "happy", "humming", "jolly", "keen", "lucid",
  "mellow", "nimble", "patient", "quiet", "roaming", "silent", "singing", "sleepy", "steady", "swift", "tidal", "wise",
] as const; // biome-ignore format: a list of words
const SWIMMERS = [
  "albacore", "beluga", "bowhead", "cachalot", "coral", "cuttlefish", "dolphin", "dugong", "fin", "grampus", "humpback",
  "kelp", "lobster", "manatee", "minke", "narwhal", "orca", "otter", "porpoise", "rorqual", "sei", "squid", "urchin",
] as const; // biome-ignore format: a list of words

/** The seed's first free name. After six tries, a number is appended. */
export function generateName(seed: SeededRandom, isTaken: (name: string) => boolean): string {
  for (let tries = 0; ; tries += 1) {
    const words = `${seed.pick("name", MOODS)}_${seed.pick("name", SWIMMERS)}`;
    const name = tries < 6 ? words : `${words}${seed.drawNumber("name", 10 * tries)}`;
    if (!isTaken(name)) return name;
  }
}
