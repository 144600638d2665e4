import { describe, expect, test } from "vitest";
import type { Call } from "../../src/session/call.ts";
import { Faulty } from "../playbook/faulty.ts";
import {
  answer,
  encodeChunkedAnswer,
  encodeJsonAnswer,
  encodeTextChunk,
  encodeTextFrame,
  LAST_CHUNK,
  NO_CONTENT,
  RAW_OK,
  request,
  UPGRADED,
  upgradeRequest,
} from "../playbook/http.ts";
import { waitForQuiet } from "../playbook/quiet.ts";

const ASKS = request("GET /v1.41/containers/json");
const LIST = encodeJsonAnswer("200 OK", "[0123456789]\n");
const HEAD = LIST.slice(0, LIST.indexOf("[0"));

test("`answer` refuses as the daemon does, and the call goes no further", async () => {
  const faulty = new Faulty("- answer: {status: 500, message: no space left on device}", LIST);
  const client = faulty.client();
  await client.sends(ASKS, request("GET /v1.23/containers/json"));
  expect(await client.hearsUpTo("}\n")).toMatch(/^HTTP\/1\.1 500 .*\{"message":"no space left on device"\}\n$/s);
  expect(await client.hearsUpTo("device\n")).toMatch(/Content-Type: text\/plain/);
  expect(faulty.calls).toEqual([]);
});

test("`latency` holds the call back, give or take the jitter", async () => {
  const faulty = new Faulty("- latency: {delay: 1s, jitter: 100ms}", LIST);
  faulty.chances.push(0.75);
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hearsNothing();
  faulty.clock.passes(1049);
  await client.hearsNothing();
  expect(faulty.calls).toEqual([]);
  faulty.clock.passes(1);
  await client.hears(LIST);
});

test("a delay ends when the client hangs up", async () => {
  const faulty = new Faulty("- latency: 1h", LIST);
  const client = faulty.client();
  await client.sends(ASKS);
  await waitForQuiet();
  await client.breaksOff();
  expect(faulty.calls).toHaveLength(1);
});

test("`timeout` sends nothing, and closes after a while", async () => {
  const faulty = new Faulty("- timeout: 5s", LIST);
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hearsNothing();
  faulty.clock.passes(5000);
  await client.hearsEnd();
  expect(faulty.calls).toEqual([]);
});

test("`timeout: 0ms` never closes", async () => {
  const faulty = new Faulty("- timeout: 0ms", LIST);
  const client = faulty.client();
  await client.sends(ASKS);
  faulty.clock.passes(1e9);
  await client.hearsNothing();
});

test("`reset_peer` breaks off", async () => {
  const faulty = new Faulty("- reset_peer: 1s", LIST);
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hearsNothing();
  faulty.clock.passes(1000);
  await client.hearsReset();
});

test("`slow_close` sends all, and closes later", async () => {
  const faulty = new Faulty("- slow_close: 2s", (call) => {
    call.connectionFate = "close";
    return call.connection.write(Buffer.from(LIST));
  });
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hears(LIST);
  await client.hearsNothing();
  faulty.clock.passes(2000);
  await client.hearsEnd();
});

describe("`limit_data` breaks the body off", () => {
  test.each([
    ["after so many bytes", "4", "hearsEnd"],
    ["and then the connection", "{bytes: 4, then: reset}", "hearsReset"],
    ["and holds its breath", "{bytes: 4, then: stall}", "hearsNothing"],
  ] as const)("%s", async (_how, limit, ending) => {
    const client = new Faulty(`- limit_data: ${limit}`, LIST).client();
    await client.sends(ASKS);
    await client.hears(`${HEAD}[012`);
    await client[ending]();
  });

  test("in chunks, without the last one", async () => {
    const sent =
      encodeChunkedAnswer("200 OK") + encodeTextChunk('{"a":1}\n') + encodeTextChunk('{"b":2}\n') + LAST_CHUNK;
    const client = new Faulty("- limit_data: 10", sent).client();
    await client.sends(ASKS);
    await client.hears(encodeChunkedAnswer("200 OK") + encodeTextChunk('{"a":1}\n') + encodeTextChunk('{"'));
    await client.hearsEnd();
  });

  test("after so many frames, whatever pieces they come in", async () => {
    const frames =
      encodeTextFrame("stdout", "one\n") + encodeTextFrame("stderr", "two\n") + encodeTextFrame("stdout", "three\n");
    const faulty = new Faulty("- limit_data: {frames: 2}", async ({ connection }: Call) => {
      for (const byte of RAW_OK + frames) await connection.write(Buffer.from(byte, "latin1"));
    });
    const client = faulty.client();
    await client.sends(ASKS);
    await client.hears(RAW_OK + encodeTextFrame("stdout", "one\n") + encodeTextFrame("stderr", "two\n"));
    await client.hearsEnd();
  });

  test("not at all where there is no body", async () => {
    const client = new Faulty("- limit_data: 4", NO_CONTENT).client();
    await client.sends(ASKS, ASKS);
    await client.hears(NO_CONTENT, NO_CONTENT);
  });

  test("and the writer sees that its connection is gone", async () => {
    let wasGone = false;
    const faulty = new Faulty("- limit_data: 4", async ({ connection }) => {
      await connection.write(Buffer.from(LIST));
      wasGone = connection.isGone;
    });
    const client = faulty.client();
    await client.sends(ASKS);
    await client.hears(`${HEAD}[012`);
    await client.hearsEnd();
    expect(wasGone).toBe(true);
  });
});

