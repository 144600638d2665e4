/** A cassette that everybody may read says nothing of the machine that it was recorded on. */

/** What daemons tell of their machine (`/version`, `/info`), and what a cassette has in its place. */
const REPLACEMENTS = [
  { told: /(?<=\bKernelVersion: ).*/g, instead: "6.1.0" },
  { told: /(?<=\bOperatingSystem: ).*/g, instead: "Debian GNU/Linux 12 (bookworm)" },
  { told: /(?<=\bNCPU: ).*/g, instead: "4" },
  { told: /(?<=\bMemTotal: ).*/g, instead: "8589934592" },
  { told: /(?<=- \[Backing Filesystem, ).*(?=\])/g, instead: "extfs" },
  // Two pages of what runc can do, twice.
  { told: /(?<=\borg\.opencontainers\.runtime-spec\.features: ).*/g, instead: '"{}"' },
];

/**
 * @param {string} text a cassette's
 * @returns {string} the same text where there is nothing to hide
 */
export function hideMachine(text) {
  return REPLACEMENTS.reduce((rest, { told, instead }) => rest.replace(told, instead), text);
}
