// The values behind the picture: inputs and results are read from and written to the model
// together, so a notebook never sees one without the other.

import { clean, fromText, same, toText } from "./inputs.mjs";
import { committer, get, put } from "./model_access.mjs";

/** @typedef {import("./inputs.mjs").Values} Values */
/** @typedef {import("./inputs.mjs").InputSpec} InputSpec */

/**
 * @param {import("./model_access.mjs").Model} model
 * @param {{inputs: Record<string, InputSpec>, outputs: readonly string[], compute: (inputs: any) => Values}} widget
 */
export function widgetState(model, { inputs, outputs, compute }) {
  const names = Object.keys(inputs);
  const commit = committer(model);
  const read = () => Object.fromEntries(names.map((name) => [name, clean(inputs[name], get(model, name))]));
  const start = read();
  let last = { inputs: start, outputs: compute(start) };
  /** Inputs and results; computed again only after an input has changed. @returns {Values} */
  const values = () => {
    const now = read();
    if (!names.every((name) => same(now[name], last.inputs[name]))) last = { inputs: now, outputs: compute(now) };
    return { ...now, ...last.outputs };
  };
  const write = (/** @type {Values} */ wanted) => {
    for (const name of names) if (name in wanted) put(model, name, clean(inputs[name], wanted[name]));
    const all = values();
    for (const name of outputs) put(model, name, all[name]);
    commit.soon();
  };
  /** What differs from the start, as it stands in an address. */
  const changed = () => {
    const now = read();
    return Object.fromEntries(names.filter((name) => !same(now[name], start[name]))
      .map((name) => [name, toText(inputs[name], now[name])]));
  };
  /** The start with what an address asks for. @param {Record<string, string>} texts */
  const fromAddress = (texts) => {
    const asked = names.filter((name) => name in texts)
      .map((name) => /** @type {const} */ ([name, fromText(inputs[name], texts[name])]))
      .filter(([, value]) => value !== undefined);
    return { names: asked.map(([name]) => name), values: { ...start, ...Object.fromEntries(asked) } };
  };
  return { start, values, write, changed, fromAddress, commit };
}
