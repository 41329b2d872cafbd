// A round sluice in a pipe: two jaws leave a gap as high as the gate is open.

import { svg } from "./dom.mjs";
import { fixed } from "./number_text.mjs";

const RADIUS = 21;

/**
 * @param {{gate: string, symbol: Node, name: string, x: number, y: number, clip: string}} options
 * @returns {{element: SVGElement, show: (value: number) => void}}
 */
export function valve({ gate, symbol, name, x, y, clip }) {
  const upper = svg("rect", { x: x - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: RADIUS, class: "rnn-jaw" });
  const lower = svg("rect", { x: x - RADIUS, y, width: 2 * RADIUS, height: RADIUS, class: "rnn-jaw" });
  const number = svg("text", { x, y: y + RADIUS + 19, class: "rnn-number" });
  const element = svg("g", { class: `rnn-${gate}` },
    svg("clipPath", { id: clip }, svg("circle", { cx: x, cy: y, r: RADIUS })),
    svg("g", { "clip-path": `url(#${clip})` }, upper, lower),
    svg("circle", { cx: x, cy: y, r: RADIUS, class: "rnn-ring" }),
    svg("text", { x, y: y - RADIUS - 23, class: "rnn-name" }, name),
    svg("text", { x, y: y - RADIUS - 8, class: "rnn-label" }, symbol),
    number);
  const show = (/** @type {number} */ value) => {
    upper.style.setProperty("transform", `translateY(${-RADIUS * value}px)`);
    lower.style.setProperty("transform", `translateY(${RADIUS * value}px)`);
    number.textContent = fixed(value, 2);
  };
  return { element, show };
}
