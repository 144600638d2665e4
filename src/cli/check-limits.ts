/** Limits that `check` holds cassettes to: how old they may be, and how large. */
import { UsageError } from "../base/errors.ts";
import type { CassetteHeader } from "../cassette/model.ts";
import { formatByteSize } from "../view/digest/shorten-text.ts";

export interface CheckLimits {
  readonly maxDays?: number;
  readonly maxBytes?: number;
}

const DAYS = { d: 1, w: 7, m: 30, y: 365 } as const;
const BYTES = { kB: 1e3, MB: 1e6, GB: 1e9 } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * `90d`, `12w`, `6m`, `1y`; `500kB`, `5MB`, `1GB`
 * @throws UsageError `WHALESONG_BAD_LIMIT`
 */
export function parseLimits(maxAge: string | undefined, maxSize: string | undefined): CheckLimits {
  return {
    ...(maxAge === undefined ? {} : { maxDays: parseLimit("--max-age", maxAge, DAYS) }),
    ...(maxSize === undefined ? {} : { maxBytes: parseLimit("--max-size", maxSize, BYTES) }),
  };
}

function parseLimit(flag: string, text: string, units: Readonly<Record<string, number>>): number {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)([a-zA-Z]+)$/.exec(text) ?? [];
  const size = units[unit];
  if (size !== undefined) return Number(count) * size;
  const example = Object.keys(units)
    .map((each) => `2${each}`)
    .join("`, `");
  throw new UsageError("WHALESONG_BAD_LIMIT", `\`${flag}\` must be like \`${example}\`, got \`${text}\``);
}

/** What of a cassette is beyond the limits. */
export function listExcesses(
  { maxDays, maxBytes }: CheckLimits,
  { header, bytes, now }: { readonly header: CassetteHeader; readonly bytes: number; readonly now: Date },
): readonly string[] {
  const { at } = header.recorded ?? {};
  const days = at === undefined ? undefined : Math.floor((now.getTime() - Date.parse(at)) / DAY_MS);
  const isOld = maxDays !== undefined && days !== undefined && days > maxDays;
  const isLarge = maxBytes !== undefined && bytes > maxBytes;
  return [
    ...(isOld
      ? [
          `recorded ${days} days ago, at most ${maxDays} are allowed: \`whalesong verify\` says whether it is still true, \`record --fresh\` renews it`,
        ]
      : []),
    ...(isLarge
      ? [
          `has ${formatByteSize(bytes)} with its sidecars, at most ${formatByteSize(maxBytes)} are allowed: record less, or with \`--contexts digests\``,
        ]
      : []),
  ];
}
