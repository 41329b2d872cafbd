// Numbers are printed the way readers expect.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, fixed, scientific, signed, trimmed } from "../../rnnwidgets/src/parts/number_text.mjs";

test("a negative number has a real minus sign and zero has none", () => {
  assert.equal(fixed(-0.42, 2), "\u22120.42");
  assert.equal(fixed(-0.001, 2), "0.00");
  assert.equal(fixed(-0, 1), "0.0");
});

test("a signed number shows its sign unless it rounds to zero", () => {
  assert.equal(signed(0.42, 2), "+0.42");
  assert.equal(signed(-0.42, 2), "\u22120.42");
  assert.equal(signed(0.001, 2), "0.00");
});

test("messages are filled by name and unknown names stay visible", () => {
  assert.equal(fill("{h} of {c} and {x}", { c: "1", h: "2" }), "2 of 1 and {x}");
});

test("numbers of all sizes keep the figures that count", () => {
  assert.equal(scientific(0.1216, 4), "0.1216");
  assert.equal(scientific(0.0275, 2), "0.028");
  assert.equal(scientific(3325.3, 4), "3325");
  assert.equal(scientific(-9.5367e-7, 3), "\u22129.54 × 10⁻⁷");
  assert.equal(scientific(1.234e12, 2), "1.2 × 10¹²");
  assert.equal(scientific(0), "0");
});

test("zeros at the end go, but two digits stay", () => {
  assert.equal(trimmed(1.3, 4), "1.30");
  assert.equal(trimmed(0.1216, 4), "0.1216");
  assert.equal(trimmed(-0.00001, 4), "0.00");
});
