/** What a soak measured, as a table and as a picture. */

/** @typedef {{ minute: number, rssMb: number, files: number }} Sample */

const [WIDTH, HEIGHT, MARGIN] = [720, 300, 44];
const COLOURS = ["#1f77b4", "#d62728", "#2ca02c"];

/**
 * Megabytes a minute: the slope of the straight line through the samples (least squares).
 * @param {readonly Sample[]} samples
 */
export function computeSlope(samples) {
  const meanX = mean(samples.map(({ minute }) => minute));
  const meanY = mean(samples.map(({ rssMb }) => rssMb));
  const above = samples.reduce((sum, { minute, rssMb }) => sum + (minute - meanX) * (rssMb - meanY), 0);
  const below = samples.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  return below === 0 ? 0 : above / below;
}

/** @param {ReadonlyMap<string, readonly Sample[]>} series @param {number} everyMinutes @returns {string} Markdown */
export function formatTable(series, everyMinutes) {
  const names = [...series.keys()];
  const first = [...series.values()][0] ?? [];
  const shown = first.map((_, at) => at).filter((at) => isShown(first, at, everyMinutes));
  return [
    `| minute | ${names.map((name) => `${name}, MB (files)`).join(" | ")} |`,
    `| --- | ${names.map(() => "---").join(" | ")} |`,
    ...shown.map((at) => {
      const cells = names.map((name) => {
        const { rssMb = 0, files = 0 } = series.get(name)?.[at] ?? {};
        return `${rssMb.toFixed(1)} (${files})`;
      });
      return `| ${Math.round(first[at]?.minute ?? 0)} | ${cells.join(" | ")} |`;
    }),
  ].join("\n");
}

/** @param {ReadonlyMap<string, readonly Sample[]>} series @returns {string} SVG */
export function drawChart(series) {
  const all = [...series.values()].flat();
  const [mostMinutes, mostMb] = [
    Math.max(1, ...all.map(({ minute }) => minute)),
    Math.max(1, ...all.map(({ rssMb }) => rssMb)),
  ];
  const x = (/** @type {number} */ minute) => (MARGIN + (minute / mostMinutes) * (WIDTH - 2 * MARGIN)).toFixed(1);
  const y = (/** @type {number} */ mb) => (HEIGHT - MARGIN - (mb / mostMb) * (HEIGHT - 2 * MARGIN)).toFixed(1);
  const lines = [...series].map(([name, samples], at) => {
    const points = samples.map(({ minute, rssMb }) => `${x(minute)},${y(rssMb)}`).join(" ");
    const label = `<text x="${MARGIN + at * 120}" y="20" fill="${COLOURS[at]}">${name}</text>`;
    return `<polyline fill="none" stroke="${COLOURS[at]}" points="${points}"/>${label}`;
  });
  const title = "<title>Resident memory over an hour</title>";
  const axes = `<path d="M${MARGIN} ${MARGIN}V${HEIGHT - MARGIN}H${WIDTH - MARGIN}" fill="none" stroke="#888"/>`;
  const scale = [
    `<text x="4" y="${MARGIN}">${mostMb.toFixed(0)} MB</text>`,
    `<text x="${WIDTH - MARGIN - 40}" y="${HEIGHT - 20}">${mostMinutes.toFixed(0)} min</text>`,
  ];
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`;
  return `${[open, title, '<rect width="100%" height="100%" fill="#fff"/>', axes, ...scale, ...lines, "</svg>"].join("\n")}\n`;
}

/** @param {readonly Sample[]} samples @param {number} at @param {number} everyMinutes */
function isShown(samples, at, everyMinutes) {
  const [before, now] = [samples[at - 1]?.minute ?? -1, samples[at]?.minute ?? 0];
  return at === samples.length - 1 || Math.floor(before / everyMinutes) !== Math.floor(now / everyMinutes);
}

/** @param {readonly number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
