// One native control for each input, by the kind of the input.

import { checkBox, radioGroup, selectList, textField } from "./choices.mjs";
import { html } from "./dom.mjs";
import { kindOf } from "./inputs.mjs";
import { slider } from "./slider.mjs";
import { symbolHtml } from "./symbols.mjs";

/**
 * How an input or result looks.
 * @typedef {object} Look
 * @property {string} [colour] class i, f, g, o, c, h, r, z, n; without it the colour of the text
 * @property {string} [symbol] "∂c_{T}"; without it the name, with _ before a subscript
 * @property {number} [digits] digits after the point
 * @property {number} [figures] figures that count, for values of very different sizes
 * @property {number} [step] of the slider
 * @property {"log"} [scale] of the slider
 * @property {"none" | "select"} [control] none: the picture itself changes this input
 *
 * @typedef {import("./choices.mjs").Control} Control
 */

/**
 * @param {string} name @param {import("./inputs.mjs").InputSpec} spec @param {Look} look @param {any} text
 * @param {{id: string, onInput: (value: any) => void, onChange: () => void}} hooks
 * @returns {Control}
 */
function control(name, spec, look, text, hooks) {
  const label = text.names[name];
  const kind = kindOf(spec);
  if (kind === "toggle") return checkBox({ name: label, ...hooks });
  if (kind === "text") return textField({ name: label, max: spec.max, pattern: spec.pattern, ...hooks });
  if (kind === "choice") {
    const make = look.control === "select" ? selectList : radioGroup;
    return make({ name: label, options: spec.options, labels: text.choices?.[name], ...hooks });
  }
  return slider({ colour: look.colour ?? "plain", symbol: symbolHtml(name, look.symbol), name: label,
    range: spec.range ?? [0, 1], step: spec.step ?? look.step, scale: look.scale,
    digits: look.digits ?? (spec.step === 1 ? 0 : 2), unit: text.units?.[name], ...hooks });
}

/**
 * All controls, in groups where the widget names groups.
 * @param {Record<string, import("./inputs.mjs").InputSpec>} inputs
 * @param {Record<string, Look>} look
 * @param {any} text messages of the widget
 * @param {Record<string, readonly string[]>} groups names of inputs by group
 * @param {(name: string) => {id: string, onInput: (value: any) => void, onChange: () => void}} hooksOf
 */
export function controlPanel(inputs, look, text, groups, hooksOf) {
  /** @type {Record<string, Control>} */
  const controls = {};
  for (const [name, spec] of Object.entries(inputs)) {
    if (look[name]?.control === "none" || kindOf(spec) === "list") continue;
    controls[name] = control(name, spec, look[name] ?? {}, text, hooksOf(name));
  }
  const fieldsets = Object.entries(groups).map(([group, names]) =>
    html("fieldset", { class: "rnn-controls" }, html("legend", {}, text.groups?.[group] ?? text.controls),
      ...names.filter((name) => controls[name]).map((name) => controls[name].element)));
  const element = html("div", { class: "rnn-panel", "data-groups": fieldsets.length }, ...fieldsets);
  const show = (/** @type {Record<string, any>} */ values) => {
    for (const [name, one] of Object.entries(controls)) one.show(values[name]);
  };
  return { element, controls, show };
}
