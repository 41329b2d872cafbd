// The row of examples, and the way back to the start.

import FRAME from "../../messages/en/frame.json";
import { html } from "./dom.mjs";

/**
 * @param {readonly string[]} presets
 * @param {any} text messages of the widget
 * @param {(name: string) => void} onPreset
 * @param {() => void} onReset
 */
export function buttonRow(presets, text, onPreset, onReset) {
  const button = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {() => void} */ act) => {
    const one = html("button", { type: "button", class: kind }, label);
    one.addEventListener("click", act);
    return one;
  };
  return html("div", { class: "rnn-buttons", role: "group", "aria-label": FRAME.presets },
    ...(presets.length ? [html("span", { "aria-hidden": "true" }, FRAME.presets)] : []),
    ...presets.map((name) => button(text.presets[name].label, "rnn-preset", () => onPreset(name))),
    button(FRAME.reset, "rnn-reset", onReset));
}
