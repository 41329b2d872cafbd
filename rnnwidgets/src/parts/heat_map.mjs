// Cells whose depth of colour says how large a value is, each with its number printed.

import { html } from "./dom.mjs";
import { fixed } from "./number_text.mjs";
import style from "./heat_map.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

/**
 * @typedef {object} HeatMapOptions
 * @property {string} label for screen readers
 * @property {string} colour class
 * @property {string} out name of the result the cells print
 * @property {number} [digits]
 *
 * @typedef {{name: string, cells: readonly (number | null)[], marked?: boolean}} HeatRow values from 0 to 1
 */

/** @param {HeatMapOptions} options
 * @returns {{element: HTMLElement, show: (rows: HeatRow[], columns: readonly string[]) => void}} */
export function heatMap({ label, colour, out, digits = 2 }) {
  const head = html("tr");
  const body = html("tbody");
  const element = html("div", { class: `rnn-scroll rnn-${colour}`, tabindex: 0, role: "group", "aria-label": label },
    html("table", { class: "rnn-heat" }, html("thead", {}, head), body));
  const show = (/** @type {HeatRow[]} */ rows, /** @type {readonly string[]} */ columns) => {
    head.replaceChildren(html("td"), ...columns.map((name) => html("th", { scope: "col" }, name)));
    body.replaceChildren(...rows.map(({ name, cells, marked }, row) =>
      html("tr", { class: marked ? "rnn-marked" : undefined }, html("th", { scope: "row" }, name),
        ...cells.map((value, column) => html("td", value === null ? {} : {
          "data-out": `${out}.${row}.${column}`,
          style: `--rnn-depth: ${Math.round(100 * Math.min(1, Math.max(0, value)))}%`,
        }, value === null ? "–" : fixed(value, digits))))));
  };
  return { element, show };
}
