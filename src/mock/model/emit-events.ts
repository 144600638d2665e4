/** Emits the events of `/events`, with moby's attributes. */
import type { Container } from "./container.ts";
import type { EngineEvent } from "./engine-event.ts";
import type { EngineState } from "./engine-state.ts";

/** @param from the container's image, which events before API 1.22 carry */
export function emitEvent(
  { time, events }: Pick<EngineState, "time" | "events">,
  type: EngineEvent["type"],
  action: string,
  id: string,
  attributes: EngineEvent["attributes"],
  from?: string,
): void {
  events.emit({ type, action, id, attributes, time: time.stamp(), ...(from === undefined ? {} : { from }) });
}

/** A container's event carries its labels, image and name (moby daemon/events.go). */
export function emitContainerEvent(
  engine: EngineState,
  { id, name, config }: Container,
  action: string,
  more: EngineEvent["attributes"] = {},
): void {
  const image = config.Image === "" ? {} : { image: config.Image };
  emitEvent(engine, "container", action, id, { ...config.Labels, ...image, name, ...more }, config.Image);
}

/** An image's event carries its labels and the name or id that it was addressed by (moby daemon/images/image_events.go). */
export function emitImageEvent(engine: EngineState, id: string, action: string, name: string = id): void {
  const labels = engine.images.lookUp(id)?.config.Labels ?? {};
  emitEvent(engine, "image", action, id, { ...labels, name });
}
