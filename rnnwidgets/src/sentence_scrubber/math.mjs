// One memory cell reads a sentence of eight words. Pure: no DOM.
// Port of the cell of rnncore.lstm.lstm_step; tests/rnnwidgets compares the two.

import RECORDED from "../../recorded/sentence_scrubber.json" with { type: "json" };

export { RECORDED };

export const TOKENS = Object.freeze(["The", "flights", "the", "airline", "was", "canceling", "were", "full"]);

/** Words read before the main verb must be chosen. */
export const ASKED = 6;

/** What a word offers to the memory: + for a plural noun, − for a singular one. */
export const WRITTEN = Object.freeze([0, 0.9, 0, -0.9, 0, 0, 0, 0]);

const steps = (/** @type {number} */ value) => TOKENS.map(() => value);
const only = (/** @type {number} */ at, /** @type {number} */ open, /** @type {number} */ closed) =>
  TOKENS.map((_, step) => (step === at ? open : closed));

/** Gates by hand; with `gates: "trained"` those of a trained network take their place. */
export const INPUTS = Object.freeze({
  t: { range: [1, TOKENS.length], step: 1, start: 6 },
  gates: { options: ["hand", "trained"], start: "hand" },
  i: { range: [0, 1], start: only(1, 0.95, 0.05) },
  f: { range: [0, 1], start: steps(0.95) },
});

export const OUTPUTS = Object.freeze(["c", "c_t", "answer"]);

export const PRESETS = Object.freeze({
  selective: { gates: "hand", i: INPUTS.i.start, f: INPUTS.f.start },
  leaky: { gates: "hand", i: steps(0.5), f: steps(0.5) },
  trained: { gates: "trained" },
});

/**
 * c_t = f_t c_{t-1} + i_t g_t for every word, and the verb form that the sign of c asks for.
 * @param {{t: number, gates: string, i: readonly number[], f: readonly number[]}} inputs
 */
export function compute({ t, gates, i, f }) {
  const trained = gates === "trained";
  const now = trained ? RECORDED : { i, f, g: WRITTEN };
  let last = 0;
  const c = TOKENS.map((_, at) => (last = now.f[at] * last + now.i[at] * now.g[at]));
  return { c, c_t: c[t - 1], open_i: now.i, open_f: now.f, g: now.g, answer: verb(c[ASKED - 1]) };
}

/** @param {number} c @returns {"were" | "was" | "none"} */
const verb = (c) => (c > 0 ? "were" : c < 0 ? "was" : "none");
