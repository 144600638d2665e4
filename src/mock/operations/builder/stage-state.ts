/** The state of one stage while it is built. Its methods turn a step into a container and an image. */

import type { Container } from "../../model/container.ts";
import { type ContainerConfig, toContainerConfig } from "../../model/container-config.ts";
import type { Image, Layer } from "../../model/image.ts";
import type { ProgressSink } from "../../model/progress-sink.ts";
import { toShortId } from "../../model/short-id.ts";
import { createStoppedDisk } from "../../runtime/container-disk.ts";
import { getRuntime } from "../../runtime/engine-runtime.ts";
import { getShell } from "../dockerfile/settings.ts";
import type { Engine } from "../engine.ts";
import { addImage, commitContainer } from "../images/commit.ts";
import { createContainer } from "../lifecycle/create-container.ts";
import type { BuildArgs } from "./build-args.ts";
import { findCached } from "./build-cache.ts";
import type { BuildOptions } from "./build-options.ts";

/** What all stages of a build share. */
export interface BuildScope {
  readonly engine: Engine;
  readonly options: BuildOptions;
  readonly send: ProgressSink;
  readonly args: BuildArgs;
  readonly escapeMark: string;
  /** Resolves when the client is gone. */
  readonly gone: Promise<void>;
}

export class StageState {
  readonly #scope: BuildScope;
  /** The containers of the current step, which are removed after it. */
  readonly #containers: string[] = [];
  #image: Image | undefined;
  #isCacheBroken: boolean;
  config: ContainerConfig;
  author = "";

  constructor(scope: BuildScope, image: Image | undefined, config: ContainerConfig) {
    this.#scope = scope;
    this.#image = image;
    this.config = config;
    this.#isCacheBroken = !scope.options.usesCache;
    this.author = image?.configuration.author ?? "";
  }

  get image(): Image | undefined {
    return this.#image;
  }

  get imageId(): string {
    return this.#image?.id ?? "";
  }

  /** Commits a step that only changes settings. `comment` is `ENV A=1` or the like. */
  commitSetting(comment: string): void {
    this.#commitStep(["#(nop) ", comment], () => undefined);
  }

  /** Commits a WORKDIR, which also creates the folder. */
  commitWorkdir(comment: string, folder: string): void {
    const { engine } = this.#scope;
    this.#commitStep([`#(nop) ${comment}`], (container) => {
      createStoppedDisk(engine, container, getRuntime(engine, container).files).makeFolders(folder);
    });
  }

  #commitStep(words: readonly string[], change: (container: Container) => void): void {
    const remembered = { ...this.config, Image: this.imageId, Cmd: [...getShell(this.config), ...words] };
    if (this.#isInCache(remembered)) return;
    const container = this.create(remembered);
    change(container);
    this.commit(container, { ...remembered, Hostname: toShortId(container.id) });
  }

  /** Looks for the step in the cache. The image that it finds becomes this stage's. */
  #isInCache(remembered: ContainerConfig): boolean {
    const { engine, send } = this.#scope;
    const cached = this.#isCacheBroken ? undefined : findCached(engine, this.imageId, remembered);
    if (cached === undefined) {
      this.#isCacheBroken = true;
      return false;
    }
    send({ stream: " ---> Using cache\n" });
    this.#image = cached;
    return true;
  }

  isInCache(remembered: ContainerConfig): boolean {
    return this.#isInCache({ ...remembered, Image: this.imageId });
  }

  create(config: ContainerConfig): Container {
    const { engine, options, send } = this.#scope;
    const { id } = createContainer(engine, "", {
      config: { ...config, Image: this.imageId },
      hostConfig: { NetworkMode: options.networkMode },
      endpoints: {},
    });
    this.#containers.push(id);
    send({ stream: ` ---> Running in ${toShortId(id)}\n` });
    return engine.containers.get(id) as Container;
  }

  /** Commits the container as this stage's new image. */
  commit(container: Container, remembered: ContainerConfig): void {
    this.#image = commitContainer(this.#scope.engine, container, this.#toCommitOptions(remembered));
  }

  /** Commits a layer that no container created. */
  addLayer(layer: Layer, remembered: ContainerConfig): void {
    this.#image = addImage(
      this.#scope.engine,
      this.#image,
      layer,
      this.#toCommitOptions({ ...remembered, Image: this.imageId }),
    );
  }

  #toCommitOptions(remembered: ContainerConfig): Parameters<typeof commitContainer>[2] {
    const createdBy = (remembered.Cmd ?? []).join(" ");
    const config = { ...this.config, Image: this.imageId };
    return {
      config: withNullLabels(config),
      containerConfig: withNullLabels({ ...remembered, Image: this.imageId }),
      createdBy,
      author: this.author,
    };
  }

  /** Hands over the containers of the current step. */
  takeContainers(): readonly string[] {
    return this.#containers.splice(0);
  }
}

/** In an image's JSON, no labels are null. */
function withNullLabels(config: ContainerConfig): object {
  return { ...toContainerConfig(config), Labels: Object.keys(config.Labels).length === 0 ? null : config.Labels };
}
