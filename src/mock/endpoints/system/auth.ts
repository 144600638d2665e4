import { json } from "../../http/answer.ts";
import { badParameter, systemError } from "../../refusal.ts";
import type { Endpoint } from "../endpoint.ts";

interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** Registries whose users nobody told know everybody who names himself, but for a password that says that it is wrong. */
export const auth: Endpoint = {
  operation: "SystemAuth",
  answer: async (request, engine) => {
    const { username = "", password = "", identitytoken = "", serveraddress = "" } = await request.json<Credentials>();
    if (identitytoken === "" && username === "") throw badParameter("no username provided");
    if (password === "wrong") {
      const registry = serveraddress === "" ? "https://index.docker.io/v1/" : serveraddress;
      throw systemError(`login attempt to ${registry} failed with status: 401 Unauthorized`);
    }
    await engine.registry.login(serveraddress, { username, password });
    return json({ IdentityToken: "", Status: "Login Succeeded" });
  },
};
