// A labelled native range input with its value printed beside it.

import { html } from "./dom.mjs";
import { fixed } from "./number_text.mjs";

const STEP = 0.01;

/**
 * @typedef {object} SliderOptions
 * @property {string} id
 * @property {string} gate colour class of the quantity
 * @property {Node} symbol
 * @property {string} name
 * @property {readonly number[]} range
 * @property {(value: number) => void} onInput while the value moves
 * @property {() => void} onChange when the reader lets go
 */

/**
 * @param {SliderOptions} options
 * @returns {{element: HTMLElement, show: (value: number) => void, focus: (options?: FocusOptions) => void}}
 */
export function slider({ id, gate, symbol, name, range, onInput, onChange }) {
  const [low, high] = range;
  const input = html("input", {
    type: "range", id, min: low, max: high, step: STEP,
    // Notebook applications take the arrow keys away from inputs without this mark.
    "data-lm-suppress-shortcuts": "true",
  });
  const value = html("output", { for: id, class: "rnn-value" });
  const limits = html("span", { class: "rnn-limits", "aria-hidden": "true" },
    `${fixed(low, 0)} … ${fixed(high, 0)}`);
  const label = html("label", { for: id },
    html("span", { class: "rnn-symbol" }, symbol), " ", name);
  const element = html("div", { class: `rnn-slider rnn-${gate}` }, label, limits, input, value);
  input.addEventListener("input", () => onInput(Number(input.value)));
  input.addEventListener("change", onChange);
  input.addEventListener("keydown", (event) => event.stopPropagation());
  const show = (/** @type {number} */ number) => {
    const text = fixed(number, 2);
    if (Number(input.value) !== number) input.value = String(number);
    input.setAttribute("aria-valuetext", text.replace("\u2212", "minus "));
    input.style.setProperty("--rnn-at", `${(100 * (number - low)) / (high - low)}%`);
    input.style.setProperty("--rnn-zero", `${(100 * (0 - low)) / (high - low)}%`);
    value.textContent = text;
  };
  return { element, show, focus: (/** @type {FocusOptions | undefined} */ options) => input.focus(options) };
}
