// The four ways in which a widget touches its model. Some static hosts throw on
// save_changes and off, and fire on every set; nothing outside this file has to know.

/**
 * @typedef {{get(name: string): any, set(name: string, value: any): void,
 *   on(name: string, callback: () => void): void,
 *   off(name: string, callback: () => void): void, save_changes(): void}} Model
 */

import { same } from "./inputs.mjs";

const COMMIT_MS = 60;

/** @param {Model} model @param {string} name */
export const get = (model, name) => model.get(name);

/** Write only what changed: some hosts notify even for equal values.
 * @param {Model} model @param {string} name @param {unknown} value */
export function put(model, name, value) {
  if (!same(model.get(name), value)) model.set(name, value);
}

/** Call `callback()` when one of the names changes; the result stops it.
 * @param {Model} model @param {readonly string[]} names @param {() => void} callback
 * @returns {() => void} */
export function listen(model, names, callback) {
  let active = true;
  const guarded = () => {
    if (active) callback();
  };
  for (const name of names) model.on(`change:${name}`, guarded);
  return () => {
    active = false;
    for (const name of names) {
      try {
        model.off(`change:${name}`, guarded);
      } catch {
        // A host without `off` keeps a listener that does nothing any more.
      }
    }
  };
}

/** Send changes to the kernel: at once when asked, else at most every 60 ms.
 * @param {Model} model
 * @returns {{soon: () => void, now: () => void, stop: () => void}} */
export function committer(model) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      model.save_changes();
    } catch (error) {
      if (!/not (yet )?implemented|not supported/i.test(String(error))) throw error;
    }
  };
  const soon = () => {
    timer ??= setTimeout(now, COMMIT_MS);
  };
  return { soon, now, stop: () => clearTimeout(timer) };
}
