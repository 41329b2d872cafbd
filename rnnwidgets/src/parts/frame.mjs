// What all widgets share: title, task, examples, controls, picture, sentence, table; the state in
// the model and in the address; one drawing per frame; and a way to leave nothing behind.
// A widget says what it is (see Widget below) and gets a module for any anywidget host.

import base from "./base.css";
import { buttonRow } from "./buttons.mjs";
import { controlPanel } from "./controls.mjs";
import { html, uniquePrefix } from "./dom.mjs";
import { hashState } from "./hash_state.mjs";
import { liveText } from "./live_text.mjs";
import { get, listen } from "./model_access.mjs";
import { glider, oncePerFrame } from "./motion.mjs";
import { widgetState } from "./state.mjs";
import { partStyles } from "./styles.mjs";

/** @typedef {import("./inputs.mjs").Values} Values */
/** @typedef {import("./model_access.mjs").Model} Model */
/** @typedef {{element: Element, show: (values: Values) => void, stop?: () => void}} View */
/**
 * What a picture needs to change the state.
 * @typedef {object} Stage
 * @property {string} prefix for ids
 * @property {any} text messages of the widget
 * @property {(values: Values) => void} set while something moves
 * @property {() => void} settle when it rests: address and kernel follow
 * @property {(values: Values, note?: string) => void} jump set and settle, gliding
 *
 * @typedef {object} Widget
 * @property {any} text messages: title, task, task_done, controls, names, presets, choices, groups, units, alt, hint
 * @property {string} [style] rules of this widget, after base.css
 * @property {Record<string, import("./inputs.mjs").InputSpec>} inputs
 * @property {readonly string[]} outputs names of the results that go to the model
 * @property {(inputs: any) => Values} compute pure arithmetic: inputs to results
 * @property {Record<string, Values>} [presets] inputs each example changes
 * @property {Record<string, import("./controls.mjs").Look>} [look]
 * @property {import("./controls.mjs").Makers} [controls] radioGroup, selectList, checkBox, textField: those it needs
 * @property {Record<string, readonly string[]>} [groups] inputs by group of controls
 * @property {"wide"} [layout] wide: controls stay above the picture on middling widths
 * @property {(stage: Stage) => {picture?: View[], below?: View[], table: View}} views; the table is valueTable or dataTable
 * @property {(values: Values) => string} sentence what is said after a pause: filledSentence(text, look), or your own
 * @property {(values: Values) => boolean} [solved] has the reader done the task
 */

/** The line with the task, which changes when it is solved. The place for the longer of its two
 * texts is kept free: nothing may jump while a hand drags. @param {Widget} widget */
function taskLine({ text, solved }) {
  const [longer] = [text.task, text.task_done ?? ""].sort((one, other) => other.length - one.length);
  const words = html("span", {}, text.task);
  const element = html("p", { class: "rnn-task", "aria-live": "polite", "data-place": longer }, words);
  const show = (/** @type {Values} */ values) => {
    const done = Boolean(solved?.(values));
    element.toggleAttribute("data-done", done);
    const wanted = done ? text.task_done : text.task;
    if (words.textContent !== wanted) words.textContent = wanted;
  };
  return { element, show };
}

/** Everything on the screen, and one function that shows a state.
 * @param {Widget} widget @param {Stage} stage
 * @param {ReturnType<typeof controlPanel>} panel @param {HTMLElement} buttons */
function section(widget, stage, panel, buttons) {
  const { text, style = "", layout = "side" } = widget;
  const { picture = [], below = [], table } = widget.views(stage);
  const task = taskLine(widget);
  const live = liveText();
  const elements = (/** @type {View[]} */ views) => views.map((view) => view.element);
  const root = html("section", { class: `rnn-w rnn-${layout}`, tabindex: -1, "aria-labelledby": `${stage.prefix}-title` },
    html("style", {}, `${base}${partStyles()}${style}`),
    html("p", { class: "rnn-title", id: `${stage.prefix}-title` }, text.title), task.element, buttons,
    html("div", { class: "rnn-body" }, panel.element, html("div", { class: "rnn-stage" }, ...elements(picture))),
    ...elements(below), live.element,
    ...(text.hint ? [html("p", { class: "rnn-hint" }, text.hint)] : []), table.element);
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const views = [panel, task, ...picture, ...below, table];
  const show = (/** @type {Values} */ values, /** @type {string} */ note) => {
    for (const view of views) view.show(values);
    live.say(`${note} ${widget.sentence(values)}`.trim());
  };
  const stop = () => {
    live.stop();
    for (const view of [...picture, ...below]) view.stop?.();
  };
  return { root, show, stop };
}

/** Bring the widget into view and the focus to what a link has set.
 * @param {HTMLElement} root @param {{focus: (how: FocusOptions) => void} | undefined} control */
function goTo(root, control) {
  root.scrollIntoView({ block: "nearest" });
  (control ?? root).focus({ preventScroll: true });
}

/** @param {Widget} widget @param {{model: Model, el: HTMLElement}} context @returns {() => void} cleanup */
function render(widget, { model, el }) {
  const { text, inputs, presets = {}, look = {} } = widget;
  const prefix = uniquePrefix();
  const state = widgetState(model, widget);
  let note = "";
  const frame = oncePerFrame(() => view.show(state.values(), note));
  const set = (/** @type {Values} */ values, words = "") => {
    note = words;
    state.write(values);
    frame.ask();
  };
  const settle = () => {
    state.commit.now();
    address.save(state.changed());
  };
  const jump = (/** @type {Values} */ values, words = "") => {
    motion.glide();
    set(values, words);
    settle();
  };
  const hooks = (/** @type {string} */ name) =>
    ({ id: `${prefix}-${name}`, onInput: (/** @type {any} */ value) => set({ [name]: value }), onChange: settle });
  const panel = controlPanel({ ...widget, look }, hooks);
  const buttons = buttonRow(Object.keys(presets), text, (name) => jump(presets[name], text.presets[name].note), () => jump(state.start));
  const view = section(widget, { prefix, text, set: (values) => set(values), settle, jump }, panel, buttons);
  el.append(view.root);
  const motion = glider(view.root);
  view.show(state.values(), "");
  const unlisten = listen(model, Object.keys(inputs), frame.ask);
  const address = hashState(get(model, "id"), (texts) => {
    const { names, values } = state.fromAddress(texts);
    set(values);
    state.commit.now();
    goTo(view.root, names.length === 1 ? panel.controls[names[0]] : undefined);
  });
  return () => {
    for (const part of [{ stop: unlisten }, state.commit, address, view, motion, frame]) part.stop();
    view.root.remove();
  };
}

/** A module for any anywidget host. @param {Widget} widget */
export const framed = (widget) => ({
  render: (/** @type {{model: Model, el: HTMLElement}} */ context) => render(widget, context),
});
