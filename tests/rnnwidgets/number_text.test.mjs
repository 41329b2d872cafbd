// Numbers are printed the way readers expect.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, fixed, signed } from "../../rnnwidgets/src/number_text.mjs";

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
