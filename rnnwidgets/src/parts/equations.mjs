// Equations twice: symbols first, then the same line with the numbers filled in.
// A line is text in which `@name` stands for a quantity, `^@name` for one that is an exponent:
// "@k = @f × @c_prev".

import { html } from "./dom.mjs";
import { printed } from "./printed.mjs";
import { symbolHtml } from "./symbols.mjs";
import style from "./equations.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

const DIGITS = 4;

/** @typedef {import("./inputs.mjs").Values} Values */
/** @typedef {Record<string, import("./controls.mjs").Look | undefined>} Looks */

/** @param {string} side @returns {string[]} */
const tokens = (side) => side.split(/(\^?@\w+)/).filter(Boolean);

/** @param {string} line @param {Looks} look */
function equation(line, look) {
  /** @type {[HTMLElement, string][]} */
  const slots = [];
  const right = line.slice(line.indexOf(" = ") + 3);
  const part = (/** @type {boolean} */ filled) => (/** @type {string} */ token) => {
    if (!/^\^?@/.test(token)) return html("span", {}, token);
    const name = token.replace(/^\^?@/, "");
    const ink = { class: `rnn-ink rnn-${look[name]?.colour ?? "plain"}` };
    const node = token.startsWith("^") ? html("sup", ink) : html("span", ink);
    if (filled) {
      node.dataset.out = name;
      slots.push([node, name]);
    } else node.append(symbolHtml(name, look[name]?.symbol));
    return node;
  };
  const symbols = tokens(line).map(part(false));
  const filled = tokens(right).map(part(true));
  const [, name = ""] = /^@(\w+)/.exec(line) ?? [];
  const result = html("span", { class: `rnn-ink rnn-${look[name]?.colour ?? "plain"} rnn-result`, "data-out": name });
  const element = html("div", { class: "rnn-equation" },
    html("span", { class: "rnn-left" }, ...symbols),
    html("span", { class: "rnn-right" }, "= ", ...filled, " = ", result));
  const show = (/** @type {Values} */ values) => {
    const text = (/** @type {string} */ key) => printed(values[key], look[key], DIGITS, { short: true });
    for (const [node, key] of slots) node.textContent = values[key] < 0 ? `(${text(key)})` : text(key);
    result.textContent = text(name);
  };
  return { element, show };
}

/**
 * @param {(values: Values) => readonly string[]} linesOf lines for a state; may depend on choices
 * @param {Looks} look colour of each quantity
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
