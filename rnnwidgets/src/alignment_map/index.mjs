// Widget alignment-map: trained models with attention, and where they look at each step.

import TEXT from "../../messages/en/alignment_map.json";
import { selectList } from "../parts/choices.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { INPUTS, MODELS, OUTPUTS, PRESETS, TEST_EXAMPLES, compute, shown } from "./math.mjs";
import { alignment } from "./picture.mjs";
import style from "./style.css";

/** @typedef {Record<string, any>} Values */

/** @param {string} token */
const named = (token) => (token === " " ? TEXT.space : token || TEXT.end);

/** @param {Values} values */
function sentence(values) {
  const { tokens, at, best, p, rows, task } = shown(/** @type {any} */ (values));
  const [first, second] = rows[at].map((w, j) => ({ w, name: named(tokens[j]) })).sort((one, other) => other.w - one.w);
  const [hidden_size, accuracy] = MODELS[task];
  const words = second.w < 5 ? TEXT.alt_one : TEXT.alt;
  const part = (/** @type {number} */ perCent) => fixed(perCent / 100, 2);
  return fill(`${words} ${TEXT.facts}`, {
    t: String(at + 1), letter: named(best[at][0]), p: part(p[at][0]),
    first: first.name, w: part(first.w), second: second.name, v: part(second.w),
    hidden_size: String(hidden_size), right: fixed(100 * Number(accuracy), 1), count: String(TEST_EXAMPLES),
  });
}

/** One row for each step, one column for each token of the source. @param {Values} values */
function rows(values) {
  const { tokens, best } = shown(/** @type {any} */ (values));
  return [
    [TEXT.reads, "", ...tokens.map(named)],
    ...best.map(([token], at) => [
      named(token), { text: fixed(values.probability[at], 2), out: `probability.${at}` },
      ...values.weights[at].map((/** @type {number} */ w, /** @type {number} */ j) => ({ text: fixed(w, 2), out: `weights.${at}.${j}` })),
    ]),
  ];
}

export default framed({
  text: TEXT,
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: { example: { control: /** @type {const} */ ("select") }, t: { control: /** @type {const} */ ("none") } },
  controls: { select: selectList },
  compute,
  views: (stage) => ({
    picture: [alignment(stage)],
    table: dataTable([TEXT.names.written, TEXT.names.probability, TEXT.names.weights], rows),
  }),
  sentence,
  solved: (values) => {
    const { tokens, best, at } = shown(/** @type {any} */ (values));
    return best[at][0] !== "" && !tokens.join("").includes(best[at][0]);
  },
});
