// Widget sentence-scrubber: walk through a sentence and move the gates at each word.

import TEXT from "../../messages/en/sentence_scrubber.json";
import { radioGroup } from "../parts/choices.mjs";
import { equations } from "../parts/equations.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed, signed } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { editor, player } from "./editor.mjs";
import { ASKED, INPUTS, OUTPUTS, PRESETS, RECORDED, TOKENS, compute } from "./math.mjs";
import { picture } from "./picture.mjs";
import style from "./style.css";

/** @typedef {import("../parts/inputs.mjs").Values} Values */

const LOOK = { i_t: { colour: "i" }, f_t: { colour: "f" }, g_t: { colour: "g" }, c_t: { colour: "c" }, c_prev: { colour: "c" } };
const LINES = ["@c_t = @f_t × @c_prev + @i_t × @g_t"];

/** The numbers of the chosen word, by the names in the equation. @param {Values} values */
const atWord = ({ t, open_i, open_f, g, c }) => ({
  i_t: open_i[t - 1], f_t: open_f[t - 1], g_t: g[t - 1], c_t: c[t - 1], c_prev: t > 1 ? c[t - 2] : 0,
});

/** @param {Values} values */
function sentence(values) {
  const { i_t, f_t, c_prev, c_t } = atWord(values);
  const words = { t: String(values.t), word: TOKENS[values.t - 1], i: fixed(i_t, 2), f: fixed(f_t, 2),
    before: fixed(c_prev, 2), now: fixed(c_t, 2), asked: fixed(values.c[ASKED - 1], 2) };
  const said = TEXT.said[/** @type {keyof typeof TEXT.said} */ (values.answer)];
  return `${fill(TEXT.at, words)} ${fill(said, words)}`;
}

/** One gate at one word differs from the example "leaky", and the answer is right. @param {Values} values */
function solved({ gates, i, f, answer }) {
  const { leaky } = PRESETS;
  const moved = [...i, ...f].filter((value, at) => value !== [...leaky.i, ...leaky.f][at]);
  return gates === "hand" && answer === "were" && moved.length === 1;
}

/** @param {Values} values */
const rows = ({ open_i, open_f, g, c }) => TOKENS.map((word, at) => [`${at + 1} ${word}`, fixed(open_i[at], 4),
  fixed(open_f[at], 4), signed(g[at], 4), { text: fixed(c[at], 4), out: `c.${at}` }]);

/** The note of the example names figures of the runs. */
const trained = { ...TEXT.presets.trained, note: fill(TEXT.presets.trained.note, {
  hidden_size: String(RECORDED.hidden_size), runs: String(RECORDED.runs), open: fixed(Math.floor(100 * RECORDED.i_between[0]) / 100, 2),
}) };

export default framed({
  text: { ...TEXT, presets: { ...TEXT.presets, trained } },
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  controls: { choice: radioGroup },
  layout: "wide",
  compute,
  views: (stage) => {
    const lines = equations(() => LINES, LOOK);
    lines.element.classList.add("rnn-at-word");
    return {
      picture: [picture(stage), player(stage), editor(stage)],
      below: [{ element: lines.element, show: (values) => lines.show(atWord(values)) }],
      table: dataTable([TEXT.names.t, ...["i", "f", "g", "c"].map((name) => symbolHtml(name))], rows),
    };
  },
  sentence,
  solved,
});
