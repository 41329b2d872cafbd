// The figures that the widget's plan names, and what its messages claim.

import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUTS, PRESETS, STEPS, compute } from "../../rnnwidgets/src/memory_race/math.mjs";

const start = Object.fromEntries(Object.entries(INPUTS).map(([name, spec]) => [name, spec.start]));
const race = (inputs) => compute({ ...start, ...inputs });

test("after 20 steps each cell holds what was worked out beforehand", () => {
  assert.equal(race({ w: 1 }).rnn.toFixed(4), "0.2616");
  assert.equal(race({ w: 0.9 }).rnn.toFixed(4), "0.0632");
  assert.equal(race({ T: 1 }).lstm.toFixed(4), "0.9183");
  assert.equal(race({}).lstm.toFixed(4), "0.3648");
  assert.equal(race({ b_f: 0 }).lstm.toExponential(2), "1.75e-6");
});

test("with equal biases of 3 the GRU and the LSTM hold the same at every step", () => {
  const { traces } = race(PRESETS.one_bias);
  traces.gru.seen.forEach((h, at) => assert.ok(Math.abs(h - traces.lstm.seen[at]) < 1e-14));
});

test("biases of 0 halve what is kept, step by step", () => {
  const { traces } = race(PRESETS.half_open);
  for (const cell of ["gru", "lstm"]) {
    const { seen } = traces[cell];
    for (let at = 1; at < STEPS; at += 1) assert.ok(Math.abs(seen[at] / seen[at - 1] - 0.5) < 1e-12);
  }
});

test("a latched RNN no longer fades", () => {
  const { seen } = race(PRESETS.latch).traces.rnn;
  assert.ok(seen[STEPS - 1] > 0.8);
  assert.ok(Math.abs(seen[STEPS - 1] - seen[STEPS - 2]) < 1e-12);
});

test("a trained cell knows while it errs by less than 0.1, and its errors lie in their spread", () => {
  const { traces, knows, rnn } = race({ cells: "trained", first: "1", T: 20 });
  assert.equal(knows[0], Math.abs(rnn - 1) < 0.1);
  for (const { error } of Object.values(traces)) {
    assert.equal(error.mean.length, STEPS);
    error.mean.forEach((mean, at) => assert.ok(error.least[at] <= mean && mean <= error.largest[at]));
  }
});
