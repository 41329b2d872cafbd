// Three cells of one unit each, one impulse, then blanks. Pure: no DOM.
// Port of rnncore's rnn_step, gru_step and lstm_step for one unit; tests/rnnwidgets compares them.

import RECORDED from "../../recorded/memory_race.json" with { type: "json" };

export { RECORDED };

export const CELLS = Object.freeze(/** @type {const} */ (["rnn", "gru", "lstm"]));
export const STEPS = 60;

/** Weights that no slider moves; `_x` multiplies the input of this step. */
export const WEIGHTS = Object.freeze({
  rnn: { x: 1 },
  gru: { z_x: -6, n_x: 2 },
  lstm: { i_x: 6, i: -3, g_x: 2, o: 1 },
});

/** A read-out that can tell two values apart if they are this far from each other. */
export const LIMIT = 0.1;

export const INPUTS = Object.freeze({
  cells: { options: ["hand", "trained"], start: "hand" },
  T: { range: [1, STEPS], step: 1, start: 20 },
  w: { range: [0, 2], start: 0.9 },
  b_z: { range: [-2, 5], start: 2 },
  b_f: { range: [-2, 5], start: 3 },
  noise: { range: [0, 0.2], start: 0 },
  first: { options: RECORDED.firsts.map(String), start: "1" },
});

export const OUTPUTS = Object.freeze(["rnn", "gru", "lstm", "knows"]);

export const PRESETS = Object.freeze({
  fade: { cells: "hand", w: 0.9, b_z: 2, b_f: 3, noise: 0 },
  one_bias: { cells: "hand", w: 1, b_z: 3, b_f: 3, noise: 0 },
  half_open: { cells: "hand", w: 1, b_z: 0, b_f: 0, noise: 0 },
  latch: { cells: "hand", w: 1.5, b_z: 2, b_f: 3, noise: 0 },
  trained: { cells: "trained" },
});

/** @param {number} a */
const sigmoid = (a) => 0.5 * (1 + Math.tanh(0.5 * a));

/**
 * The next state of each cell: h of the RNN and the GRU, c of the LSTM.
 * @type {Record<string, (state: number, x: number, inputs: any) => number>}
 */
const STEP = {
  rnn: (h, x, { w }) => Math.tanh(WEIGHTS.rnn.x * x + w * h),
  gru: (h, x, { b_z }) => {
    const z = sigmoid(WEIGHTS.gru.z_x * x + b_z);
    return (1 - z) * Math.tanh(WEIGHTS.gru.n_x * x) + z * h;
  },
  lstm: (c, x, { b_f }) => sigmoid(b_f) * c
    + sigmoid(WEIGHTS.lstm.i_x * x + WEIGHTS.lstm.i) * Math.tanh(WEIGHTS.lstm.g_x * x),
};

/** The share of its state that a gated cell keeps on a blank. @param {string} cell @param {any} inputs */
export const keeps = (cell, { b_z, b_f }) => sigmoid(cell === "gru" ? b_z : b_f);

/** States after steps 1 to 60. @param {string} cell @param {readonly number[]} x @param {any} inputs */
function trace(cell, x, inputs) {
  let state = 0;
  return x.map((value) => (state = STEP[cell](state, value, inputs)));
}

/** Each cell twice: with the impulse and without it. What keeps them apart is the memory.
 * @param {any} inputs */
function byHand(inputs) {
  const blanks = RECORDED.blanks.map((value, at) => (at ? inputs.noise * value : 0));
  const impulse = blanks.map((value, at) => (at ? value : 1));
  return Object.fromEntries(CELLS.map((cell) => {
    const seen = trace(cell, impulse, inputs);
    const unseen = trace(cell, blanks, inputs);
    return [cell, { seen, unseen }];
  }));
}

/** Hundredths, each told by its difference from the one before. @param {readonly number[]} differences */
function decoded(differences) {
  let sum = 0;
  return differences.map((difference) => (sum += difference) / 100);
}

/** What the read-outs of three trained networks say, and how wrong such answers are in general.
 * @param {any} inputs */
function recorded({ first }) {
  const told = Number(first);
  const row = RECORDED.firsts.indexOf(told);
  return Object.fromEntries(CELLS.map((cell) => {
    const seen = decoded(RECORDED.recall[cell][row]);
    const { mean, least, largest } = RECORDED.error[cell];
    const error = { mean: decoded(mean), least: decoded(least), largest: decoded(largest) };
    return [cell, { seen, unseen: seen.map(() => told), error }];
  }));
}

/**
 * What each cell holds at step T, whether it still knows, and all traces.
 * By hand a cell knows while its traces are LIMIT apart; a trained one while it errs by less.
 * @param {any} inputs
 */
export function compute(inputs) {
  const trained = inputs.cells === "trained";
  const traces = trained ? recorded(inputs) : byHand(inputs);
  const at = inputs.T - 1;
  const knows = CELLS.map((cell) => {
    const { seen, unseen } = traces[cell];
    const far = Math.abs(seen[at] - unseen[at]) >= LIMIT;
    return trained ? !far : far;
  });
  return { traces, knows, ...Object.fromEntries(CELLS.map((cell) => [cell, traces[cell].seen[at]])) };
}
