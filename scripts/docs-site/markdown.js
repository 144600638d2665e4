/** What stands in a page outside of its code. */
const FENCE = /^```[\s\S]*?^```$/gm;

/**
 * @param {string} text
 * @param {(part: string) => string} change
 * @returns {string}
 */
export function outsideOfCode(text, change) {
  let [result, last] = ["", 0];
  for (const fence of text.matchAll(FENCE)) {
    result += change(text.slice(last, fence.index)) + fence[0];
    last = fence.index + fence[0].length;
  }
  return result + change(text.slice(last));
}

/**
 * @param {string} text
 * @param {(target: string) => string} change
 * @returns {string} the page with other targets of its links and pictures
 */
export function mapLinks(text, change) {
  return outsideOfCode(text, (part) => part.replace(/\]\(([^)\s]+)\)/g, (_, target) => `](${change(target)})`));
}
