// Widget lstm-gates: five sliders move one LSTM step, shown as a conveyor, equations and a table.

import TEXT from "../../messages/en/lstm_gates.json";
import { equations } from "../parts/equations.mjs";
import { framed } from "../parts/frame.mjs";
import { filledSentence } from "../parts/sentence.mjs";
import { valueTable } from "../parts/value_table.mjs";
import { INPUTS, OUTPUTS, PRESETS, compute } from "./math.mjs";
import { picture } from "./picture.mjs";

const LINES = ["@k = @f × @c_prev", "@j = @i × @g", "@c = @k + @j", "@h = @o × @tanh_c"];

const LOOK = {
  c_prev: { colour: "c" }, f: { colour: "f" }, i: { colour: "i" }, g: { colour: "g" }, o: { colour: "o" },
  k: { colour: "f" }, j: { colour: "i" }, c: { colour: "c" }, tanh_c: { colour: "c", symbol: "tanh c" }, h: { colour: "h" },
};

export default framed({
  text: TEXT,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: LOOK,
  layout: "wide",
  compute,
  views: (stage) => ({
    picture: [picture("wide", stage), picture("narrow", stage)],
    below: [equations(() => LINES, LOOK)],
    table: valueTable([...Object.keys(INPUTS), ...OUTPUTS], TEXT, LOOK),
  }),
  sentence: filledSentence(TEXT, LOOK),
  solved: ({ h, o }) => h < 0 && o < 0.5,
});
