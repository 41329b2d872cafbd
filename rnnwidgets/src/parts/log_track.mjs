// A slider on which equal ways are equal factors.

const STEPS = 200;

/** @param {readonly number[]} range both above 0 @param {number} digits after the point
 * @returns {import("./slider.mjs").Track} */
export function logTrack([low, high], digits) {
  const [from, to] = [Math.log(low), Math.log(high)];
  return {
    low: from, high: to, step: (to - from) / STEPS, place: Math.log,
    value: (place) => Math.min(high, Math.max(low, Number(Math.exp(Number(place)).toFixed(digits)))),
  };
}
