import xtermStyles from "@xterm/xterm/css/xterm.css";
import viewerStyles from "./viewer.css";

export function addStyles(): void {
  const element = document.createElement("style");
  element.textContent = xtermStyles + viewerStyles;
  document.head.append(element);
}
