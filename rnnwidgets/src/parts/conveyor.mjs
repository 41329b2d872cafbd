// A memory cell as a conveyor: a belt that carries the state, pipes, bars of what flows, and
// valves for the gates. A layout says where everything stands.

import { bar } from "./bar.mjs";
import conveyorStyle from "./conveyor.css";
import { svg } from "./dom.mjs";
import { stripesPattern } from "./stripes.mjs";
import { addStyle } from "./styles.mjs";
import { symbolText } from "./symbols.mjs";
import { valve } from "./valve.mjs";

addStyle(conveyorStyle);

const BAR_WIDTH = 36;

/**
 * Positions are [x, y]; the y of a bar is that of its zero line.
 * @typedef {object} Layout
 * @property {readonly number[]} size
 * @property {Record<string, readonly number[]>} bars
 * @property {Record<string, readonly number[]>} valves
 * @property {readonly (readonly number[])[]} plus
 * @property {readonly number[]} tanh
 * @property {string} belt
 * @property {readonly string[]} pipes
 * @property {readonly (readonly number[])[]} heads of arrows: x, y, turn
 * @property {readonly [number, number, string]} next where the name of the way out stands, and its message
 *
 * @typedef {object} Quantities
 * @property {string} belt its colour
 * @property {Record<string, readonly [number, string]>} bars largest size and colour
 * @property {Record<string, string>} valves colour
 * @property {Record<string, string>} [symbols] where it is not the name
 * @property {number} unit pixels for 1
 */

/** @param {readonly number[]} at @param {string} text @param {string} [kind] */
const node = ([x, y], text, kind = "") => svg("g", { class: `rnn-node ${kind}` },
  svg("circle", { cx: x, cy: y, r: kind ? 20 : 15 }), svg("text", { x, y: y + 5 }, text));

/** Belt, pipes and nodes, which never change.
 * @param {Layout} layout @param {string} colour @param {any} text */
const machinery = ({ plus, tanh, belt, pipes, heads, next }, colour, text) => [
  ...pipes.map((d) => svg("path", { d, class: "rnn-pipe" })),
  svg("path", { d: belt, class: `rnn-belt rnn-${colour}` }),
  svg("path", { d: belt, class: "rnn-belt-dashes" }),
  ...heads.map(([x, y, turn]) => svg("path",
    { d: "M-9 -7 L5 0 L-9 7 Z", class: "rnn-head", transform: `translate(${x} ${y}) rotate(${turn})` })),
  svg("text", { x: next[0], y: next[1], class: "rnn-next" }, text[next[2]]),
  ...plus.map((at) => node(at, "+")), node(tanh, "tanh", "rnn-tanh"),
];

/**
 * @param {"wide" | "narrow"} kind
 * @param {Layout} layout @param {Quantities} quantities
 * @param {{prefix: string, text: any}} stage
 * @returns {{element: SVGSVGElement, show: (values: Record<string, any>) => void, symbols: Record<string, Text>}}
 */
export function conveyor(kind, layout, { belt, bars, valves, symbols = {}, unit }, { prefix, text }) {
  /** @type {Record<string, (value: number) => void>} */
  const shows = {};
  const written = Object.fromEntries([...Object.keys(layout.bars), ...Object.keys(layout.valves)]
    .map((name) => [name, symbolText(name, symbols[name])]));
  const id = (/** @type {string} */ name) => `${prefix}-${kind}-${name}`;
  const element = svg("svg", {
    viewBox: `0 0 ${layout.size[0]} ${layout.size[1]}`, class: `rnn-picture rnn-picture-${kind}`, "aria-hidden": "true",
  }, svg("defs", {}, stripesPattern(id("stripes"))), ...machinery(layout, belt, text));
  for (const [name, [x, y]] of Object.entries(layout.bars)) {
    const [reach, gate] = bars[name];
    const one = bar({ gate, symbol: written[name], name: text.names[name], x, y, reach,
      width: BAR_WIDTH, unit, stripes: id("stripes") });
    shows[name] = one.show;
    element.append(one.element);
  }
  for (const [name, [x, y]] of Object.entries(layout.valves)) {
    const one = valve({ gate: valves[name], symbol: written[name], name: text.names[name], x, y, clip: id(`clip-${name}`) });
    shows[name] = one.show;
    element.append(one.element);
  }
  const show = (/** @type {Record<string, any>} */ values) => {
    for (const [name, one] of Object.entries(shows)) one(values[name]);
  };
  return { element, show, symbols: written };
}
