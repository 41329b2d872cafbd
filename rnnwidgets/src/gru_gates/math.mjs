// One step of a GRU with one unit whose gates are already known. Pure: no DOM.
// Port of the last lines of rnncore.gru.gru_step; both weights of the candidate are 1.

export const INPUTS = Object.freeze({
  h_prev: { range: [-1, 1], start: 0.8 },
  x: { range: [-2, 2], start: 0.5 },
  z: { range: [0, 1], start: 0.7 },
  r: { range: [0, 1], start: 0.5 },
  b_hn: { range: [-1, 1], start: 0 },
  convention: { options: ["keep", "write"], start: "keep" },
  reset: { options: ["after", "before"], start: "after" },
  hidden_size: { range: [1, 512], start: 128, step: 1 },
});

export const OUTPUTS = Object.freeze(["past", "n", "keep", "write", "kept", "written", "h", "gru_numbers", "lstm_numbers"]);

export const PRESETS = Object.freeze({
  copy: { z: 1, convention: "keep" },
  restart: { z: 0, r: 0, convention: "keep" },
  turned: { z: 0.7, convention: "write" },
  bias: { r: 0, b_hn: 1, reset: "before" },
});

/** Weights and biases of a layer whose input is as wide as its state.
 * @param {number} blocks @param {number} size */
const numbers = (blocks, size) => blocks * (2 * size * size + 2 * size);

/**
 * n = tanh(x + past), h = keep h_prev + write n; `past` is r (h_prev + b_hn), or r h_prev + b_hn.
 * @param {{h_prev: number, x: number, z: number, r: number, b_hn: number, convention: string,
 *   reset: string, hidden_size: number}} inputs
 */
export function compute({ h_prev, x, z, r, b_hn, convention, reset, hidden_size }) {
  const past = reset === "after" ? r * (h_prev + b_hn) : r * h_prev + b_hn;
  const n = Math.tanh(x + past);
  const [keep, write] = convention === "keep" ? [z, 1 - z] : [1 - z, z];
  const kept = keep * h_prev;
  const written = write * n;
  return {
    past, n, keep, write, kept, written, h: kept + written,
    gru_numbers: numbers(3, hidden_size), lstm_numbers: numbers(4, hidden_size),
  };
}
