/** Runs the command line in this process, with a terminal that remembers what is printed. */
import { runWords } from "../../src/cli/run-words.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface VerbRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServingVerb {
  /** The path of its socket. */
  readonly socket: string;
  /** Stops it as SIGTERM would. */
  stop(): Promise<VerbRun>;
}

/** Runs a verb to its end. */
export async function runInProcess(...words: readonly string[]): Promise<VerbRun> {
  return new TestTerminal().run(words);
}

/** Starts `record`, `replay` or `mock` without a command; resolves when connections are accepted. */
export async function startInProcess(...words: readonly string[]): Promise<ServingVerb> {
  return startOn(new TestTerminal(), words);
}

/** The same where a person looks at stderr. */
export async function startBeforePerson(...words: readonly string[]): Promise<ServingVerb> {
  return startOn(new TestTerminal({ isTerminal: true }), words);
}

async function startOn(terminal: TestTerminal, words: readonly string[]): Promise<ServingVerb> {
  const ended = terminal.run(words);
  const early = ended.then(({ stderr }) => {
    throw new Error(`the verb ended before it listened: ${stderr}`);
  });
  const url = await Promise.race([terminal.listening, early]);
  return {
    socket: url.replace("unix://", ""),
    stop: () => {
      terminal.stop();
      return ended;
    },
  };
}

class TestTerminal implements Terminal {
  readonly stdout = { write: (text: string) => void this.#printed.stdout.push(text) };
  readonly stderr: Terminal["stderr"];
  /** Resolves with the url that the verb listens on. */
  readonly listening: Promise<string>;
  #setListening: (url: string) => void = () => undefined;
  #stop: () => void = () => undefined;
  readonly #stopped: Promise<void>;
  readonly #printed = { stdout: [] as string[], stderr: [] as string[] };

  constructor({ isTerminal = false }: { readonly isTerminal?: boolean } = {}) {
    this.stderr = { write: (text) => this.#writeError(text), isTerminal };
    this.listening = new Promise((resolve) => {
      this.#setListening = resolve;
    });
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  waitForStop(): Promise<void> {
    return this.#stopped;
  }

  stop(): void {
    this.#stop();
  }

  async run(words: readonly string[]): Promise<VerbRun> {
    const { status } = await runWords(words, this);
    return { status, stdout: this.#printed.stdout.join(""), stderr: this.#printed.stderr.join("") };
  }

  #writeError(text: string): void {
    this.#printed.stderr.push(text);
    const [, url] = /^listening on (\S+)$/m.exec(text) ?? [];
    if (url !== undefined) this.#setListening(url);
  }
}
