// Widget gru-gates: one step of a GRU; which share is kept, and how much of the past is read.

import TEXT from "../../messages/en/gru_gates.json";
import { radioGroup } from "../parts/choices.mjs";
import { html } from "../parts/dom.mjs";
import { equations } from "../parts/equations.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { valueTable } from "../parts/value_table.mjs";
import { INPUTS, OUTPUTS, PRESETS, compute } from "./math.mjs";
import { picture } from "./picture.mjs";

/** @typedef {import("../parts/inputs.mjs").Values} Values */

/** @type {Record<string, import("../parts/controls.mjs").Look>} */
const LOOK = {
  h_prev: { colour: "h" }, z: { colour: "z" }, r: { colour: "r" }, b_hn: { colour: "r" },
  past: { colour: "r" }, n: { colour: "n" }, kept: { colour: "z" }, written: { colour: "n" }, h: { colour: "h" },
  keep: { colour: "z" }, write: { colour: "z" },
  gru_numbers: { digits: 0, symbol: "3 blocks" }, lstm_numbers: { digits: 0, symbol: "4 blocks" },
  convention: { symbol: "" }, reset: { symbol: "" }, hidden_size: { digits: 0, symbol: "H" },
};
const PAST = {
  after: "@past = @r × (@h_prev + @b_hn)",
  before: "@past = @r × @h_prev + @b_hn",
};
const NEW = {
  keep: "@h = @z × @h_prev + (1 − @z) × @n",
  write: "@h = (1 − @z) × @h_prev + @z × @n",
};

/** @param {Values} values */
const lines = ({ reset, convention }) => [
  PAST[/** @type {keyof typeof PAST} */ (reset)], "@n = tanh(@x + @past)",
  NEW[/** @type {keyof typeof NEW} */ (convention)],
];

/** The side note about the size of a layer. */
function layerNote() {
  const element = html("p", { class: "rnn-hint" });
  const show = (/** @type {Values} */ { hidden_size, gru_numbers, lstm_numbers }) => {
    element.textContent = fill(TEXT.layer, {
      size: String(hidden_size), gru: gru_numbers.toLocaleString("en"), lstm: lstm_numbers.toLocaleString("en"),
    });
  };
  return { element, show };
}

export default framed({
  text: TEXT,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: LOOK,
  controls: { choice: radioGroup },
  groups: { step: ["h_prev", "x", "z", "r", "b_hn"], variant: ["convention", "reset"], size: ["hidden_size"] },
  layout: "wide",
  compute,
  views: (stage) => ({
    picture: [picture("wide", stage), picture("narrow", stage)],
    below: [equations(lines, LOOK), layerNote()],
    table: valueTable([...Object.keys(INPUTS), ...OUTPUTS], TEXT, LOOK),
  }),
  sentence: ({ keep, write, h_prev, h }) => fill(TEXT.alt, {
    keep: fixed(100 * keep, 0), write: fixed(100 * write, 0), h_prev: fixed(h_prev, 2), h: fixed(h, 2),
  }),
  solved: ({ h, h_prev }) => Math.abs(h) < 5e-4 && h_prev !== 0,
});
