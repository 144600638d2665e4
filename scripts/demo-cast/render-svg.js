/**
 * Draws frames of a terminal as one SVG that moves by CSS alone: a strip of all frames is shifted behind a window. A line
 * that stays the same is drawn once. Readers who want no motion see the last frame.
 */

/** @typedef {import("./take-frames.js").Frame} Frame @typedef {import("./take-frames.js").Span} Span */

const LETTER = { width: 8.4, height: 18, size: 14 };
const MARGIN = 14;
const BAR = 28;
/** How long the last frame stays, in seconds. */
const LAST_S = 4;
/** The sixteen colours of the terminal, on a dark ground. */
const PALETTE = [
  "#484f58",
  "#ff7b72",
  "#56d364",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#e6edf3",
  "#8b949e",
  "#ffa198",
  "#7ee787",
  "#f2cc60",
  "#a5d6ff",
  "#e2c5ff",
  "#b3f0ff",
  "#ffffff",
];

/**
 * @param {readonly Frame[]} frames
 * @param {{ columns: number, rows: number }} size
 * @returns {string}
 */
export function renderSvg(frames, { columns, rows }) {
  const inner = { width: columns * LETTER.width, height: rows * LETTER.height };
  const width = Math.ceil(inner.width + 2 * MARGIN);
  const height = Math.ceil(inner.height + 2 * MARGIN + BAR);
  const lines = new LineTable();
  const strip = frames.map((frame, number) => drawFrame(frame, number * inner.width, lines)).join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="whalesong shows a recording of a shell in a container, then plays it, without Docker">`,
    `<style>${writeStyle(frames, inner.width)}</style>`,
    `<defs><clipPath id="screen"><rect width="${inner.width}" height="${inner.height}"/></clipPath>${lines.definitions}</defs>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (colour, number) => `<circle cx="${20 + 20 * number}" cy="18" r="6" fill="${colour}"/>`,
    ),
    `<g transform="translate(${MARGIN} ${MARGIN + BAR - 8})" clip-path="url(#screen)"><g class="strip">${strip}</g></g>`,
    "</svg>\n",
  ].join("\n");
}

/** Lines by what they show: the same text is defined once. */
class LineTable {
  /** @type {Map<string, number>} */
  #numbers = new Map();

  /** @param {string} drawn @returns {number} */
  find(drawn) {
    const known = this.#numbers.get(drawn);
    if (known !== undefined) return known;
    this.#numbers.set(drawn, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  get definitions() {
    return [...this.#numbers].map(([drawn, number]) => `<text id="l${number}">${drawn}</text>`).join("");
  }
}

/** @param {Frame} frame @param {number} x @param {LineTable} lines */
function drawFrame({ lines: shown }, x, lines) {
  const uses = shown.flatMap((spans, row) =>
    spans.length === 0 ? [] : [`<use href="#l${lines.find(drawLine(spans))}" y="${(row + 0.8) * LETTER.height}"/>`],
  );
  return `<g transform="translate(${x.toFixed(1)})">${uses.join("")}</g>`;
}

/** @param {readonly Span[]} spans */
function drawLine(spans) {
  let column = 0;
  return spans
    .map(({ text, colour, isBold, isDim }) => {
      const x = (column * LETTER.width).toFixed(1);
      column += text.length;
      const style = [
        colour === undefined ? "" : ` fill="${PALETTE[colour] ?? "#e6edf3"}"`,
        isBold ? ' font-weight="bold"' : "",
        isDim ? ' opacity=".6"' : "",
      ];
      return `<tspan x="${x}"${style.join("")}>${escapeXml(text)}</tspan>`;
    })
    .join("");
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** @param {readonly Frame[]} frames @param {number} frameWidth */
function writeStyle(frames, frameWidth) {
  const total = (frames.at(-1)?.at ?? 0) + LAST_S;
  const steps = frames.map(
    ({ at }, number) =>
      `${((at / total) * 100).toFixed(2)}%{transform:translateX(-${(number * frameWidth).toFixed(1)}px)}`,
  );
  const end = `transform:translateX(-${((frames.length - 1) * frameWidth).toFixed(1)}px)`;
  return [
    `text{font:${LETTER.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#e6edf3;white-space:pre}`,
    `@keyframes play{${steps.join("")}100%{${end}}}`,
    `.strip{animation:play ${total.toFixed(1)}s step-end infinite}`,
    `@media (prefers-reduced-motion:reduce){.strip{animation:none;${end}}}`,
  ].join("");
}
