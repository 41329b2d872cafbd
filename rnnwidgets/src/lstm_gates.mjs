// Widget lstm-gates: five sliders move one LSTM step, shown as a conveyor, equations and a table.
// Contract: anywidget front-end module, `export default { render }`.

import { lstm_gates as TEXT } from "../messages/en.json";
import style from "./lstm_gates.css";
import { html, uniquePrefix } from "./dom.mjs";
import { equations } from "./equations.mjs";
import { hashState } from "./hash_state.mjs";
import { liveText } from "./live_text.mjs";
import { DEFAULTS, INPUTS, OUTPUTS, PRESETS, RANGES, cellUpdate, clampInput } from "./lstm_gates_math.mjs";
import { picture } from "./lstm_gates_picture.mjs";
import { committer, get, listen, put } from "./model_access.mjs";
import { fill, fixed } from "./number_text.mjs";
import { slider } from "./slider.mjs";
import { symbolHtml } from "./symbols.mjs";
import { valueTable } from "./value_table.mjs";

/** @typedef {import("./lstm_gates_math.mjs").Inputs} Inputs */
/** @typedef {import("./lstm_gates_math.mjs").InputName} InputName */
/** @typedef {import("./model_access.mjs").Model} Model */

const COLOUR = { c_prev: "c", f: "f", i: "i", g: "g", o: "o" };
const MOVING_MS = 320;

/** The reader's task is solved: a negative h behind a half closed output gate.
 * @param {Record<string, number>} values */
const solved = (values) => values.h < 0 && values.o < 0.5;

/** @param {Model} model @returns {Inputs} */
const readInputs = (model) => /** @type {Inputs} */ (
  Object.fromEntries(INPUTS.map((name) => [name, clampInput(name, get(model, name) ?? DEFAULTS[name])])));

/** Everything on the screen, and one function that shows a state.
 * @param {Record<InputName, ReturnType<typeof slider>>} sliders
 * @param {HTMLElement} buttons @param {string} prefix */
function buildView(sliders, buttons, prefix) {
  const views = [picture("wide", prefix, TEXT), picture("narrow", prefix, TEXT), equations(),
    valueTable([...INPUTS, ...OUTPUTS], TEXT)];
  const [wide, narrow, lines, table] = views.map((view) => view.element);
  const live = liveText();
  const task = html("p", { class: "rnn-task", "aria-live": "polite" }, TEXT.task);
  const root = html("section", { class: "rnn-w", tabindex: -1, "aria-labelledby": `${prefix}-title` },
    html("style", {}, style),
    html("p", { class: "rnn-title", id: `${prefix}-title` }, TEXT.title), task, buttons,
    html("div", { class: "rnn-body" },
      html("fieldset", { class: "rnn-controls" }, html("legend", {}, TEXT.controls),
        ...INPUTS.map((name) => sliders[name].element)),
      html("div", {}, wide, narrow)),
    lines, live.element, html("p", { class: "rnn-scale" }, TEXT.scale), table);
  const show = (/** @type {Record<string, number>} */ values, /** @type {string} */ note) => {
    for (const name of INPUTS) sliders[name].show(values[name]);
    for (const view of views) view.show(values);
    const short = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fixed(value, 2)]));
    const done = solved(values);
    task.toggleAttribute("data-done", done);
    const wanted = done ? TEXT.task_done : TEXT.task;
    if (task.textContent !== wanted) task.textContent = wanted;
    live.say(`${note} ${fill(TEXT.alt, short)}`.trim());
  };
  return { root, show, live };
}

/** @param {() => void} onReset @param {(name: keyof typeof PRESETS) => void} onPreset */
function buildButtons(onReset, onPreset) {
  const row = html("div", { class: "rnn-buttons", role: "group", "aria-label": TEXT.presets },
    html("span", { "aria-hidden": "true" }, TEXT.presets));
  const add = (/** @type {string} */ label, /** @type {string} */ kind, /** @type {() => void} */ act) => {
    const button = html("button", { type: "button", class: kind }, label);
    button.addEventListener("click", act);
    row.append(button);
  };
  for (const name of /** @type {(keyof typeof PRESETS)[]} */ (Object.keys(PRESETS))) {
    add(TEXT.presets_text[name].label, "rnn-preset", () => onPreset(name));
  }
  add(TEXT.reset, "rnn-reset", onReset);
  return row;
}

