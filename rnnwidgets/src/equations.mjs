// The step as four lines: symbols first, then the same line with the numbers filled in.

import { html } from "./dom.mjs";
import { fixed } from "./number_text.mjs";
import { symbolHtml } from "./symbols.mjs";

const DIGITS = 4;

/** Quantity or operator sign, with its colour class. @type {[string, string][][]} */
const LINES = [
  [["k", "k"], ["=", ""], ["f", "f"], ["×", ""], ["c_prev", "c"]],
  [["j", "j"], ["=", ""], ["i", "i"], ["×", ""], ["g", "g"]],
  [["c", "c"], ["=", ""], ["k", "k"], ["+", ""], ["j", "j"]],
  [["h", "h"], ["=", ""], ["o", "o"], ["×", ""], ["tanh_c", "c"]],
];

/** @param {string} name @param {string} gate */
const colour = (name, gate) => ({ k: "f", j: "i" })[name] ?? gate;

/** @param {number} value */
function numberText(value) {
  const text = fixed(value, DIGITS).replace(/(\.\d\d)(\d*?)0+$/, "$1$2");
  return value < 0 ? `(${text})` : text;
}

/** @returns {{element: HTMLElement, show: (values: Record<string, number>) => void}} */
export function equations() {
  /** @type {[HTMLElement, string, boolean][]} */
  const slots = [];
  const rows = LINES.map((line) => {
    const symbols = line.map(([name, gate]) => gate
      ? html("span", { class: `rnn-ink rnn-${colour(name, gate)}` }, symbolHtml(name))
      : html("span", {}, ` ${name} `));
    const filled = line.slice(2).map(([name, gate]) => {
      const span = html("span", { class: gate ? `rnn-ink rnn-${colour(name, gate)}` : "" }, ` ${name} `);
      if (gate) slots.push([span, name, true]);
      return span;
    });
    const result = html("span", { class: `rnn-ink rnn-result rnn-${colour(line[0][0], line[0][1])}`, "data-out": line[0][0] });
    slots.push([result, line[0][0], false]);
    return html("div", { class: "rnn-equation" },
      html("span", { class: "rnn-left" }, ...symbols),
      html("span", { class: "rnn-right" }, "= ", ...filled, " = ", result));
  });
  const show = (/** @type {Record<string, number>} */ values) => {
    for (const [span, name, inside] of slots) {
      const text = numberText(values[name]);
      span.textContent = inside ? text : text.replace(/[()]/g, "");
    }
  };
  return { element: html("div", { class: "rnn-equations" }, ...rows), show };
}
