/** Starts the page: reads the data that stands in it, and shows it. */
import { render } from "preact";
import { App } from "./app.tsx";
import { readData } from "./read-data.ts";
import { addStyles } from "./styles.ts";

async function start(root: HTMLElement): Promise<void> {
  addStyles();
  const data = await readData(document.getElementById("data")?.textContent ?? "");
  root.replaceChildren();
  render(<App data={data} />, root);
}

const root = document.getElementById("app");
if (root !== null) {
  start(root).catch((error: unknown) => {
    root.textContent = `This page cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  });
}
