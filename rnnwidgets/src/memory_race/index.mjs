// Widget memory-race: an impulse, then blanks; which of three cells still knows?

import FRAME from "../../messages/en/frame.json";
import TEXT from "../../messages/en/memory_race.json";
import { radioGroup } from "../parts/choices.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed, scientific } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { lanes } from "./lanes.mjs";
import { CELLS, INPUTS, OUTPUTS, PRESETS, RECORDED, compute } from "./math.mjs";
import style from "./style.css";

/** @typedef {import("../parts/inputs.mjs").Values} Values */

/** @param {Values} values */
const rows = (values) => CELLS.map((cell, at) => {
  const { unseen, error } = values.traces[cell];
  return [TEXT.cells[cell], { text: scientific(values[cell], 4), out: cell }, scientific(unseen[values.T - 1], 4),
    { text: values.knows[at] ? FRAME.yes : FRAME.no, out: `knows.${at}` }, error ? fixed(error.mean[values.T - 1], 3) : "–"];
});

/** @param {Values} values */
function sentence(values) {
  const said = CELLS.flatMap((cell, at) => [[cell, scientific(values[cell], 2)],
    [`${cell}_knows`, TEXT.knows[values.knows[at] ? "true" : "false"]]]);
  return fill(TEXT.alt, { T: String(values.T), ...Object.fromEntries(said) });
}

const note = fill(TEXT.presets.trained.note, { hidden_size: String(RECORDED.hidden_size),
  longest: String(RECORDED.longest), seeds: String(RECORDED.seeds) });

export default framed({
  text: { ...TEXT, presets: { ...TEXT.presets, trained: { ...TEXT.presets.trained, note } } },
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: { w: { colour: "h" }, b_z: { colour: "g" }, b_f: { colour: "c" } },
  controls: { choice: radioGroup },
  groups: { race: ["cells", "T"], hand: ["w", "b_z", "b_f", "noise"], trained: ["first"] },
  compute,
  views: (stage) => ({
    picture: [lanes(stage)],
    table: dataTable(Object.values(TEXT.columns), rows),
  }),
  sentence,
  solved: ({ cells, T, gru, lstm, knows }) => cells === "hand" && T === 20 && knows[1] && Math.abs(gru - lstm) < 1e-9,
});
