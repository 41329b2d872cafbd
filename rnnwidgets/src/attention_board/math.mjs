// Attention over four positions: scores, a softmax, a weighted mean. Pure: no DOM.
// Port of rnncore.scores and rnncore.attending for keys of size 2 that are their own values.

const START = [[1, 0], [0.7, 0.7], [0, 1], [-1, 0]];
export const POSITIONS = Object.freeze([1, 2, 3, 4]);

/** @param {number} start */
const coordinate = (start) => ({ range: [-2, 2], start });

export const INPUTS = Object.freeze({
  q_x: coordinate(1),
  q_y: coordinate(0),
  score: { options: ["dot", "scaled", "bilinear", "additive"], start: "dot" },
  tau: { range: [0.1, 8], start: 1 },
  d: { options: ["2", "8", "32", "128", "512"], start: "2" },
  mask: { options: ["none", "1", "2", "3", "4"], start: "none" },
  mask_by: { options: ["inf", "zero"], start: "inf" },
  ...Object.fromEntries(POSITIONS.flatMap((at) => ["x", "y"].map((axis, side) =>
    [`k${at}_${axis}`, coordinate(START[at - 1][side])]))),
});

export const OUTPUTS = Object.freeze(["scores", "weights", "total", "context", "entropy", "map"]);

export const PRESETS = Object.freeze({
  sharp: { tau: 0.25, score: "dot", d: "2", mask: "none" },
  flat: { tau: 4, score: "dot", d: "2", mask: "none" },
  wide: { tau: 1, score: "dot", d: "128", mask: "none" },
  scaled: { tau: 1, score: "scaled", d: "128", mask: "none" },
  leaks: { tau: 1, score: "dot", d: "2", mask: "4", mask_by: "zero" },
  masked: { tau: 1, score: "dot", d: "2", mask: "4", mask_by: "inf" },
});

/** @param {any} inputs @returns {number[][]} */
export const keysOf = (inputs) => POSITIONS.map((at) => [inputs[`k${at}_x`], inputs[`k${at}_y`]]);

/** Queries of the map: the query, the query turned by 90 degrees, and its opposite.
 * @param {{q_x: number, q_y: number}} inputs */
export const queriesOf = ({ q_x, q_y }) => [[q_x, q_y], [-q_y, q_x], [-q_x, -q_y]];

/**
 * Vectors of width d stand for typical ones with these directions: their dot product grows with
 * the root of d. Bilinear: W turns the key by 90 degrees. Additive: both weights are 1.
 * @type {Record<string, (query: number[], key: number[], d: number) => number>}
 */
const SCORES = {
  dot: ([a, b], [x, y], d) => Math.sqrt(d / 2) * (a * x + b * y),
  scaled: ([a, b], [x, y]) => (a * x + b * y) / Math.SQRT2,
  bilinear: ([a, b], [x, y]) => a * y - b * x,
  additive: ([a, b], [x, y]) => Math.tanh(a + x) + Math.tanh(b + y),
};

/** @param {number[]} scores */
export function softmax(scores) {
  const peak = Math.max(...scores);
  const exps = scores.map((score) => Math.exp(score - peak));
  const sum = exps.reduce((one, other) => one + other, 0);
  return exps.map((exp) => exp / sum);
}

/** @param {any} inputs */
export function compute(inputs) {
  const { score, tau, d, mask, mask_by } = inputs;
  const keys = keysOf(inputs);
  const rows = queriesOf(inputs).map((query) => {
    const scores = keys.map((key) => SCORES[score](query, key, Number(d)));
    const seen = scores.map((one, at) => String(at + 1) !== mask ? one : mask_by === "inf" ? -Infinity : 0);
    return { scores, weights: softmax(seen.map((one) => one / tau)) };
  });
  const [{ scores, weights }] = rows;
  const bits = weights.filter((weight) => weight > 0).map((weight) => -weight * Math.log2(weight));
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((one, other) => one + other, 0);
  return {
    scores, weights, total: sum(weights),
    context: [0, 1].map((side) => sum(keys.map((key, at) => weights[at] * key[side]))),
    entropy: sum(bits), map: rows.map((row) => row.weights),
  };
}
