// Chooses among the cards of a page. Without it every card is shown.
const form = document.querySelector(".rnn-claim-filter");
const cards = [...document.querySelectorAll(".rnn-claim")];
const sections = [...document.querySelectorAll("section")].filter((part) =>
  part.querySelector(":scope > .rnn-claim"));

function choose() {
  const { note, topic, measured } = form.elements;
  for (const card of cards) {
    const { dataset } = card;
    card.hidden = (note.value && note.value !== dataset.note)
      || (topic.value && topic.value !== dataset.topic)
      || (measured.checked && !("measured" in dataset));
  }
  // A heading above nothing would only be in the way.
  for (const section of sections) {
    section.hidden = cards.every((card) => card.hidden || card.parentElement !== section);
  }
  const shown = cards.filter((card) => !card.hidden).length;
  form.querySelector("output").textContent = form.dataset.shown
    .replace("{shown}", shown).replace("{all}", cards.length);
}

// A link to a card shows it, whatever was chosen.
function follow() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target?.closest("[hidden]")) {
    form.reset();
    choose();
    target.scrollIntoView();
  }
}

if (form) {
  form.hidden = false;
  form.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", follow);
  addEventListener("pageshow", choose); // browsers restore choices
  choose();
}
