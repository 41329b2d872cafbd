// The two gates of the chosen word as sliders, and a button that walks through the sentence.

import { html } from "../parts/dom.mjs";
import { fill } from "../parts/number_text.mjs";
import { slider } from "../parts/slider.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { TOKENS } from "./math.mjs";
import { replaced } from "./picture.mjs";

const GATES = /** @type {const} */ (["i", "f"]);
const WORD_MS = 900;

/** @typedef {import("../parts/frame.mjs").Stage} Stage */
/** @typedef {import("../parts/inputs.mjs").Values} Values */

/** @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function editor({ prefix, text, set, settle }) {
  /** @type {Values} */
  let now = {};
  const sliders = GATES.map((gate) => slider({ id: `${prefix}-${gate}`, colour: gate,
    symbol: symbolHtml(gate), name: text.names[gate], range: [0, 1],
    onInput: (value) => set({ [gate]: replaced(now[gate], now.t - 1, value) }), onChange: settle }));
  const legend = html("legend");
  const gates = html("fieldset", { class: "rnn-controls" }, legend, ...sliders.map((one) => one.element));
  const show = (/** @type {Values} */ values) => {
    now = values;
    const trained = values.gates === "trained";
    legend.textContent = fill(trained ? text.from_training : text.at_word, { t: values.t, word: TOKENS[values.t - 1] });
    gates.toggleAttribute("disabled", trained);
    GATES.forEach((gate, at) => sliders[at].show(values[`open_${gate}`][values.t - 1]));
  };
  return { element: html("div", { class: "rnn-editor" }, gates), show };
}

/** @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function player({ text, jump }) {
  const element = html("button", { type: "button", class: "rnn-play" });
  let word = 1;
  let timer = 0;
  const run = (/** @type {boolean} */ on) => {
    clearInterval(timer);
    timer = on ? setInterval(tick, WORD_MS) : 0;
    element.textContent = on ? text.pause : text.play;
  };
  const tick = () => {
    if (word < TOKENS.length) jump({ t: word + 1 });
    else run(false);
  };
  element.addEventListener("click", () => {
    if (!timer && word >= TOKENS.length) jump({ t: 1 });
    run(!timer);
  });
  run(false);
  return { element, show: ({ t }) => { word = t; }, stop: () => clearInterval(timer) };
}
