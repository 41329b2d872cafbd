// How much of a gradient arrives k steps back: a product of k factors. Pure: no DOM.
// Along the cell of an LSTM each factor is f; in an RNN of one unit it is w (1 - h²).

/** The state whose tanh lies before the first step: h_0 = tanh(1). */
const BEFORE = 1;

export const INPUTS = Object.freeze({
  T: { range: [1, 100], start: 20, step: 1 },
  f: { range: [0.5, 1], start: 0.9 },
  w: { range: [0.2, 2], start: 0.9 },
  cell: { options: ["linear", "tanh"], start: "linear" },
});

export const OUTPUTS = Object.freeze(["lstm", "rnn", "lstm_end", "rnn_end", "rnn_factor", "half_life"]);

export const PRESETS = Object.freeze({
  halves: { T: 20, f: 0.5 },
  keeps: { T: 20, f: 0.99 },
  explodes: { T: 20, w: 1.5, cell: "linear" },
  saturates: { T: 20, w: 1.5, cell: "tanh" },
});

/**
 * The slope of each of T steps of h = tanh(w h), or of h = w h.
 * @param {number} T @param {number} w @param {string} cell
 */
export function slopes(T, w, cell) {
  if (cell === "linear") return Array.from({ length: T }, () => w);
  let h = Math.tanh(BEFORE);
  return Array.from({ length: T }, () => {
    h = Math.tanh(w * h);
    return w * (1 - h * h);
  });
}

/**
 * Item k of `lstm` is dc_T/dc_(T-k), item k of `rnn` is dh_T/dh_(T-k); the ends are k = T.
 * @param {{T: number, f: number, w: number, cell: string}} inputs
 */
export function compute({ T, f, w, cell }) {
  const lstm = [1];
  const rnn = [1];
  for (const slope of slopes(T, w, cell).reverse()) {
    lstm.push(lstm[lstm.length - 1] * f);
    rnn.push(rnn[rnn.length - 1] * slope);
  }
  const [lstm_end, rnn_end] = [lstm[T], rnn[T]];
  return {
    lstm, rnn, lstm_end, rnn_end,
    rnn_factor: rnn_end ** (1 / T),
    half_life: f < 1 ? Math.log(0.5) / Math.log(f) : null,
  };
}
