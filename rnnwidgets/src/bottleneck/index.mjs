// Widget bottleneck: what a state of fixed size loses, and what attention brings back.

import TEXT from "../../messages/en/bottleneck.json";
import { radioGroup } from "../parts/choices.mjs";
import { framed } from "../parts/frame.mjs";
import { fill, fixed } from "../parts/number_text.mjs";
import { dataTable } from "../parts/value_table.mjs";
import { FACTS, INPUTS, OUTPUTS, PRESETS, SIZES, compute, recorded } from "./math.mjs";
import { picture } from "./picture.mjs";
import style from "./style.css";

/** @typedef {Record<string, any>} Values */

const ENOUGH = 0.75;

/** @param {number} share */
const percent = (share) => fixed(100 * share, 0);

/** Each place of the word, then the whole word. @param {Values} values */
function rows(values) {
  const [, least, largest] = recorded(/** @type {any} */ (values)).places;
  const cell = (/** @type {number} */ share, /** @type {string} */ out) => ({ text: fixed(share, 3), out });
  return [
    ...values.places.map((/** @type {number} */ share, /** @type {number} */ at) =>
      [String(at + 1), cell(share, `places.${at}`), ...[least, largest].map((one) => fixed(one[at] / 100, 2))]),
    [TEXT.word, cell(values.accuracy, "accuracy"), cell(values.least, "least"), cell(values.largest, "largest")],
  ];
}

/** @param {Values} values */
function sentence({ length, size, attention, accuracy, least, largest, places }) {
  const weakest = Math.min(...places);
  return fill(TEXT.alt, {
    length, size, attention: TEXT.choices.attention[/** @type {"off" | "on"} */ (attention)], seeds: String(FACTS.seeds),
    accuracy: percent(accuracy), least: percent(least), largest: percent(largest),
    place: String(places.indexOf(weakest) + 1), share: percent(weakest),
  });
}

/** The smallest state that is enough for these words. @param {string} length */
const enough = (length) => SIZES.find((size) => compute({ length, size, attention: "off" }).accuracy > ENOUGH);

export default framed({
  text: { ...TEXT, hint: fill(TEXT.hint, { seeds: String(FACTS.seeds), updates: String(FACTS.updates), words: String(FACTS.test_words) }) },
  style,
  inputs: INPUTS,
  outputs: OUTPUTS,
  presets: PRESETS,
  controls: { choice: radioGroup },
  compute,
  views: (stage) => ({
    picture: [picture(stage)],
    table: dataTable([TEXT.column_place, TEXT.names.places, TEXT.names.least, TEXT.names.largest], rows),
  }),
  sentence,
  solved: ({ length, size, attention }) => length === "8" && attention === "off" && size === enough(length),
});
