// Two decoders on one word, recorded, and two forecasts of one number, computed. Pure: no DOM.
// The letters come from a trained rnncore.seq2seq; tests/rnnwidgets runs it again and compares.

import RECORDED from "../../recorded/forcing_vs_free.json" with { type: "json" };

/** What the network was, and how often it was right on all test words. */
export const FACTS = RECORDED;
const WORDS = 20;
/** Steps of the forecast. */
export const STEPS = 20;

export const INPUTS = Object.freeze({
  view: { options: ["letters", "line"], start: "letters" },
  length: { options: ["8", "12"], start: "8" },
  n: { range: [1, WORDS], step: 1, start: RECORDED.presets.snowball.n },
  mode: { options: ["both", "forced", "free"], start: "both" },
  a: { range: [0.5, 1.1], start: 1 },
  e: { range: [-0.1, 0.1], start: 0.05 },
  t: { range: [1, STEPS], step: 1, start: 8 },
});

export const OUTPUTS = Object.freeze(["forced_right", "free_right", "split", "y", "forced_error", "free_error"]);

export const PRESETS = Object.freeze({
  ...RECORDED.presets,
  grows: { view: "line", a: 1, e: 0.05, t: STEPS },
  fades: { view: "line", a: 0.9, e: 0.05, t: STEPS },
});

/** The letters of one word: what was right, and what each decoder wrote. A dot stands for a right letter.
 * @param {string} length @param {number} n from 1 */
export function letters(length, n) {
  const { words, forced, free } = RECORDED[/** @type {"8" | "12"} */ (length)];
  const size = Number(length);
  const part = (/** @type {string} */ text) => [...text.slice((n - 1) * size, n * size)];
  const right = part(words).reverse();
  const written = (/** @type {string} */ text) => part(text).map((letter, at) => (letter === "." ? right[at] : letter));
  return { right, forced: written(forced), free: written(free) };
}

/** y_t = a y_{t-1} from y_0 = 1; the model's factor is off by e. One path each, from t = 0.
 * @param {number} a @param {number} e */
export function paths(a, e) {
  const y = [1];
  const free = [1];
  const forced = [1];
  for (let t = 1; t <= STEPS; t += 1) {
    forced.push((a + e) * y[t - 1]);
    free.push((a + e) * free[t - 1]);
    y.push(a * y[t - 1]);
  }
  return { y, forced, free };
}

/**
 * Letters right up to step t, the first step at which the decoders read different letters (0: none),
 * and at step t the number and the error of each forecast.
 * @param {{length: string, n: number, t: number, a: number, e: number}} inputs
 */
export function compute({ length, n, t, a, e }) {
  const word = letters(length, n);
  const count = (/** @type {string[]} */ written) =>
    written.filter((letter, at) => at < t && letter === word.right[at]).length;
  // What was written at one step is read at the next.
  const wrong = word.free.findIndex((letter, at) => letter !== word.right[at]);
  const split = wrong < 0 || wrong + 1 >= word.right.length ? 0 : wrong + 2;
  const { y, forced, free } = paths(a, e);
  return {
    forced_right: count(word.forced), free_right: count(word.free), split,
    y: y[t], forced_error: forced[t] - y[t], free_error: free[t] - y[t],
  };
}
