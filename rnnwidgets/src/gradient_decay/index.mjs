// Widget gradient-decay: a product of T factors, along the cell of an LSTM and along an RNN.

import TEXT from "../../messages/en/gradient_decay.json";
import { radioGroup } from "../parts/choices.mjs";
import { equations } from "../parts/equations.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed, scientific } from "../parts/number_text.mjs";
import { plot } from "../parts/plot.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { INPUTS, OUTPUTS, PRESETS, compute } from "./math.mjs";

const FIGURES = 4;
/** The axis moves in wide steps only, so that a line that moves is a line that changed. */
const LOWEST = [1e-4, 1e-8, 1e-16, 1e-32, 1e-64, 1e-128];
const HIGHEST = [10, 1e4, 1e16, 1e32];

const LOOK = {
  f: { colour: "f" },
  w: { colour: "h" },
  lstm_end: { colour: "c", figures: FIGURES, symbol: "∂c_{T} / ∂c_{0}" },
  rnn_end: { colour: "h", figures: FIGURES, symbol: "∂h_{T} / ∂h_{0}" },
  rnn_factor: { colour: "h", symbol: "mean w (1 − h²)" },
  half_life: { colour: "f", figures: 3, symbol: "half-life" },
  T: { digits: 0 },
};

const LINES = ["@lstm_end = @f^@T", "@rnn_end = @rnn_factor^@T", "@half_life = ln 0.5 / ln @f"];

/** @param {import("../parts/frame.mjs").Stage} stage */
function decayPlot({ prefix, text }) {
  const { element, show, stop } = plot({
    series: [
      { name: "lstm", label: text.lstm_line, colour: "c", marker: "circle" },
      { name: "rnn", label: text.rnn_line, colour: "h", marker: "square", dash: "7 4" },
    ],
    xLabel: text.x_axis, yLabel: text.y_axis, height: 310, right: 82,
  }, prefix);
  /** @param {number[]} ends */
  const range = (ends) => [
    LOWEST.find((low) => low <= Math.min(...ends)) ?? LOWEST[LOWEST.length - 1],
    HIGHEST.find((high) => high >= Math.max(...ends)) ?? HIGHEST[HIGHEST.length - 1],
  ];
  /** @param {number[]} values */
  const points = (values) => values.map((value, step) => [step, value]);
  return {
    element, stop,
    show: (/** @type {import("../parts/inputs.mjs").Values} */ { T, lstm, rnn, lstm_end, rnn_end }) => show({
      x: [0, T], y: range([lstm_end, rnn_end]), log: true,
      lines: { lstm: points(lstm), rnn: points(rnn) },
      levels: [{ y: 0.5, label: text.half_line }],
    }),
  };
}

/** @param {import("../parts/inputs.mjs").Values} values */
const rows = ({ lstm, rnn }) => lstm.map((/** @type {number} */ value, /** @type {number} */ step) => [
  String(step),
  { text: scientific(value, FIGURES), out: `lstm.${step}` },
  { text: scientific(rnn[step], FIGURES), out: `rnn.${step}` },
]);

export default framed({
  text: TEXT,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  look: LOOK,
  controls: { choice: radioGroup },
  compute,
  views: (stage) => ({
    picture: [decayPlot(stage)],
    below: [equations(() => LINES, LOOK)],
    table: dataTable([TEXT.column_step, TEXT.column_lstm, TEXT.column_rnn], rows),
  }),
  sentence: ({ T, lstm_end, rnn_end }) => fill(TEXT.alt, {
    T: fixed(T, 0), percent: scientific(100 * lstm_end, 2), rnn_end: scientific(rnn_end, 2),
  }),
  solved: ({ w, rnn_end }) => w > 1 && rnn_end < 1e-3,
});
