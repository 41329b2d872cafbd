// Numbers as readers see them: a real minus sign, and never "-0.00".

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * @param {number} value
 * @param {number} digits digits after the point
 * @returns {string}
 */
export function fixed(value, digits) {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
}

/** The same with a plus sign in front of positive numbers.
 * @param {number} value
 * @param {number} digits
 */
export function signed(value, digits) {
  const text = fixed(value, digits);
  return Number(value.toFixed(digits)) > 0 ? `+${text}` : text;
}

/** The same without zeros at the end, but with two digits at least; whole numbers stay whole.
 * @param {number} value @param {number} digits */
export const trimmed = (value, digits) => fixed(value, digits).replace(/(\.\d\d)(\d*?)0+$/, "$1$2");

/** As few digits as the number has. @param {number} value */
export const plain = (value) => String(value).replace("-", "\u2212");

/** @param {number} exponent */
export const power = (exponent) => `10${exponent < 0 ? "⁻" : ""}${
  [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;

/** For values over many sizes: 0.1216, 3325, 9.54 × 10⁻⁷.
 * @param {number} value
 * @param {number} [figures] figures that count
 */
export function scientific(value, figures = 4) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const exponentOf = Math.floor(Math.log10(size));
  if (exponentOf >= -3 && exponentOf < Math.max(figures, 4)) return fixed(value, Math.max(0, figures - 1 - exponentOf));
  const [digits, exponent] = value.toExponential(figures - 1).split("e");
  return `${digits.replace("-", "\u2212")} × ${power(Number(exponent))}`;
}

/**
 * Fill `{name}` places of a message.
 * @param {string} template
 * @param {Record<string, string>} values
 */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
