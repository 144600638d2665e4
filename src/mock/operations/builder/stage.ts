/** A stage of a build while it is built: what it has come to, and what makes a step of it. */

import type { Container } from "../../model/container.ts";
import { type ContainerConfig, configOf } from "../../model/container-config.ts";
import type { Image, Layer } from "../../model/image.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { stillDiskOf } from "../../runtime/container-environment.ts";
import { runtimeOf } from "../../runtime/engine-runtime.ts";
import type { Engine } from "../engine.ts";
import { addImage, commitContainer } from "../images/commit.ts";
import { createContainer } from "../lifecycle/create.ts";
import type { BuildOptions } from "./build-options.ts";
import { madeBefore } from "./cache.ts";
import { shellOf } from "./settings.ts";
import type { BuildArgs } from "./variables.ts";

/** What all stages of a build have in common. */
export interface Build {
  readonly engine: Engine;
  readonly options: BuildOptions;
  readonly say: ProgressSink;
  readonly args: BuildArgs;
  readonly escapeMark: string;
  /** Resolves when nobody waits for the build any more. */
  readonly gone: Promise<void>;
}

const SHORT = 12;

export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, SHORT);
}

export class StageState {
  readonly #build: Build;
  /** Containers of this step, to be removed after it. */
  readonly #containers: string[] = [];
  #image: Image | undefined;
  #isCacheBroken: boolean;
  config: ContainerConfig;
  author = "";

  constructor(build: Build, image: Image | undefined, config: ContainerConfig) {
    this.#build = build;
    this.#image = image;
    this.config = config;
    this.#isCacheBroken = !build.options.usesCache;
    this.author = image?.configuration.author ?? "";
  }

  get image(): Image | undefined {
    return this.#image;
  }

  get imageId(): string {
    return this.#image?.id ?? "";
  }

  /** A step that only changes settings. `comment`: `ENV A=1`. */
  settle(comment: string): void {
    this.#settle(["#(nop) ", comment], () => undefined);
  }

  /** WORKDIR: the folder is made, too. */
  enter(comment: string, folder: string): void {
    const { engine } = this.#build;
    this.#settle([`#(nop) ${comment}`], (container) => {
      stillDiskOf(engine, container, runtimeOf(engine, container).files).makeFolders(folder);
    });
  }

  #settle(words: readonly string[], change: (container: Container) => void): void {
    const remembered = { ...this.config, Image: this.imageId, Cmd: [...shellOf(this.config), ...words] };
    if (this.#isInCache(remembered)) return;
    const container = this.create(remembered);
    change(container);
    this.commit(container, { ...remembered, Hostname: shortId(container.id) });
  }

  /** Whether the step was done before: then its image is this stage's now. */
  #isInCache(remembered: ContainerConfig): boolean {
    const { engine, say } = this.#build;
    const hit = this.#isCacheBroken ? undefined : madeBefore(engine, this.imageId, remembered);
    if (hit === undefined) {
      this.#isCacheBroken = true;
      return false;
    }
    say({ stream: " ---> Using cache\n" });
    this.#image = hit;
    return true;
  }

  isInCache(remembered: ContainerConfig): boolean {
    return this.#isInCache({ ...remembered, Image: this.imageId });
  }

  create(config: ContainerConfig): Container {
    const { engine, options, say } = this.#build;
    const { id } = createContainer(engine, "", {
      config: { ...config, Image: this.imageId },
      hostConfig: { NetworkMode: options.networkMode },
      endpoints: {},
    });
    this.#containers.push(id);
    say({ stream: ` ---> Running in ${shortId(id)}\n` });
    return engine.containers.get(id) as Container;
  }

  /** What the container has become is this stage's image now. */
  commit(container: Container, remembered: ContainerConfig): void {
    this.#image = commitContainer(this.#build.engine, container, this.#settings(remembered));
  }

  /** The same with a layer that no container made. */
  add(layer: Layer, remembered: ContainerConfig): void {
    this.#image = addImage(
      this.#build.engine,
      this.#image,
      layer,
      this.#settings({ ...remembered, Image: this.imageId }),
    );
  }

  #settings(remembered: ContainerConfig): Parameters<typeof commitContainer>[2] {
    const createdBy = (remembered.Cmd ?? []).join(" ");
    const config = { ...this.config, Image: this.imageId };
    return {
      config: told(config),
      containerConfig: told({ ...remembered, Image: this.imageId }),
      createdBy,
      author: this.author,
    };
  }

  /** The containers that this step has left. */
  takeContainers(): readonly string[] {
    return this.#containers.splice(0);
  }
}

/** Labels that nobody gave are null. */
function told(config: ContainerConfig): object {
  return { ...configOf(config), Labels: Object.keys(config.Labels).length === 0 ? null : config.Labels };
}
