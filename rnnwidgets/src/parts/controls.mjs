// One native control for each input, by the kind of the input.

import FRAME from "../../messages/en/frame.json";
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
 * @property {import("./slider.mjs").SliderOptions["track"]} [track] of the slider: logTrack
 * @property {"none" | "select"} [control] none: the picture itself changes this input
 *
 * @typedef {import("./choices.mjs").Control} Control
 * @typedef {(options: import("./choices.mjs").ChoiceOptions) => Control} Maker
 * @typedef {{choice?: Maker, select?: Maker, toggle?: Maker, text?: Maker}} Makers what builds
 *   controls that are no sliders; a widget names those it needs, so that it carries no others
 * @typedef {{id: string, onInput: (value: any) => void, onChange: () => void}} Hooks
 */

/**
 * @param {string} name @param {import("./inputs.mjs").InputSpec} spec @param {Look} look @param {any} text
 * @param {Makers} makers @param {Hooks} hooks
 * @returns {Control}
 */
function control(name, spec, look, text, makers, hooks) {
  const label = text.names[name];
  const kind = look.control ?? kindOf(spec);
  if (kind === "number") {
    return slider({ colour: look.colour ?? "plain", symbol: symbolHtml(name, look.symbol), name: label,
      range: spec.range ?? [0, 1], step: spec.step ?? look.step, track: look.track,
      digits: look.digits ?? (spec.step === 1 ? 0 : 2), unit: text.units?.[name], ...hooks });
  }
  const make = makers[/** @type {keyof Makers} */ (kind)];
  if (!make) throw new Error(`expected controls.${kind} for the input ${name}, got none`);
  const { options, max, pattern } = spec;
  return make({ name: label, options, labels: text.choices?.[name], max, pattern, ...hooks });
}

/**
 * All controls, in groups where the widget names groups.
 * @param {{inputs: Record<string, import("./inputs.mjs").InputSpec>, look: Record<string, Look>, text: any,
 *   controls?: Makers, groups?: Record<string, readonly string[]>}} widget
 * @param {(name: string) => Hooks} hooksOf
 */
export function controlPanel({ inputs, look, text, controls: makers = {}, groups }, hooksOf) {
  /** @type {Record<string, Control>} */
  const controls = {};
  for (const [name, spec] of Object.entries(inputs)) {
    if (look[name]?.control === "none" || kindOf(spec) === "list") continue;
    controls[name] = control(name, spec, look[name] ?? {}, text, makers, hooksOf(name));
  }
  const fieldsets = Object.entries(groups ?? { all: Object.keys(inputs) }).map(([group, names]) =>
    html("fieldset", { class: "rnn-controls" }, html("legend", {}, text.groups?.[group] ?? text.controls ?? FRAME.controls),
      ...names.filter((name) => controls[name]).map((name) => controls[name].element)));
  const element = html("div", { class: "rnn-panel", "data-groups": fieldsets.length }, ...fieldsets);
  const show = (/** @type {Record<string, any>} */ values) => {
    for (const [name, one] of Object.entries(controls)) one.show(values[name]);
  };
  return { element, controls, show };
}
