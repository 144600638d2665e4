import { expect, test } from "vitest";
import { recordCapture } from "../record/builds/record-capture.ts";
import { showText } from "./show-text.ts";

async function show(name: string, folder: "wire" | "here"): Promise<string> {
  const { text, sidecars } = await recordCapture(name, folder);
  const lines = await showText(text, {
    readSidecar: async function* ({ path }) {
      yield sidecars.get(path) as Buffer;
    },
  });
  return lines.map((line) => line.replace(/^ +\d+ build +/, "")).join("\n");
}

test("a build is printed as docker's plain progress prints it, with the files that were sent", async () => {
  expect(await show("plain", "wire")).toContain(`
   9 GRPC   build  -t demo:1 -> OK
#1 [internal] load build definition from Dockerfile
dockerfile: Dockerfile (94 B)
#1 transferring dockerfile: 131B done
#1 DONE 0.0s
#2 [internal] load metadata for docker.io/library/busybox:latest
#2 DONE 0.0s
#3 [internal] load .dockerignore
context: .dockerignore (6 B)
#3 transferring context: 46B done
#3 DONE 0.0s
#4 [1/5] FROM docker.io/library/busybox:latest
#5 [internal] load build context
#4 DONE 0.0s
#6 [2/5] WORKDIR /app
context-2: app.txt (4 B), src/f1 (3 B), src/f2 (13 B)
#5 transferring context: 180B done
#6 DONE 0.1s
#5 DONE 0.1s
#7 [3/5] COPY app.txt .
#7 DONE 0.0s
#8 [4/5] COPY src src
#8 DONE 0.0s
#9 [5/5] RUN cat app.txt && echo built > out.txt
#9 0.296 app
#9 DONE 0.3s
#10 exporting to image
#10 exporting layers done
#10 writing image sha256:e39038c0dc214b0a03fdddd0470c879c1c31628fa812f176553fe82e2181f4b2 done
#10 naming to docker.io/library/demo:1 done
#10 DONE 0.1s
  10 GRPC   Control/ListenBuildHistory`);
});

test("a failure and a question for a secret are printed", async () => {
  const failing = await show("failing", "wire");
  expect(failing).toContain("-> failed process");
  expect(failing).toContain(`
#5 0.161 before
#5 ERROR: process "/bin/sh -c echo before && exit 7" did not complete successfully: exit code: 7`);
  expect(await show("c20-secret", "here")).toContain("\nthe daemon asks for the secret tok\n");
});
