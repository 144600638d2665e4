// The JSON Schema ships beside the compiled code, so that editors find it in the package.
import { copyFileSync } from "node:fs";

copyFileSync("src/cassette/cassette.schema.json", "dist/cassette/cassette.schema.json");
