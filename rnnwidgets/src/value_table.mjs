// Every number of the picture again as a table, for reading aloud and for copying.

import { html } from "./dom.mjs";
import { fixed } from "./number_text.mjs";
import { symbolHtml } from "./symbols.mjs";

/**
 * @param {readonly string[]} names
 * @param {any} text messages of the widget
 * @returns {{element: HTMLElement, show: (values: Record<string, number>) => void}}
 */
export function valueTable(names, text) {
  const cells = names.map((name) => /** @type {const} */ ([name, html("td")]));
  const rows = cells.map(([name, cell]) => html("tr", {},
    html("th", { scope: "row" }, text.names[name]), html("td", {}, symbolHtml(name)), cell));
  const head = [text.table_name, text.table_symbol, text.table_value]
    .map((title) => html("th", { scope: "col" }, title));
  const element = html("details", { class: "rnn-table" },
    html("summary", {}, text.table),
    html("table", {}, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...rows)));
  const show = (/** @type {Record<string, number>} */ values) => {
    for (const [name, cell] of cells) cell.textContent = fixed(values[name], 4);
  };
  return { element, show };
}
