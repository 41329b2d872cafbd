// From values to pixels, and where the ticks of an axis are. Pure: no DOM.

import { plain, power } from "./number_text.mjs";

const STEPS = [1, 2, 5, 10];
/** Pixels between the names of two lines. */
const LINE = 17;

/** @typedef {{value: number, text: string}} Tick */
/** @typedef {{at: (value: number) => number, ticks: Tick[], inside: (value: number) => boolean}} Scale */

/** Round values, at most `most` of them, over a range. @param {number} low @param {number} high @param {number} most */
export function niceTicks(low, high, most) {
  const rough = (high - low) / most;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * (STEPS.find((one) => one * size >= rough * (1 - 1e-9)) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, at) => {
    const value = Number(((first + at) * step).toFixed(digits));
    return { value, text: plain(value) };
  });
}

/** Equal steps for equal differences.
 * @param {readonly number[]} range @param {readonly number[]} pixels @param {number} [most] ticks
 * @returns {Scale} */
export function linearScale([low, high], [from, to], most = 6) {
  const at = (/** @type {number} */ value) => from + ((value - low) / (high - low)) * (to - from);
  return { at, ticks: niceTicks(low, high, most), inside: (value) => value >= low && value <= high };
}

/** Equal steps for equal factors; ticks at powers of ten.
 * @param {readonly number[]} range both above 0
 * @param {readonly number[]} pixels @param {number} [most] ticks
 * @returns {Scale} */
export function logScale([low, high], [from, to], most = 7) {
  const [first, last] = [Math.log10(low), Math.log10(high)];
  const at = (/** @type {number} */ value) =>
    from + ((Math.log10(Math.max(value, Number.MIN_VALUE)) - first) / (last - first)) * (to - from);
  const exponents = niceTicks(Math.ceil(first - 1e-9), Math.floor(last + 1e-9), most)
    .map((tick) => tick.value).filter(Number.isInteger);
  const ticks = exponents.map((exponent) => ({
    value: 10 ** exponent, text: exponent === 0 ? "1" : exponent === 1 ? "10" : power(exponent),
  }));
  return { at, ticks, inside: (value) => value >= low && value <= high };
}

/** Move labels apart so that none covers another. @param {{y: number}[]} labels @param {number} bottom */
export function spread(labels, bottom) {
  const sorted = [...labels].sort((one, other) => one.y - other.y);
  sorted.forEach((label, at) => {
    if (at) label.y = Math.max(label.y, sorted[at - 1].y + LINE);
  });
  for (let at = sorted.length - 1, limit = bottom; at >= 0; at -= 1, limit -= LINE) {
    sorted[at].y = Math.min(sorted[at].y, limit);
  }
}
