// The path as a product with its numbers, and the table of shares with their sum.

import { html } from "../parts/dom.mjs";
import { fixed, scientific } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { inputOf, size } from "./math.mjs";

/** @typedef {import("../parts/frame.mjs").Stage} Stage */
/** @typedef {import("../parts/inputs.mjs").Values} Values */

const DIGITS = 4;

/** Numbers between brackets; a single one stands alone.
 * @param {readonly number[]} entries @param {number} columns @param {string} [out] name of the result they print */
function matrix(entries, columns, out) {
  const cells = entries.map((value, at) => html("span", { "data-out": out && `${out}.${at}` }, fixed(value, DIGITS)));
  return html("span", { class: entries.length > 1 ? "rnn-matrix" : "", style: `--columns: ${columns}` }, ...cells);
}

/** dL/dh of the chosen state, factor by factor.
 * @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function product({ text }) {
  const element = html("div", { class: "rnn-equations rnn-product" });
  const show = (/** @type {Values} */ { network, steps, chosen, factors, path, recurrent }) => {
    const units = recurrent.length;
    const used = Array.from({ length: steps - chosen }, (_, at) => steps - at);
    const symbols = [html("span", { class: "rnn-ink rnn-f" }, "dL/d", symbolHtml(`h_${chosen}`)), " = ",
      "dL/d", symbolHtml(`h_${steps}`), ...used.flatMap((t) => [" · ", symbolHtml(`J_${t}`)])];
    const numbers = [matrix(recurrent.map(() => 1), units),
      ...used.flatMap((t) => ["·", matrix(factors[t - 1].flat(), units)])];
    element.replaceChildren(
      html("div", {}, ...symbols),
      html("div", { class: "rnn-filled" }, "=", ...numbers, "=", html("b", { class: "rnn-ink rnn-f" }, matrix(path, units, "path"))),
      html("div", { class: "rnn-hint" }, text.factor[network]));
  };
  return { element, show };
}

/** @param {Stage} stage @returns {import("../parts/frame.mjs").View} */
export function shareTable({ text }) {
  const heads = ["step", "input", "gradient", "share", "size"].map((name) =>
    html("th", { scope: "col" }, text.columns[name]));
  const body = html("tbody");
  const element = html("div", { class: "rnn-scroll", role: "group", tabindex: 0, "aria-label": text.columns.share },
    html("table", { class: "rnn-shares" }, html("thead", {}, html("tr", {}, ...heads)), body));
  const row = (/** @type {(Node | string)[]} */ [first, ...rest], /** @type {Record<string, boolean>} */ marks) =>
    html("tr", marks, html("th", { scope: "row" }, first), ...rest.map((cell) => html("td", {}, cell)));
  const show = (/** @type {Values} */ { network, steps, cut, chosen, reach, shares, total, full, recurrent }) => {
    const numbers = (/** @type {number[]} */ entries, /** @type {string} */ out) =>
      [matrix(entries, recurrent.length, out), scientific(size(entries), 3)];
    body.replaceChildren(...shares.map((/** @type {number[]} */ share, /** @type {number} */ at) => row(
      [String(at + 1), inputOf(network, at), at < cut ? "0" : scientific(size(reach[at]), 3), ...numbers(share, `shares.${at}`)],
      { "data-cut": at < cut, "data-chosen": at + 1 === chosen })),
    row([text.sum, "", "", ...numbers(total, "total")], { "data-sum": true }),
    row([text.full, "", "", ...numbers(full, "full")], {}));
  };
  return { element, show };
}
