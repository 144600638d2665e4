/** A cassette in a public repository says nothing of the machine that it was recorded on. */

/** What daemons tell of their machine (`/version`, `/info`), and what a cassette has in its place. */
const REPLACEMENTS = [
  { pattern: /(?<=\bKernelVersion: ).*/g, instead: "6.1.0" },
  { pattern: /(?<=\bOperatingSystem: ).*/g, instead: "Debian GNU/Linux 12 (bookworm)" },
  { pattern: /(?<=\bNCPU: ).*/g, instead: "4" },
  { pattern: /(?<=\bMemTotal: ).*/g, instead: "8589934592" },
  { pattern: /(?<=- \[Backing Filesystem, ).*(?=\])/g, instead: "extfs" },
  // Two pages of what runc can do, twice.
  { pattern: /(?<=\borg\.opencontainers\.runtime-spec\.features: ).*/g, instead: '"{}"' },
];

/**
 * @param {string} text a cassette's
 * @returns {string} the same text where there is nothing to hide
 */
export function hideMachine(text) {
  return REPLACEMENTS.reduce((rest, { pattern, instead }) => rest.replace(pattern, instead), text);
}
