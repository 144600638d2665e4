/** `node dockerode.js run|plain`: has the session with the daemon at DOCKER_HOST, and prints what it saw. */
import Docker from "dockerode";
import { dockerodePlain } from "./dockerode-plain.js";
import { dockerodeRun } from "./dockerode-run.js";

const session = process.argv[2] === "plain" ? dockerodePlain : dockerodeRun;
for await (const { did, saw } of session(new Docker())) console.log(`${did}: ${saw.trim()}`);