test("`bad_frame` breaks one header, in chunks too", async () => {
  const frames = [
    encodeTextFrame("stdout", "one\n"),
    encodeTextFrame("stdout", "two\n"),
    encodeTextFrame("stdout", "three\n"),
  ] as const;
  const bad = `\x77${frames[1].slice(1)}`;
  const client = new Faulty(
    "- bad_frame: 2",
    encodeChunkedAnswer("200 OK", []) + encodeTextChunk(frames.join("")) + LAST_CHUNK,
  ).client();
  await client.sends(ASKS);
  await client.hears(
    encodeChunkedAnswer("200 OK", []) +
      encodeTextChunk(frames[0]) +
      encodeTextChunk(bad) +
      encodeTextChunk(frames[2]) +
      LAST_CHUNK,
  );
});

test("`bad_frame` leaves alone what has no frames", async () => {
  const client = new Faulty("- bad_frame: 1", LIST).client();
  await client.sends(ASKS);
  await client.hears(LIST);
});

test("`bandwidth` lets so much through in its time", async () => {
  const body = "x".repeat(100);
  const faulty = new Faulty("- bandwidth: 1KB/s", `HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${body}`);
  const client = faulty.client();
  await client.sends(ASKS);
  const whole = `HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${body}`;
  for (let at = 0; at < whole.length; at += 20) {
    await client.hearsNothing();
    faulty.clock.passes(20);
    await client.hears(whole.slice(at, at + 20));
  }
});

test("`slicer` cuts the response into pieces of about a size", async () => {
  const faulty = new Faulty("- slicer: {average_size: 10, size_variation: 4, delay: 1ms}", answer("200 OK"));
  faulty.chances.push(0, 0.999);
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hears(answer("200 OK").slice(0, 6));
  await client.hearsNothing();
  faulty.clock.passes(1);
  await client.hears(answer("200 OK").slice(6, 20));
  await client.hearsNothing();
});

test("faults of one call make a pipeline, in the order of the text", async () => {
  const faulty = new Faulty("- latency: 1s\n- limit_data: 4\n- {slow_close: 1s, slicer: {average_size: 1000}}", LIST);
  const client = faulty.client();
  await client.sends(ASKS);
  await client.hearsNothing();
  faulty.clock.passes(1000);
  await client.hears(`${HEAD}[012`);
  await client.hearsEnd();
});

describe("with faults in between", () => {
  test("the client's half ends alone, and the response still comes", async () => {
    const faulty = new Faulty("- slicer: {average_size: 3}", async (call) => {
      call.connectionFate = "close";
      await call.connection.write(Buffer.from(UPGRADED, "latin1"));
      const { reader } = call;
      while (reader.queue.length > 0 || (await reader.readMore()))
        await call.connection.write(Buffer.concat([Buffer.from("echo "), reader.queue.take()]));
      await call.connection.write(Buffer.from("bye\n"));
    });
    const client = faulty.client();
    await client.sends(upgradeRequest("POST /v1.41/containers/web/attach"));
    await client.hears(UPGRADED);
    await client.sends("one\n");
    await client.hears("echo one\n");
    await client.closesItsHalf();
    await client.hears("bye\n");
    await client.hearsEnd();
  });

  test("the connection is kept alive, and the next call has none", async () => {
    const client = new Faulty("- {nth: 1, slicer: {average_size: 5}}", LIST).client();
    await client.sends(ASKS, ASKS);
    await client.hears(LIST, LIST);
  });
});
