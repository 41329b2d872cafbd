// The general live sentence: `text.alt` with numbers to two digits, choices by their labels.

import { fill } from "./number_text.mjs";
import { printed } from "./printed.mjs";

/** @param {any} text messages of the widget @param {Record<string, import("./controls.mjs").Look>} look
 * @returns {(values: Record<string, any>) => string} */
export const filledSentence = (text, look) => (values) => fill(text.alt, Object.fromEntries(
  Object.entries(values).map(([name, value]) =>
    [name, printed(value, look[name], look[name]?.digits ?? 2, { labels: text.choices?.[name] })])));
