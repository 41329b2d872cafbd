// Widget bptt-unrolled: one shared weight, and a sum over time of products.

import TEXT from "../../messages/en/bptt_unrolled.json";
import { radioGroup } from "../parts/choices.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed, scientific } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { chain } from "./chain.mjs";
import { INPUTS, OUTPUTS, PRESETS, compute, inputOf, size } from "./math.mjs";
import { product, shareTable } from "./numbers.mjs";
import style from "./style.css";

/** @typedef {import("../parts/inputs.mjs").Values} Values */

/** @param {number[]} values */
const list = (values) => values.map((value) => fixed(value, 4)).join("  ");

/** @param {Values} values */
const rows = ({ network, states, reach }) => reach.map((/** @type {number[]} */ dh, /** @type {number} */ at) =>
  [String(at + 1), inputOf(network, at), list(states[at + 1]), list(dh)]);

/** @param {Values} values */
const sentence = ({ steps, cut, chosen, reach, shares, total }) => fill(chosen > cut ? TEXT.alt : TEXT.alt_cut, {
  chosen, reach: scientific(size(reach[chosen - 1]), 2), share: scientific(size(shares[chosen - 1]), 2),
  counted: String(steps - cut), steps, total: scientific(size(total), 2),
});

export default framed({
  text: TEXT,
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: { w: { colour: "h" }, node: { colour: "f", symbol: "t" }, k: { colour: "f" } },
  controls: { choice: radioGroup },
  layout: "wide",
  compute,
  views: (stage) => ({
    picture: [chain(stage), product(stage), shareTable(stage)],
    table: dataTable(["step", "input", "state", "reach"].map((name) => stage.text.columns[name]), rows),
  }),
  sentence,
  solved: ({ steps, cut }) => steps - cut === 2 && cut > 0,
});
