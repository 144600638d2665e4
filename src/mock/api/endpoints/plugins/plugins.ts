/** The simulated daemon has no plugins, and says so. */

import { notFound } from "../../../model/api-error.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

export const pluginList: Endpoint = { operation: "PluginList", answer: () => json([]) };

const ABOUT_ONE = [
  "PluginInspect",
  "PluginDelete",
  "PluginEnable",
  "PluginDisable",
  "PluginPush",
  "PluginSet",
  "PluginUpgrade",
];

export const aboutOnePlugin: readonly Endpoint[] = ABOUT_ONE.map((operation) => ({
  operation,
  answer: ({ name }) => {
    throw notFound(`plugin "${name}" not found`);
  },
}));
