// A bar that stands on a zero line (positive) or hangs below it, striped (negative).

import { svg } from "./dom.mjs";
import { signed } from "./number_text.mjs";
import style from "./bar.css";
import { addStyle } from "./styles.mjs";

addStyle(style);

/**
 * @typedef {object} BarOptions
 * @property {string} gate colour class
 * @property {Node} symbol
 * @property {string} name
 * @property {number} x centre
 * @property {number} y height of the zero line
 * @property {number} width
 * @property {number} unit pixels for 1
 * @property {number} reach largest size of the value
 * @property {string} stripes id of the pattern for negative values
 */

/** @param {BarOptions} options
 * @returns {{element: SVGElement, show: (value: number) => void}} */
export function bar({ gate, symbol, name, x, y, width, unit, reach, stripes }) {
  const left = x - width / 2;
  const top = y - reach * unit;
  const bottom = y + reach * unit;
  const solid = svg("rect", { x: left, width, rx: 2, class: "rnn-bar" });
  const negative = svg("rect", { x: left, width, rx: 2, class: "rnn-stripes", fill: `url(#${stripes})` });
  const number = svg("text", { x, y: bottom + 19, class: "rnn-number" });
  const element = svg("g", { class: `rnn-${gate}` },
    svg("rect", { x: left, y: top, width, height: bottom - top, rx: 4, class: "rnn-slot" }),
    solid, negative,
    svg("line", { x1: left - 4, x2: left + width + 4, y1: y, y2: y, class: "rnn-zero" }),
    svg("text", { x, y: top - 21, class: "rnn-name" }, name),
    svg("text", { x, y: top - 6, class: "rnn-label" }, symbol),
    number);
  const show = (/** @type {number} */ value) => {
    const size = Math.min(Math.abs(value), reach) * unit;
    for (const rect of [solid, negative]) {
      rect.style.setProperty("y", `${value < 0 ? y : y - size}px`);
      rect.style.setProperty("height", `${size}px`);
    }
    negative.style.setProperty("opacity", value < 0 ? "1" : "0");
    number.textContent = signed(value, 2);
  };
  return { element, show };
}
