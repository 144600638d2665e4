/** The headings under which the help lists flags; what is in no group is listed first, under Options. */
import type { Argv } from "yargs";

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "Matching:": ["ignore", "bind", "match", "exact", "preset", "strict"],
  "Timing:": ["tempo", "max-wait", "exact-timing"],
  "Misses:": ["on-miss", "allow-misses", "fail-on-miss", "fail-on-unplayed"],
  "Faults:": ["faults", "fail-on-unused-faults"],
  "Simulated daemon:": ["state", "seed", "now"],
  "Reports:": ["report", "report-file"],
  "TLS:": ["tls-cert", "tls-key", "tls-ca"],
};

/** Puts the flags that are defined under their headings. */
export function groupFlags(yargs: Argv, names: ReadonlySet<string>): void {
  for (const [heading, flags] of Object.entries(GROUPS)) {
    const present = flags.filter((flag) => names.has(flag));
    if (present.length > 0) yargs.group(present, heading);
  }
}
