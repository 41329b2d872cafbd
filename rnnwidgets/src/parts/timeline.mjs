// A slider over the steps of something whose length changes: arrow keys go step by step.

import { slider } from "./slider.mjs";

/**
 * @param {{id: string, name: string, symbol: Node, onInput: (step: number) => void, onChange: () => void}} options
 * @param {number} most steps of the longest
 * @returns {{element: HTMLElement, show: (step: number, last: number) => void}}
 */
export function timeline(options, most) {
  const { element, show } = slider({ ...options, colour: "plain", range: [1, most], step: 1, digits: 0 });
  element.classList.add("rnn-timeline");
  const [input] = element.getElementsByTagName("input");
  const [limits] = element.getElementsByClassName("rnn-limits");
  return {
    element,
    show: (step, last) => {
      input.max = String(last);
      show(step);
      limits.textContent = `1 … ${last}`;
      input.style.setProperty("--rnn-at", `${(100 * (step - 1)) / Math.max(1, last - 1)}%`);
    },
  };
}
