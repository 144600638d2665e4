import { badParameter, systemError } from "../../../model/api-error.ts";
import { jsonResponse, noContent } from "../../http/response.ts";
import { downgradeTo, omitMembers, type ResponseDowngrade } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";
import { toGoBody } from "../read-json-body.ts";

const DOWNGRADES: readonly ResponseDowngrade[] = [
  { since: "1.12", downgrade: (json) => omitMembers(json, "IdentityToken") },
];

/** The password that every registry refuses. */
const WRONG_PASSWORD = "wrong";

interface LoginBody {
  readonly email?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** A registry without configured users accepts every login, except with `WRONG_PASSWORD`. */
export const auth: Endpoint = {
  operation: "SystemAuth",
  respond: async (request, engine) => {
    const sent = (toGoBody(request, "SystemAuth", await request.readJson()) ?? {}) as LoginBody;
    const { username = "", password = "", email = "", identitytoken = "", serveraddress = "" } = sent;
    const isAnonymous = identitytoken === "" && username === "";
    if (isAnonymous && request.api.isLegacy) return noContent();
    if (isAnonymous) throw badParameter("no username provided");
    if (password === WRONG_PASSWORD) {
      const registry = serveraddress === "" ? "https://index.docker.io/v1/" : serveraddress;
      throw systemError(`login attempt to ${registry} failed with status: 401 Unauthorized`);
    }
    await engine.registry.logIn(serveraddress, { username, password });
    if (request.api.isBefore("1.2")) engine.account = { username, password, email };
    return jsonResponse(downgradeTo(request, { IdentityToken: "", Status: "Login Succeeded" }, DOWNGRADES));
  },
};

/** The account that logged in. Before 1.2 the daemon kept it. */
export const authShow: Endpoint = {
  operation: "SystemAuthShow",
  respond: (_, { account }) => jsonResponse({ username: account?.username ?? "", email: account?.email ?? "" }),
};
