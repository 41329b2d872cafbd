// What an input may be, and how it is read from a model or an address. Pure: no DOM.
// The kind follows from the declaration: {range, start} is a number, with `step: 1` a whole one;
// {range, start: [...]} a list of numbers; {options, start} a choice; {start: true} a toggle;
// {start: "text", max, pattern} a short text.

/**
 * @typedef {object} InputSpec
 * @property {any} start
 * @property {readonly number[]} [range]
 * @property {number} [step]
 * @property {readonly string[]} [options]
 * @property {number} [max] most characters of a text
 * @property {string} [pattern] regular expression for a whole text
 *
 * @typedef {Record<string, any>} Values
 */

/** @param {InputSpec} spec @returns {"choice" | "list" | "toggle" | "text" | "number"} */
export function kindOf({ options, start }) {
  if (options) return "choice";
  if (Array.isArray(start)) return "list";
  if (typeof start === "boolean") return "toggle";
  return typeof start === "string" ? "text" : "number";
}

/** @param {InputSpec} spec @param {unknown} value @param {number} start */
function cleanNumber({ range = [-Infinity, Infinity], step }, value, start) {
  if (value === null || value === "" || !Number.isFinite(Number(value))) return start;
  const inside = Math.min(range[1], Math.max(range[0], Number(value)));
  return step === 1 ? Math.round(inside) : inside;
}

/** The nearest allowed value; the start value where there is none near.
 * @param {InputSpec} spec @param {any} value @returns {any} */
export function clean(spec, value) {
  const { start, options, max = 0, pattern = "" } = spec;
  switch (kindOf(spec)) {
    case "choice": return options?.includes(value) ? value : start;
    case "toggle": return typeof value === "boolean" ? value : start;
    case "text": return typeof value === "string" && value.length <= max
      && new RegExp(`^(?:${pattern})$`, "u").test(value) ? value : start;
    case "list": return start.map((/** @type {number} */ one, /** @type {number} */ at) =>
      cleanNumber(spec, value?.[at], one));
    default: return cleanNumber(spec, value, start);
  }
}

/** @param {unknown} number */
const shortNumber = (number) => String(number).replace(/^(-?)0\./, "$1.");

/** A value as it stands in an address. @param {InputSpec} spec @param {any} value */
export function toText(spec, value) {
  switch (kindOf(spec)) {
    case "toggle": return value ? "1" : "0";
    case "list": return value.map(shortNumber).join(";");
    case "number": return shortNumber(value);
    default: return encodeURIComponent(value);
  }
}

/** The value an address asks for; undefined when it makes no sense.
 * @param {InputSpec} spec @param {string} text @returns {any} */
export function fromText(spec, text) {
  const isNumber = (/** @type {string} */ part) => part !== "" && Number.isFinite(Number(part));
  switch (kindOf(spec)) {
    case "toggle": return text === "1" ? true : text === "0" ? false : undefined;
    case "choice": return spec.options?.includes(text) ? text : undefined;
    case "text": return clean(spec, text) === text ? text : undefined;
    case "list": {
      const parts = text.split(";");
      const good = parts.length === spec.start.length && parts.every(isNumber);
      return good ? clean(spec, parts.map(Number)) : undefined;
    }
    default: return isNumber(text) ? clean(spec, Number(text)) : undefined;
  }
}

/** Equal as JSON values are. @param {unknown} one @param {unknown} other */
export const same = (one, other) => Object.is(one, other)
  || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
