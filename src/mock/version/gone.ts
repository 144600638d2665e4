/** Operations that later versions know no more, and nobody has simulated yet: the last version that had them. */
export const GONE: Readonly<Record<string, string>> = { ImageInsert: "1.11", ImageViz: "1.7" };
