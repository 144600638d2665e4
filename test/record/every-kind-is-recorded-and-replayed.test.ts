import { describe, expect, test } from "vitest";
import { waitForQuiet } from "../playbook/quiet.ts";
import { createRecordedScene, createReplayedScene } from "../playbook/scenario.ts";
import { Studio } from "../playbook/studio.ts";
import { Theatre } from "../playbook/theatre.ts";
import { BODIES } from "./kinds/bodies.ts";
import { BREAKS } from "./kinds/breaks.ts";
import { HIJACKS } from "./kinds/hijacks.ts";
import { STREAMS } from "./kinds/streams.ts";

describe.each([...BODIES, ...STREAMS, ...HIJACKS, ...BREAKS])("$kind", ({ scenario, cassette }) => {
  test("passes unaltered, gives this cassette, and is replayed byte for byte", async () => {
    const studio = new Studio();
    await scenario(createRecordedScene(studio));
    expect(await studio.exchanges()).toBe(cassette);
    expect(studio.warnings).toEqual([]);
    expect(studio.store.openDrafts, "drafts left open").toBe(0);

    const theatre = new Theatre(studio.store.text, { sidecars: studio.store.sidecars });
    await scenario(createReplayedScene(theatre));
    await waitForQuiet();
    const { missed, unplayed, stalled, differing, problems } = theatre.report;
    expect({ missed, unplayed, stalled, differing, problems }).toEqual({
      missed: [],
      unplayed: [],
      stalled: [],
      differing: [],
      problems: [],
    });
  });
});
