/** The simulated daemon has no plugins: lists are empty, and every other request answers 404. */

import { notFound } from "../../../model/api-error.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

export const pluginList: Endpoint = { operation: "PluginList", respond: () => jsonResponse([]) };

const ABOUT_ONE = [
  "PluginInspect",
  "PluginDelete",
  "PluginEnable",
  "PluginDisable",
  "PluginPush",
  "PluginSet",
  "PluginUpgrade",
];

export const onePluginEndpoints: readonly Endpoint[] = ABOUT_ONE.map((operation) => ({
  operation,
  respond: ({ name }) => {
    throw notFound(`plugin "${name}" not found`);
  },
}));
