// Runs anywidget modules on a static page. Two kinds of places: `div.afm-widget` from the
// {anywidget} directive, and widget outputs of executed notebooks. No kernel, no other host.

import TEXT from "../../messages/en/host.json";
import { decoded } from "../parts/hash_state.mjs";
import { staticModel } from "./model.mjs";

const NEAR = "600px";
const STATE = 'script[type="application/vnd.jupyter.widget-state+json"]';
const VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]';

/** @param {string} source */
async function importText(source) {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Browsers refuse to import modules from disk, so a classic script carries the text.
 * @param {string} address */
function importFromDisk(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address.replace(/\.js$/, ".txt.js");
    script.onload = () => resolve(importText(/** @type {any} */ (globalThis).rnnModuleTexts[address.split("/").pop() ?? ""]));
    script.onerror = () => reject(new Error(`cannot read ${script.src}`));
    document.head.append(script);
  });
}

/** @param {string} address */
const load = (address) => (location.protocol === "file:" ? importFromDisk(address) : import(address));

/** @param {HTMLElement} place @param {string} text */
function explain(place, text) {
  const line = document.createElement("p");
  line.className = "afm-message";
  line.textContent = text;
  place.prepend(line);
}

/** @param {string} css an address or the rules themselves */
function sheet(css) {
  if (css.includes("{")) return Object.assign(document.createElement("style"), { textContent: css });
  return Object.assign(document.createElement("link"), { rel: "stylesheet", href: css });
}

/**
 * @param {HTMLElement} place
 * @param {Record<string, unknown>} state
 * @param {Promise<any>} loading
 * @param {string} css
 */
async function mount(place, state, loading, css) {
  /** @type {ShadowRoot | undefined} */
  let root;
  try {
    const module = await loading;
    const widget = typeof module.default === "function" ? await module.default() : module.default;
    const model = staticModel(state);
    const { signal } = new AbortController();
    await widget.initialize?.({ model, signal });
    const el = Object.assign(document.createElement("div"), { style: "position: relative" });
    // From here on the shadow root hides the light children, which are the fallback.
    root = place.attachShadow({ mode: "open" });
    root.append(...(css ? [sheet(css)] : []), el);
    await widget.render({ model, el, signal });
    place.dataset.afmState = "ready";
  } catch (error) {
    root?.replaceChildren(document.createElement("slot"));
    place.dataset.afmState = "error";
    explain(place, TEXT.error);
    console.error(error);
  }
}

/** @type {WeakMap<Element, () => void>} */
const waiting = new WeakMap();
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) start(entry.target);
}, { rootMargin: NEAR });

/** @param {Element} place */
function start(place) {
  observer.unobserve(place);
  waiting.get(place)?.();
  waiting.delete(place);
}

/** @param {HTMLElement} place @param {() => void} run */
function whenNear(place, run) {
  place.dataset.afmState = "waiting";
  waiting.set(place, run);
  observer.observe(place);
}

/** A link like #w-gates=f:.5 names a widget that may still be far away.
 * @param {string} hash */
function goTo(hash) {
  for (const [, id] of decoded(hash).matchAll(/(?:^|&)w-([\w-]+)=/g)) {
    const place = document.getElementById(`w-${id}`);
    if (!place) continue;
    place.scrollIntoView({ block: "nearest" });
    start(place);
  }
}

/** @param {HTMLElement} place */
function startDirective(place) {
  const { esm = "", css = "" } = place.dataset;
  const address = new URL(esm, document.baseURI).href;
  const model = JSON.parse(place.querySelector("script")?.textContent ?? "{}");
  place.dataset.afmState = "loading";
  mount(place, model, load(address), css && new URL(css, document.baseURI).href);
}

/** @param {HTMLScriptElement} view @param {Record<string, any>} models */
function startOutput(view, models) {
  const place = document.createElement("div");
  place.className = "afm-output";
  view.after(place);
  const record = models[JSON.parse(view.textContent ?? "{}").model_id]?.state;
  if (!record?._esm) {
    place.dataset.afmState = "static";
    explain(place, TEXT.kernel_only);
    return;
  }
  const { _esm, _css, ...state } = record;
  whenNear(place, () => mount(place, state, importText(_esm), _css ?? ""));
}

for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".afm-widget"))) {
  whenNear(place, () => startDirective(place));
}
const states = [...document.querySelectorAll(STATE)].map((node) => JSON.parse(node.textContent ?? "{}").state);
const models = Object.assign({}, ...states);
for (const view of /** @type {NodeListOf<HTMLScriptElement>} */ (document.querySelectorAll(VIEW))) {
  startOutput(view, models);
}
addEventListener("hashchange", () => goTo(location.hash));
goTo(location.hash);