/** @param {string} prefix @param {(values: Partial<Inputs>) => void} onInput @param {() => void} onChange */
function buildSliders(prefix, onInput, onChange) {
  const one = (/** @type {InputName} */ name) => slider({
    id: `${prefix}-${name}`, gate: COLOUR[name], symbol: symbolHtml(name), name: TEXT.names[name],
    range: RANGES[name], onInput: (value) => onInput({ [name]: value }), onChange,
  });
  return /** @type {Record<InputName, ReturnType<typeof slider>>} */ (
    Object.fromEntries(INPUTS.map((name) => [name, one(name)])));
}

/** The cell behind the picture: reads and writes the model, inputs and results together.
 * @param {Model} model */
function cellOf(model) {
  const start = readInputs(model);
  const commit = committer(model);
  const read = () => readInputs(model);
  const write = (/** @type {Partial<Inputs>} */ values) => {
    for (const name of INPUTS) if (name in values) put(model, name, values[name]);
    const outputs = cellUpdate(read());
    for (const name of OUTPUTS) put(model, name, outputs[name]);
    commit.soon();
  };
  const changed = () => {
    const inputs = read();
    return Object.fromEntries(INPUTS.filter((name) => inputs[name] !== start[name])
      .map((name) => [name, inputs[name]]));
  };
  /** The start with some values replaced, each brought into its range. */
  const fromStart = (/** @type {Record<string, number>} */ values) => ({ ...start, ...Object.fromEntries(
    INPUTS.filter((name) => name in values).map((name) => [name, clampInput(name, values[name])])) });
  return { start, read, write, changed, fromStart, commit };
}

/** Run `draw` at most once per frame. @param {() => void} draw */
function oncePerFrame(draw) {
  let frame = 0;
  const run = () => {
    frame = 0;
    draw();
  };
  return { ask: () => { frame ||= requestAnimationFrame(run); }, stop: () => cancelAnimationFrame(frame) };
}

/** Let bars glide for a moment, where the reader accepts motion. @param {HTMLElement} root */
function glider(root) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const glide = () => {
    clearTimeout(timer);
    root.classList.add("rnn-moving");
    timer = setTimeout(() => root.classList.remove("rnn-moving"), MOVING_MS);
  };
  return { glide, stop: () => clearTimeout(timer) };
}

/** @param {{model: Model, el: HTMLElement}} context @returns {() => void} cleanup */
function render({ model, el }) {
  const prefix = uniquePrefix();
  const cell = cellOf(model);
  let note = "";
  const frame = oncePerFrame(() => draw());
  const change = (/** @type {Partial<Inputs>} */ values, text = "") => {
    note = text;
    cell.write(values);
    frame.ask();
  };
  const settle = () => {
    cell.commit.now();
    address.save(cell.changed());
  };
  const jump = (/** @type {Partial<Inputs>} */ values, text = "") => {
    motion.glide();
    change(values, text);
    settle();
  };
  const sliders = buildSliders(prefix, (values) => change(values), settle);
  const buttons = buildButtons(() => jump(cell.start), (name) => jump(PRESETS[name], TEXT.presets_text[name].note));
  const view = buildView(sliders, buttons, prefix);
  const motion = glider(view.root);
  const draw = () => view.show({ ...cell.read(), ...cellUpdate(cell.read()) }, note);
  el.append(view.root);
  const unlisten = listen(model, INPUTS, frame.ask);
  draw();
  const address = hashState(get(model, "id"), (values) => {
    change(cell.fromStart(values));
    cell.commit.now();
    view.root.scrollIntoView({ block: "nearest" });
    const asked = INPUTS.filter((name) => name in values);
    (asked.length === 1 ? sliders[asked[0]] : view.root).focus({ preventScroll: true });
  });
  const parts = [{ stop: unlisten }, cell.commit, address, view.live, motion, frame];
  return () => {
    for (const part of parts) part.stop();
    view.root.remove();
  };
}

export default { render };
