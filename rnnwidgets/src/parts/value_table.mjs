// Every number of the picture again as a table, for reading aloud and for copying.

import FRAME from "../../messages/en/frame.json";
import { html } from "./dom.mjs";
import { printed } from "./printed.mjs";
import { symbolHtml } from "./symbols.mjs";

/** @typedef {import("./inputs.mjs").Values} Values */
/**
 * A cell of text; `out` names the result it prints, like "weights.2" (tests read it).
 * @typedef {string | {text: string, out: string}} Cell
 * @typedef {{element: HTMLElement, show: (values: Values) => void}} View
 */

/** @param {string} title @param {HTMLElement} table */
const unfolding = (title, table) => html("details", { class: "rnn-table" },
  html("summary", {}, title), html("div", { class: "rnn-scroll", tabindex: 0, role: "group", "aria-label": title }, table));

/** @param {readonly (Node | string)[]} titles */
const headRow = (titles) => html("thead", {},
  html("tr", {}, ...titles.map((title) => html("th", { scope: "col" }, title))));

/** One row for each quantity: name, symbol, value.
 * @param {readonly string[]} names
 * @param {any} text messages of the widget
 * @param {Record<string, import("./controls.mjs").Look | undefined>} [look]
 * @returns {View}
 */
export function valueTable(names, text, look = {}) {
  const cells = names.map((name) => /** @type {const} */ ([name, html("td", { "data-out": name })]));
  const rows = cells.map(([name, cell]) => html("tr", {},
    html("th", { scope: "row" }, text.names[name]), html("td", {}, symbolHtml(name, look[name]?.symbol)), cell));
  const element = unfolding(FRAME.table, html("table", {},
    headRow([FRAME.table_name, FRAME.table_symbol, FRAME.table_value]), html("tbody", {}, ...rows)));
  const show = (/** @type {Values} */ values) => {
    for (const [name, cell] of cells) {
      cell.textContent = printed(values[name], look[name], 4, { labels: text.choices?.[name] });
    }
  };
  return { element, show };
}

/** Rows and columns of the widget's own; as many rows as the state has.
 * @param {readonly (Node | string)[]} head
 * @param {(values: Values) => readonly (readonly Cell[])[]} rowsOf the first cell names the row
 * @param {string} [title]
 * @returns {View}
 */
export function dataTable(head, rowsOf, title = FRAME.table) {
  const body = html("tbody");
  const element = unfolding(title, html("table", { class: "rnn-data" }, headRow(head), body));
  const fillCell = (/** @type {Element} */ node, /** @type {Cell} */ cell) => {
    const text = typeof cell === "string" ? cell : cell.text;
    if (node.textContent !== text) node.textContent = text;
    if (typeof cell !== "string") node.setAttribute("data-out", cell.out);
    else node.removeAttribute("data-out");
  };
  const show = (/** @type {Values} */ values) => {
    const rows = rowsOf(values);
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((cells, at) => {
      const row = body.rows[at] ?? body.appendChild(html("tr"));
      // A row without a name has no header cell: an empty one would name nothing.
      const first = cells[0] ? "TH" : "TD";
      if (row.cells.length !== cells.length || row.cells[0].tagName !== first) {
        row.replaceChildren(first === "TH" ? html("th", { scope: "row" }) : html("td"),
          ...cells.slice(1).map(() => html("td")));
      }
      cells.forEach((cell, column) => fillCell(row.cells[column], cell));
    });
  };
  return { element, show };
}
