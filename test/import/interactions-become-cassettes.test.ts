/** Cassettes of vcrpy, go-vcr and Polly, spelled as these tools write them, become cassettes of whalesong. */
import { describe, expect, test } from "vitest";
import { catchError } from "../io/temporary.ts";
import { importFixture } from "./import-fixture.ts";

const VCRPY = `interactions:
- request:
    body: null
    headers:
      Accept: ['*/*']
      User-Agent: [docker-sdk-python/7.1.0]
    method: GET
    uri: http+docker://localhost/v1.41/images/json?only_ids=0&all=0
  response:
    body:
      string: "[{\\"Id\\":\\"sha256:5b22\\",\\"Size\\":1}]\\n"
    headers:
      Api-Version: ['1.41']
      Content-Type: [application/json]
      Content-Length: ['34']
    status: {code: 200, message: OK}
- request:
    body: '{"Name": "tide"}'
    headers: {Content-Type: [application/json]}
    method: POST
    uri: http://localhost/v1.41/volumes/create
  response:
    body: {string: !!binary "eyJOYW1lIjoidGlkZSJ9Cg=="}
    headers: {Api-Version: ['1.41'], Content-Type: [application/json]}
    status: {code: 201, message: Created}
- request: {body: null, headers: {}, method: GET, uri: 'https://example.org/'}
  response: {body: {string: ''}, headers: {}, status: {code: 200, message: OK}}
version: 1
`;

const GO_VCR = `---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 0
        transfer_encoding: []
        trailer: {}
        host: docker
        remote_addr: ""
        request_uri: ""
        body: ""
        form: {}
        headers:
            User-Agent:
                - Go-http-client/1.1
        url: http://docker/v1.41/images/json?only_ids=0&all=0
        method: GET
      response:
        proto: HTTP/1.1
        content_length: 34
        transfer_encoding: []
        trailer: {}
        uncompressed: false
        body: |
            [{"Id":"sha256:5b22","Size":1}]
        headers:
            Api-Version:
                - "1.41"
            Content-Type:
                - application/json
        status: 200 OK
        code: 200
        duration: 1.03ms
    - id: 1
      request:
        body: '{"Name": "tide"}'
        headers: {Content-Type: [application/json]}
        url: http://%2Fvar%2Frun%2Fdocker.sock/v1.41/volumes/create
        method: POST
      response:
        body: "{\\"Name\\":\\"tide\\"}\\n"
        headers: {Api-Version: ["1.41"], Content-Type: [application/json]}
        status: 201 Created
        code: 201
    - id: 2
      request: {body: "", headers: {}, url: "https://example.org/", method: GET}
      response: {body: "", headers: {}, status: 200 OK, code: 200}
`;

const POLLY = {
  log: {
    _recordingName: "volumes",
    creator: { comment: "persister:fs", name: "Polly.JS", version: "6.0.6" },
    entries: [
      createPollyEntry("GET", "/v1.41/images/json?only_ids=0&all=0", undefined, 200, {
        mimeType: "application/json",
        size: 32,
        text: '[{"Id":"sha256:5b22","Size":1}]\n',
      }),
      createPollyEntry("POST", "/v1.41/volumes/create", '{"Name": "tide"}', 201, {
        _isBinary: true,
        mimeType: "application/json",
        size: 16,
        text: JSON.stringify(['{"Name":', '"tide"}\n'].map((piece) => Buffer.from(piece).toString("hex"))),
      }),
    ],
    pages: [],
    version: "1.2",
  },
};

function createPollyEntry(method: string, path: string, sent: string | undefined, status: number, content: object) {
  const headers = [
    { name: "api-version", value: "1.41" },
    { name: "content-type", value: "application/json" },
  ];
  return {
    _id: "5b22",
    _order: 0,
    cache: {},
    request: {
      bodySize: sent?.length ?? 0,
      cookies: [],
      // dockerode gives Content-Length as a number, and Polly keeps it.
      headers: [
        { name: "content-type", value: "application/json" },
        { name: "content-length", value: sent?.length ?? 0 },
      ],
      method,
      ...(sent === undefined ? {} : { postData: { mimeType: "application/json", params: [], text: sent } }),
      url: `http://localhost${path}`,
    },
    response: { content, headers, status, statusText: status === 200 ? "OK" : "Created" },
    startedDateTime: "2026-11-20T12:00:00.000Z",
    time: 5,
    timings: { receive: 0, send: 0, wait: 5 },
  };
}

describe.each([
  ["vcrpy", VCRPY, 1],
  ["vcrpy's JSON", toVcrpyJson(), 0],
  ["go-vcr", GO_VCR, 1],
  ["Polly", POLLY, 0],
])("%s", (_tool, content, skipped) => {
  test("has the requests and responses", async () => {
    const { exchanges, report } = await importFixture(content);
    expect(report).toMatchObject({ exchanges: 2, dropped: 0, problem: undefined });
    expect(report.skipped.map(({ reason }) => reason)).toEqual(
      Array(skipped).fill("it is not of the Docker Engine API"),
    );
    expect(exchanges.map(({ request, response }) => [request.method, request.target, response?.status])).toEqual([
      ["GET", "/v1.41/images/json?only_ids=0&all=0", 200],
      ["POST", "/v1.41/volumes/create", 201],
    ]);
    expect(exchanges.map(({ response }) => String(response?.body))).toEqual([
      '[{"Id":"sha256:5b22","Size":1}]\n',
      '{"Name":"tide"}\n',
    ]);
    expect(JSON.parse(String(exchanges[1]?.request.body))).toEqual({ Name: "tide" });
  });
});

function toVcrpyJson() {
  const response = (code: number, body: object) => ({
    body,
    headers: { "Api-Version": ["1.41"], "Content-Type": ["application/json"] },
    status: { code, message: "" },
  });
  const request = (method: string, path: string, body: string | null) => ({
    method,
    body,
    uri: `http://localhost${path}`,
    headers: { "Content-Type": ["application/json"] },
  });
  const first = request("GET", "/v1.41/images/json?only_ids=0&all=0", null);
  const second = request("POST", "/v1.41/volumes/create", '{"Name": "tide"}');
  return {
    version: 1,
    interactions: [
      { request: first, response: response(200, { string: '[{"Id":"sha256:5b22","Size":1}]\n' }) },
      {
        request: second,
        response: response(201, { base64_string: Buffer.from('{"Name":"tide"}\n').toString("base64") }),
      },
    ],
  };
}

test.each([
  [
    "interactions:\n- request: {method: GET}\n  response: {}\n",
    "WHALESONG_IMPORT_SHAPE",
    /fixture\.json:1.*`url`|fixture\.json:2.*`url`/,
  ],
  ["interactions: [\n", "WHALESONG_IMPORT_SYNTAX", /fixture\.json/],
  ["interactions: &a\n- *a\n", "WHALESONG_IMPORT_SYNTAX", /aliases|alias/i],
  ["tides: 1\n", "WHALESONG_IMPORT_SHAPE", /interactions/],
  [
    "# a schema\nwhalesong: 1\n---\nrequest: GET /\n",
    "WHALESONG_IMPORT_SHAPE",
    /:2:1 .*a cassette of whalesong already/,
  ],
])("%j is refused at its place", async (content, code, message) => {
  expect(await catchError(() => importFixture(content))).toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
