// Backpropagation through time as a sum over time of products. Pure: no DOM.
// Port of rnncore.rnn.rnn_forward and rnn_backward for one sequence; tests/rnnwidgets compares them.

import WEIGHTS from "../../recorded/bptt_unrolled.json" with { type: "json" };

/** The letters read, as places in the alphabet "helo". */
export const WORD = "hello";
const ALPHABET = "helo";
export const LONGEST = 6;

export const INPUTS = Object.freeze({
  network: { options: ["hello", "scalar"], start: "hello" },
  T: { range: [2, LONGEST], step: 1, start: 5 },
  node: { range: [1, LONGEST], step: 1, start: 2 },
  k: { range: [1, LONGEST], step: 1, start: 6 },
  w: { range: [0, 2], start: 1 },
});

export const OUTPUTS = Object.freeze(["shares", "total", "full", "path"]);

export const PRESETS = Object.freeze({
  whole: { network: "hello", T: 5, node: 1, k: 6, w: 1 },
  cut: { network: "hello", T: 5, node: 2, k: 2, w: 1 },
  strong: { network: "hello", T: 5, node: 1, k: 6, w: 2 },
  by_hand: { network: "scalar", T: 3, node: 1, k: 6, w: 1 },
});

/** What readers see as the input of a step. @param {string} network @param {number} at */
export const inputOf = (network, at) => (network === "hello" ? WORD[at] : at ? "0" : "1");

/** @typedef {number[][]} Matrix rows of entries */

/** Two units read one-hot letters; or one unit, of which the first input is 1 and the others 0.
 * @param {string} network @param {number} w
 * @returns {{recurrent: Matrix, inputs: number[][]}} the recurrent weights; W_x x + b for each step */
function networkOf(network, w) {
  if (network === "scalar") {
    return { recurrent: [[w]], inputs: Array.from({ length: LONGEST }, (_, t) => [t ? 0 : 1]) };
  }
  const { weight_ih, weight_hh, bias_ih, bias_hh } = WEIGHTS;
  const inputs = [...WORD].map((letter) => {
    const column = ALPHABET.indexOf(letter);
    return weight_ih.map((row, unit) => row[column] + bias_ih[unit] + bias_hh[unit]);
  });
  return { recurrent: weight_hh.map((row) => row.map((weight) => w * weight)), inputs };
}

/** @param {number[]} one @param {number[]} other */
const dot = (one, other) => one.reduce((sum, value, at) => sum + value * other[at], 0);

/** Length of a list of numbers taken as a vector. @param {number[]} values */
export const size = (values) => Math.sqrt(dot(values, values));

/** States h_0 to h_T and the factors of each step: 1 − h_t² times the recurrent weights.
 * @param {Matrix} recurrent @param {number[][]} inputs */
function forward(recurrent, inputs) {
  const states = [recurrent.map(() => 0)];
  for (const input of inputs) {
    const h_prev = states[states.length - 1];
    states.push(recurrent.map((row, unit) => Math.tanh(input[unit] + dot(row, h_prev))));
  }
  const factors = states.slice(1).map((h) =>
    recurrent.map((row, unit) => row.map((weight) => (1 - h[unit] ** 2) * weight)));
  return { states, factors };
}

/** dL/dh_t for t = 1 to T, where L is the sum of the entries of h_T.
 * @param {Matrix[]} factors */
function backward(factors) {
  let reach = factors[0].map(() => 1);
  const all = [reach];
  for (const factor of factors.slice(1).reverse()) {
    reach = factor.map((_, column) => dot(reach, factor.map((row) => row[column])));
    all.unshift(reach);
  }
  return all;
}

/** @param {number[][]} lists */
const summed = (lists) => lists[0].map((_, at) => lists.reduce((sum, list) => sum + list[at], 0));

/**
 * What each step adds to dL/dW_h, all entries row by row. With truncation the gradient goes back
 * k steps from the loss; what an earlier step would have added is exactly 0.
 * @param {{network: string, T: number, node: number, k: number, w: number}} inputs
 */
export function compute({ network, T, node, k, w }) {
  const { recurrent, inputs } = networkOf(network, w);
  const steps = Math.min(T, inputs.length);
  const { states, factors } = forward(recurrent, inputs.slice(0, steps));
  const reach = backward(factors);
  const whole = reach.map((dh, at) => dh.flatMap((value, unit) =>
    states[at].map((h_prev) => value * (1 - states[at + 1][unit] ** 2) * h_prev)));
  const cut = Math.max(0, steps - k);
  const shares = whole.map((share, at) => share.map((value) => (at < cut ? 0 : value)));
  const chosen = Math.min(node, steps);
  return {
    shares, total: summed(shares), full: summed(whole), path: reach[chosen - 1],
    steps, cut, chosen, states, factors, reach, recurrent,
  };
}
