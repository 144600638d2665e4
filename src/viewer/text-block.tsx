import type { ComponentChildren, JSX } from "preact";
import { toVisible } from "./visible-text.ts";

/** Text that may be long: it scrolls, by keys as well. */
export function TextBlock({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  return (
    <ScrollRegion label={label} kind="log">
      <pre>{toVisible(text)}</pre>
    </ScrollRegion>
  );
}

export function ScrollRegion(props: {
  readonly label: string;
  readonly kind: "log" | "scroll";
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys (axe, scrollable-region-focusable)
    <section class={props.kind} aria-label={props.label} tabIndex={0}>
      {props.children}
    </section>
  );
}
