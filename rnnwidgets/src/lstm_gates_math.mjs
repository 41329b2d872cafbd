// The arithmetic of one LSTM step after the gates are known. Pure: no DOM.
// Port of the last lines of rnncore.lstm.lstm_step; tests/rnnwidgets compares the two.

/**
 * @typedef {{f: number, i: number, o: number, g: number, c_prev: number}} Inputs
 * @typedef {{k: number, j: number, c: number, tanh_c: number, h: number}} Outputs
 * @typedef {keyof Inputs} InputName
 * @typedef {keyof Outputs} OutputName
 */

/** Smallest and largest value of each input: gates are sigmoids, the candidate is a tanh. */
export const RANGES = Object.freeze({
  c_prev: [-2, 2],
  f: [0, 1],
  i: [0, 1],
  g: [-1, 1],
  o: [0, 1],
});

/** @type {Readonly<Inputs>} */
export const DEFAULTS = Object.freeze({ c_prev: 1, f: 0.9, i: 0.5, g: 0.8, o: 0.7 });

/** Input names in the order in which the cell uses them. @type {readonly InputName[]} */
export const INPUTS = Object.freeze(["c_prev", "f", "i", "g", "o"]);

/** @type {readonly OutputName[]} */
export const OUTPUTS = Object.freeze(["k", "j", "c", "tanh_c", "h"]);

/** Inputs that each preset changes; the others stay where the reader left them. */
export const PRESETS = Object.freeze({
  keep: { f: 1, i: 0 },
  overwrite: { f: 0, i: 1 },
  count: { f: 1, i: 1 },
  hide: { o: 0 },
});

/**
 * k = f c_prev, j = i g, c = k + j, h = o tanh(c).
 * @param {Inputs} inputs
 * @returns {Outputs}
 */
export function cellUpdate({ f, i, o, g, c_prev }) {
  const k = f * c_prev;
  const j = i * g;
  const c = k + j;
  const tanh_c = Math.tanh(c);
  return { k, j, c, tanh_c, h: o * tanh_c };
}

/**
 * The nearest allowed value; the default when the value is not a finite number.
 * @param {InputName} name
 * @param {unknown} value
 * @returns {number}
 */
export function clampInput(name, value) {
  if (value === null || value === "" || !Number.isFinite(Number(value))) return DEFAULTS[name];
  const [low, high] = RANGES[name];
  return Math.min(high, Math.max(low, Number(value)));
}
