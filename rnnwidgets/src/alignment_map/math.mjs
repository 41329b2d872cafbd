// Where trained models looked while they wrote, recorded. Pure: no DOM.
// tests/rnnwidgets runs the networks again with rnncore.seq2seq and compares.

import RECORDED from "../../recorded/alignment_map.json" with { type: "json" };

/**
 * @typedef {{task: "dates" | "numbers" | "reversal", source: string, weights: number[][], best: string[][], p: number[][]}} Example
 */

/** @type {Record<string, Example>} */
const EXAMPLES = /** @type {any} */ (RECORDED.examples);
export const MODELS = RECORDED.models;
export const TEST_EXAMPLES = RECORDED.test_examples;

export const INPUTS = Object.freeze({
  example: { options: Object.keys(EXAMPLES), start: "july" },
  t: { range: [1, 16], step: 1, start: 1 },
});

export const OUTPUTS = Object.freeze(["written", "weights", "probability"]);

export const PRESETS = Object.freeze({
  letter: { example: "july", t: 7 },
  padded: { example: "july", t: 9 },
  unsaid: { example: "gap", t: 3 },
  backwards: { example: "cabbage", t: 3 },
  long: { example: "long", t: 2 },
  unseen: { example: "year1789", t: 2 },
});

/** What was read, token by token; what could come next at each step; and the step that is shown,
 * for answers have different lengths. @param {{example: string, t: number}} inputs */
export function shown({ example, t }) {
  const { task, source, weights, best, p } = EXAMPLES[example];
  const at = Math.min(t, best.length) - 1;
  return { task, tokens: task === "numbers" ? source.split(" ") : [...source], rows: weights, best, p, at };
}

const shares = (/** @type {number[]} */ row) => row.map((perCent) => perCent / 100);

/** @param {{example: string}} inputs */
export function compute({ example }) {
  const { weights, best, p } = EXAMPLES[example];
  return {
    written: best.map(([token]) => token).join(""),
    weights: weights.map(shares),
    probability: p.map(([first]) => first / 100),
  };
}
