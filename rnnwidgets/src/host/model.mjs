// The model a static page gives to a widget: a Map with change events, no kernel.

/** @param {Record<string, unknown>} state */
export function staticModel(state) {
  const values = new Map(Object.entries(state));
  /** @type {Map<string, Set<Function>>} */
  const listeners = new Map();
  const emit = (/** @type {string} */ event, /** @type {unknown[]} */ ...rest) => {
    for (const callback of [...(listeners.get(event) ?? [])]) callback(...rest);
  };
  const model = {
    get: (/** @type {string} */ name) => values.get(name),
    set(/** @type {string} */ name, /** @type {unknown} */ value) {
      if (Object.is(values.get(name), value)) return;
      values.set(name, value);
      emit(`change:${name}`, model, value);
      emit("change", model);
    },
    on(/** @type {string} */ names, /** @type {Function} */ callback) {
      for (const name of names.split(/\s+/)) {
        listeners.set(name, (listeners.get(name) ?? new Set()).add(callback));
      }
    },
    off(/** @type {string | null} */ names = null, /** @type {Function | null} */ callback = null) {
      for (const name of names ? names.split(/\s+/) : [...listeners.keys()]) {
        if (callback) listeners.get(name)?.delete(callback);
        else listeners.delete(name);
      }
    },
    save_changes() {},
    send() {},
    widget_manager: {
      get_model: () => Promise.reject(new Error("a static page has no widget manager")),
    },
  };
  return model;
}
