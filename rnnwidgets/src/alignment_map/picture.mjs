// The source as a row of tokens, the weights of the chosen step as bars above it, and below it one
// row of squares for each written token. Sizes carry the numbers; colour only repeats them.

import { html } from "../parts/dom.mjs";
import { fixed } from "../parts/number_text.mjs";
import { symbolHtml } from "../parts/symbols.mjs";
import { timeline } from "../parts/timeline.mjs";
import { INPUTS, shown } from "./math.mjs";

/** Weights below this many per cent have no number above their bar. */
const PRINTED = 5;

/** @param {string} token */
const visible = (token) => (token === " " ? "␣" : token);

/** @param {string} kind @param {string} [text] @param {number} [perCent] */
const cell = (kind, text = "", perCent = 0) =>
  html("div", { class: `rnn-${kind}`, style: perCent ? `--w:${perCent / 100}` : undefined }, text);

/** @param {number} perCent */
const share = (perCent) => (perCent === 100 ? "1" : fixed(perCent / 100, 2).slice(1));

/** The weights of one step, standing on what is read. @param {number[]} row */
const eyes = (row) => row.map((w) =>
  html("div", { class: "rnn-eye" }, ...(w ? [cell("p", w < PRINTED ? "" : share(w)), cell("beam", "", w)] : [])));

/** @param {import("../parts/frame.mjs").Stage} stage @returns {import("../parts/frame.mjs").View} */
export function alignment({ prefix, text, set, settle, jump }) {
  const map = html("div", { class: "rnn-align", "aria-hidden": "true" });
  const next = html("div", { class: "rnn-next" });
  const slider = timeline({ id: `${prefix}-t`, name: text.names.t, symbol: symbolHtml("t"), onInput: (t) => set({ t }), onChange: settle }, INPUTS.t.range[1]);
  const element = html("div", { class: "rnn-h" }, map, slider.element, next);
  map.addEventListener("click", (event) => {
    const t = /** @type {HTMLElement} */ (event.target).closest("[data-t]")?.getAttribute("data-t");
    if (t) jump({ t: Number(t) });
  });
  const show = (/** @type {any} */ values) => {
    const { tokens, rows, best, p, at, task } = shown(values);
    const names = best.map(([token]) => visible(token) || text.end);
    map.style.setProperty("--n", String(tokens.length));
    map.classList.toggle("rnn-words", task === "numbers");
    map.replaceChildren(
      html("div", { class: "rnn-row" }, cell("label"), ...eyes(rows[at])),
      html("div", { class: "rnn-row rnn-source" }, cell("label", `${text.reads} →\n${text.writes} ↓`), ...tokens.map((token) => cell("token", visible(token)))),
      ...rows.map((row, step) => html("div", { class: `rnn-row rnn-step${step === at ? " rnn-now" : ""}`, "data-t": step + 1 },
        cell("chip", names[step]), ...row.map((w) => cell("square", "", w)))));
    slider.show(at + 1, rows.length);
    next.replaceChildren(html("span", {}, text.next), ...best[at].map((token, rank) => html("div", { class: "rnn-candidate" },
      cell("chip", visible(token) || text.end), cell("share", "", p[at][rank]), cell("p", fixed(p[at][rank] / 100, 2)))));
  };
  return { element, show };
}
