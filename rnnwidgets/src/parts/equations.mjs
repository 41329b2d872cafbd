// Equations twice: symbols first, then the same line with the numbers filled in.
// A line is text in which `@name` stands for a quantity: "@k = @f × @c_prev".

import { html } from "./dom.mjs";
import { fixed, trimmed } from "./number_text.mjs";
import { symbolHtml } from "./symbols.mjs";

const DIGITS = 4;

/** @typedef {import("./inputs.mjs").Values} Values */
/** @typedef {Record<string, {colour?: string, digits?: number} | undefined>} Colours */

/** @param {string} side @returns {string[]} */
const tokens = (side) => side.split(/(@\w+)/).filter(Boolean);

/** @param {string} line @param {Colours} look */
function equation(line, look) {
  const printed = (/** @type {string} */ name, /** @type {number} */ value) =>
    look[name]?.digits === 0 ? fixed(value, 0) : trimmed(value, DIGITS);
  const ink = (/** @type {string} */ name) => `rnn-ink rnn-${look[name]?.colour ?? "plain"}`;
  const [left, right] = line.split(/ = (.*)/);
  /** @type {[HTMLElement, string][]} */
  const slots = [];
  const symbols = tokens(line).map((token) => token.startsWith("@")
    ? html("span", { class: ink(token.slice(1)) }, symbolHtml(token.slice(1)))
    : html("span", {}, token));
  const filled = tokens(right).map((token) => {
    if (!token.startsWith("@")) return html("span", {}, token);
    const span = html("span", { class: ink(token.slice(1)) });
    slots.push([span, token.slice(1)]);
    return span;
  });
  const name = left.slice(1);
  const result = html("span", { class: `${ink(name)} rnn-result`, "data-out": name });
  const element = html("div", { class: "rnn-equation" },
    html("span", { class: "rnn-left" }, ...symbols),
    html("span", { class: "rnn-right" }, "= ", ...filled, " = ", result));
  const show = (/** @type {Values} */ values) => {
    for (const [span, inside] of slots) {
      const text = printed(inside, values[inside]);
      span.textContent = values[inside] < 0 ? `(${text})` : text;
    }
    result.textContent = printed(name, values[name]);
  };
  return { element, show };
}

/**
 * @param {(values: Values) => readonly string[]} linesOf lines for a state; may depend on choices
 * @param {Colours} look colour of each quantity
 * @returns {{element: HTMLElement, show: (values: Values) => void}}
 */
export function equations(linesOf, look) {
  const element = html("div", { class: "rnn-equations" });
  let key = "";
  /** @type {ReturnType<typeof equation>[]} */
  let rows = [];
  const show = (/** @type {Values} */ values) => {
    const lines = linesOf(values);
    if (key !== lines.join("\n")) {
      key = lines.join("\n");
      rows = lines.map((line) => equation(line, look));
      element.replaceChildren(...rows.map((row) => row.element));
    }
    for (const row of rows) row.show(values);
  };
  return { element, show };
}
