// Widget forcing-vs-free: recorded decoders told the truth and on their own, and the same in one number.

import TEXT from "../../messages/en/forcing_vs_free.json";
import { radioGroup } from "../parts/choices.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { FACTS, INPUTS, OUTPUTS, PRESETS, compute, letters } from "./math.mjs";
import { pictures } from "./picture.mjs";
import style from "./style.css";

/** @typedef {Record<string, any>} Values */

/** Letters step by step, then the results. @param {Values} values */
function rows(values) {
  const { right, forced, free } = letters(values.length, values.n);
  const [told, own] = FACTS[/** @type {"8" | "12"} */ (values.length)].by_step;
  const read = (/** @type {string[]} */ from, /** @type {number} */ at) => from[at - 1] ?? "▸";
  return [
    ...right.map((letter, at) => [String(at + 1), letter, `${read(right, at)} → ${forced[at]}`, `${read(free, at)} → ${free[at]}`,
      fill(TEXT.shares, { told: String(told[at]), own: String(own[at]) })]),
    ...OUTPUTS.map((out, at) => [/** @type {Values} */ (TEXT.names)[out], { text: fixed(values[out], at < 3 ? 0 : 4), out }]),
  ];
}

/** @param {Values} values */
function sentence({ view, t, length, split, forced_error, free_error, ...rest }) {
  const line = view === "line";
  const at = line ? t : Math.min(t, Number(length));
  return fill(line ? TEXT.alt_line : split && at >= split ? TEXT.alt : TEXT.alt_same, {
    ...rest, t: String(at), split, forced_error: fixed(forced_error, 3), free_error: fixed(free_error, 3),
  });
}

export default framed({
  text: { ...TEXT, hint: fill(TEXT.hint, { hidden_size: String(FACTS.hidden_size) }) },
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: { t: { control: /** @type {const} */ ("none") } },
  controls: { choice: radioGroup },
  groups: { view: ["view"], letters: ["length", "n", "mode"], line: ["a", "e"] },
  compute,
  views: (stage) => ({
    picture: pictures(stage),
    table: dataTable([TEXT.names.t, TEXT.column_right, TEXT.column_forced, TEXT.column_free, TEXT.column_shares], rows),
  }),
  sentence,
  solved: ({ view, split, t }) => view === "letters" && split > 0 && t === split,
});
