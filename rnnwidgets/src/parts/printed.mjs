// One value as readers see it, by what the widget says about its look.

import FRAME from "../../messages/en/frame.json";
import { fixed, scientific, trimmed } from "./number_text.mjs";

/** @typedef {import("./controls.mjs").Look} Look */

/**
 * @param {any} value
 * @param {Look | undefined} look
 * @param {number} digits after the point, for numbers whose look says nothing else
 * @param {{labels?: Record<string, string>, short?: boolean}} [more] names of options; without zeros at the end
 */
export function printed(value, look, digits, { labels, short } = {}) {
  if (value === null) return "∞";
  if (typeof value === "boolean") return value ? FRAME.yes : FRAME.no;
  if (typeof value !== "number") return labels?.[String(value)] ?? String(value);
  if (look?.figures) return scientific(value, look.figures);
  if (look?.digits === 0) return fixed(value, 0);
  return short ? trimmed(value, digits) : fixed(value, digits);
}
