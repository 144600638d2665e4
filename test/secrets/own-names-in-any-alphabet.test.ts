import { expect, test } from "vitest";
import { redactBody } from "../../src/secrets/redact-http.ts";
import { Redactor } from "../../src/secrets/redactor.ts";

test.each(["größe", "Größe", "鍵", "ACME"])("a rule that names `%s` keeps its values out", (name) => {
  const redactor = new Redactor({ rules: [name] });
  const body = { Labels: { [name]: "riesengross" }, Env: [`${name}=zwergenklein`], Image: "busybox" };
  const place = { operation: "ContainerCreate", side: "request" } as const;
  const text = redactBody(Buffer.from(JSON.stringify(body)), place, redactor).toString();
  expect(JSON.parse(text)).toEqual({
    Labels: { [name]: expect.stringMatching(/^<redacted:\d>$/) },
    Env: [expect.stringMatching(new RegExp(`^${name}=<redacted:\\d>$`))],
    Image: "busybox",
  });
});
