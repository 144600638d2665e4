import { badParameter, systemError } from "../../../model/api-error.ts";
import { type ShapeChange, shapeFor, without } from "../../../model/shapes.ts";
import { json, nothing } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";

const CHANGES: readonly ShapeChange[] = [{ since: "1.12", before: (answer) => without(answer, "IdentityToken") }];

interface Sent {
  readonly email?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** Registries whose users nobody told know everybody who names himself, but for a password that says that it is wrong. */
export const auth: Endpoint = {
  operation: "SystemAuth",
  answer: async (request, engine) => {
    const sent = await request.json<Sent>();
    const { username = "", password = "", email = "", identitytoken = "", serveraddress = "" } = sent;
    const isNobody = identitytoken === "" && username === "";
    if (isNobody && request.api.isBygone) return nothing();
    if (isNobody) throw badParameter("no username provided");
    if (password === "wrong") {
      const registry = serveraddress === "" ? "https://index.docker.io/v1/" : serveraddress;
      throw systemError(`login attempt to ${registry} failed with status: 401 Unauthorized`);
    }
    await engine.registry.login(serveraddress, { username, password });
    if (request.api.isBefore("1.2")) engine.account = { username, password, email };
    return json(shapeFor(request.api, { IdentityToken: "", Status: "Login Succeeded" }, CHANGES));
  },
};

/** Who logged in with the daemon itself, before 1.2. */
export const authShow: Endpoint = {
  operation: "SystemAuthShow",
  answer: (_, { account }) => json({ username: account?.username ?? "", email: account?.email ?? "" }),
};
