// The arithmetic of one LSTM step after the gates are known. Pure: no DOM.
// Port of the last lines of rnncore.lstm.lstm_step; tests/rnnwidgets compares the two.

/** Gates are sigmoids, the candidate is a tanh; in the order in which the cell uses them. */
export const INPUTS = Object.freeze({
  c_prev: { range: [-2, 2], start: 1 },
  f: { range: [0, 1], start: 0.9 },
  i: { range: [0, 1], start: 0.5 },
  g: { range: [-1, 1], start: 0.8 },
  o: { range: [0, 1], start: 0.7 },
});

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
 * @param {{f: number, i: number, o: number, g: number, c_prev: number}} inputs
 */
export function compute({ f, i, o, g, c_prev }) {
  const k = f * c_prev;
  const j = i * g;
  const c = k + j;
  const tanh_c = Math.tanh(c);
  return { k, j, c, tanh_c, h: o * tanh_c };
}
