// A labelled native range input with its value printed beside it.

import FRAME from "../../messages/en/frame.json";
import { html } from "./dom.mjs";
import { fixed, plain } from "./number_text.mjs";

const STEP = 0.01;

/**
 * From values to places of the native control, and back from its text.
 * @typedef {{low: number, high: number, step: number, place: (value: number) => number,
 *   value: (place: string) => number}} Track
 *
 * @typedef {object} SliderOptions
 * @property {string} id
 * @property {string} colour colour class of the quantity
 * @property {Node} symbol
 * @property {string} name
 * @property {readonly number[]} range
 * @property {number} [step]
 * @property {number} [digits] digits after the point
 * @property {string} [unit]
 * @property {(range: readonly number[], digits: number) => Track} [track] where values are, if not in equal ways
 * @property {(value: number) => void} onInput while the value moves
 * @property {() => void} onChange when the reader lets go
 */

/**
 * @param {SliderOptions} options
 * @returns {{element: HTMLElement, show: (value: number) => void, focus: (options?: FocusOptions) => void}}
 */
export function slider(options) {
  const { id, colour, symbol, name, range, digits = 2, unit = "", onInput, onChange } = options;
  const { low, high, step, place, value } = options.track?.(range, digits) ?? {
    low: range[0], high: range[1], step: options.step ?? STEP, place: (/** @type {number} */ at) => at, value: Number,
  };
  const input = html("input", {
    type: "range", id, min: low, max: high, step,
    // Notebook applications take the arrow keys away from inputs without this mark.
    "data-lm-suppress-shortcuts": "true",
  });
  const output = html("output", { for: id, class: "rnn-value" });
  const limits = html("span", { class: "rnn-limits", "aria-hidden": "true" },
    `${plain(range[0])} … ${plain(range[1])}`);
  const label = html("label", { for: id },
    html("span", { class: "rnn-symbol" }, symbol), " ", name);
  const element = html("div", { class: `rnn-slider rnn-${colour}` }, label, limits, input, output);
  input.addEventListener("input", () => onInput(value(input.value)));
  input.addEventListener("change", onChange);
  const show = (/** @type {number} */ number) => {
    const text = `${fixed(number, digits)}${unit && ` ${unit}`}`;
    if (value(input.value) !== number) input.value = String(place(number));
    input.setAttribute("aria-valuetext", text.replace("\u2212", `${FRAME.minus} `));
    const part = (/** @type {number} */ at) => `${(100 * (at - low)) / (high - low)}%`;
    input.style.setProperty("--rnn-at", part(place(number)));
    input.style.setProperty("--rnn-zero", part(Math.min(high, Math.max(low, 0))));
    output.textContent = text;
  };
  return { element, show, focus: (focusOptions) => input.focus(focusOptions) };
}
