// Widget attention-board: a query is compared with four keys; a softmax shares the weight.

import TEXT from "../../messages/en/attention_board.json";
import { radioGroup, selectList } from "../parts/choices.mjs";
import { html } from "../parts/dom.mjs";
import { framed } from "../parts/frame.mjs";
import { heatMap } from "../parts/heat_map.mjs";
import { logTrack } from "../parts/log_track.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { board } from "./board.mjs";
import { INPUTS, OUTPUTS, POSITIONS, PRESETS, compute, keysOf } from "./math.mjs";
import style from "./style.css";

/** @typedef {import("../parts/inputs.mjs").Values} Values */

const DIGITS = 4;
const KEYS = POSITIONS.flatMap((at) => [`k${at}_x`, `k${at}_y`]);

/** @type {Record<string, import("../parts/controls.mjs").Look>} */
const LOOK = {
  q_x: { colour: "h" }, q_y: { colour: "h" }, score: { control: "select" }, tau: { symbol: "τ", track: logTrack },
  ...Object.fromEntries(KEYS.map((name) => [name, { control: "none" }])),
};

/** Scores and weights side by side, with bars. @returns {import("../parts/frame.mjs").View} */
function shares() {
  const rows = POSITIONS.map((at) => ({
    score: html("td", { "data-out": `scores.${at - 1}` }), weight: html("td", { "data-out": `weights.${at - 1}` }),
    bar: html("span", { class: "rnn-share" }), line: html("tr"), at,
  }));
  const total = html("td", { "data-out": "total" });
  const head = [TEXT.column_position, TEXT.column_score, TEXT.column_weight];
  const element = html("table", { class: "rnn-shares rnn-i" },
    html("thead", {}, html("tr", {}, ...head.map((name) => html("th", { scope: "col" }, name)), html("td"))),
    html("tbody", {}, ...rows.map(({ line }) => line)),
    html("tfoot", {}, html("tr", {}, html("th", { scope: "row" }, TEXT.sum), html("td"), total, html("td"))));
  for (const { at, line, score, weight, bar } of rows) {
    line.append(html("th", { scope: "row" }, String(at)), score, weight, html("td", {}, bar));
  }
  const show = (/** @type {Values} */ values) => {
    rows.forEach(({ score, weight, bar, line }, at) => {
      line.classList.toggle("rnn-padding", values.mask === String(at + 1));
      score.textContent = fixed(values.scores[at], 3);
      weight.textContent = fixed(values.weights[at], DIGITS);
      bar.style.setProperty("--rnn-depth", `${100 * values.weights[at]}%`);
    });
    total.textContent = fixed(values.total, DIGITS);
  };
  return { element, show };
}

/** The same four keys, seen by three queries. @returns {import("../parts/frame.mjs").View} */
function map() {
  const { element, show } = heatMap({ label: TEXT.map, colour: "i", out: "map", digits: 2 });
  const place = html("div", { class: "rnn-map" }, html("p", { class: "rnn-hint" }, TEXT.map), element);
  return {
    element: place,
    show: (values) => show(TEXT.rows.map((name, at) => ({ name, cells: values.map[at], marked: at === 0 })),
      POSITIONS.map(String)),
  };
}

/** @param {Values} values @returns {import("../parts/value_table.mjs").Cell[][]} */
const rows = (values) => [
  ...keysOf(values).map(([x, y], at) => [String(at + 1), `(${fixed(x, 2)}, ${fixed(y, 2)})`,
    fixed(values.scores[at], DIGITS), fixed(values.weights[at], DIGITS)]),
  [`${TEXT.context} x`, "", "", { text: fixed(values.context[0], DIGITS), out: "context.0" }],
  [`${TEXT.context} y`, "", "", { text: fixed(values.context[1], DIGITS), out: "context.1" }],
  [TEXT.entropy, "", "", { text: fixed(values.entropy, DIGITS), out: "entropy" }],
];

/** @param {Values} values */
function sentence({ weights, context, entropy }) {
  const order = POSITIONS.toSorted((one, other) => weights[other - 1] - weights[one - 1]);
  const list = order.map((at) => fill(TEXT.item, { at: String(at), weight: fixed(weights[at - 1], 2) })).join(", ");
  return fill(TEXT.alt, { list, x: fixed(context[0], 2), y: fixed(context[1], 2), bits: fixed(entropy, 2) });
}

export default framed({
  text: TEXT,
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: LOOK,
  controls: { choice: radioGroup, select: selectList },
  groups: { query: ["q_x", "q_y"], score: ["score", "tau", "d"], mask: ["mask", "mask_by"] },
  compute,
  views: (stage) => ({
    picture: [board(stage), shares(), map()],
    table: dataTable([TEXT.column_position, TEXT.column_key, TEXT.column_score, TEXT.column_weight], rows),
  }),
  sentence,
  solved: ({ weights }) => weights[3] > 0.5,
});
