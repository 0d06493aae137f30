// Makes the editing pages quicker; each step works without it.

// A contact goes in where the cursor is, instead of at the end of the text after a round to the server.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-insert]");
  if (!button) return;
  const id = button.dataset.insert;
  const text = document.getElementById(id);
  const option = document.getElementById(`contact-${id}`).selectedOptions[0];
  if (!text || !option) return;
  event.preventDefault();
  text.focus();
  text.setRangeText(option.dataset.token, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

// What reads aloud is left alone when it would say the same again.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  const words = (node) => node.textContent.replace(/\s+/g, " ").trim();
  if (target.id === "glance" && words(target) === words(fragment)) event.detail.shouldSwap = false;
});

// The times of each day show only when they are asked for.
const showTimes = () => {
  const chosen = document.querySelector("input[data-shows]");
  if (chosen) document.getElementById(chosen.dataset.shows).hidden = !chosen.checked;
};
document.addEventListener("change", (event) => {
  if (event.target.name === "hours") showTimes();
});
showTimes();

// The browser asks before a page with unsaved words is left.
let unsaved = document.querySelector("form[data-unsaved=changed]") !== null;
document.addEventListener("input", (event) => {
  if (event.target.closest("form[data-unsaved]")) unsaved = true;
});
document.addEventListener("submit", (event) => {
  if (event.target.closest("form[data-unsaved]")) unsaved = false;
});
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
