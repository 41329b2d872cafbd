// Native controls for inputs that are not numbers: radio groups, lists, boxes to tick, short texts.

import { html } from "./dom.mjs";
import style from "./choices.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

const KEYS = { "data-lm-suppress-shortcuts": "true" };

/**
 * @typedef {object} ChoiceOptions
 * @property {string} id
 * @property {string} name
 * @property {readonly string[]} [options]
 * @property {Record<string, string>} [labels] what readers see for each option
 * @property {number} [max]
 * @property {string} [pattern]
 * @property {(value: any) => void} onInput
 * @property {() => void} onChange
 *
 * @typedef {{element: HTMLElement, show: (value: any) => void, focus: (options?: FocusOptions) => void}} Control
 */

/** A row of options side by side. @param {ChoiceOptions} choice @returns {Control} */
export function radioGroup({ id, name, options = [], labels = {}, onInput, onChange }) {
  const inputs = options.map((option) => {
    const input = html("input", { type: "radio", name: id, value: option, id: `${id}-${option}`, ...KEYS });
    input.addEventListener("change", () => {
      onInput(option);
      onChange();
    });
    return input;
  });
  const element = html("fieldset", { class: "rnn-choice" }, html("legend", {}, name),
    html("div", { class: "rnn-options" }, ...inputs.map((input) =>
      html("label", {}, input, html("span", {}, labels[input.value] ?? input.value)))));
  const show = (/** @type {string} */ value) => {
    for (const input of inputs) input.checked = input.value === value;
  };
  return { element, show, focus: (how) => (inputs.find((input) => input.checked) ?? inputs[0]).focus(how) };
}

/** A list that opens. @param {ChoiceOptions} choice @returns {Control} */
export function selectList({ id, name, options = [], labels = {}, onInput, onChange }) {
  const input = html("select", { id, ...KEYS },
    ...options.map((value) => html("option", { value }, labels[value] ?? value)));
  input.addEventListener("change", () => {
    onInput(input.value);
    onChange();
  });
  const element = html("div", { class: "rnn-field" }, html("label", { for: id }, name), input);
  return { element, show: (value) => { input.value = value; }, focus: (how) => input.focus(how) };
}

/** A box to tick. @param {ChoiceOptions} choice @returns {Control} */
export function checkBox({ id, name, onInput, onChange }) {
  const input = html("input", { type: "checkbox", id, ...KEYS });
  input.addEventListener("change", () => {
    onInput(input.checked);
    onChange();
  });
  const element = html("div", { class: "rnn-tick" }, input, html("label", { for: id }, name));
  return { element, show: (value) => { input.checked = value; }, focus: (how) => input.focus(how) };
}

/** A short text; what does not fit the pattern is marked and not taken over.
 * @param {ChoiceOptions} choice @returns {Control} */
export function textField({ id, name, max, pattern, onInput, onChange }) {
  const input = html("input", { type: "text", id, maxlength: max, pattern, size: max,
    autocomplete: "off", autocapitalize: "off", spellcheck: "false", ...KEYS });
  input.addEventListener("input", () => {
    const good = input.checkValidity();
    input.setAttribute("aria-invalid", String(!good));
    if (good) onInput(input.value);
  });
  input.addEventListener("change", onChange);
  const element = html("div", { class: "rnn-field" }, html("label", { for: id }, name), input);
  const show = (/** @type {string} */ value) => {
    if (input.checkValidity() && input.value !== value) input.value = value;
  };
  return { element, show, focus: (how) => input.focus(how) };
}
