// Wakes the components of the kit, on the page and in what htmx brings later.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

// Forms take the way past the menu along in their address, and the next page would begin there: not at what it says.
window.addEventListener("hashchange", () => {
  if (window.location.hash === "#main-content") window.history.replaceState(null, "", window.location.href.split("#")[0]);
});

document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});

// News that htmx brings is said aloud, once: a live region that was itself replaced would not be heard.
const said = new Map();
const news = () =>
  [...document.querySelectorAll("[data-says]")].filter((it) => {
    const words = it.textContent.replace(/\s+/g, " ").trim();
    const isNew = said.get(it.dataset.says) !== words;
    said.set(it.dataset.says, words);
    return isNew;
  });
news();
document.addEventListener("htmx:afterSettle", () => {
  const words = news().map((it) => said.get(it.dataset.says));
  if (words.length) document.getElementById("page-said").textContent = words.join(" ");
});

// What htmx could not fetch is said aloud; the page and what is typed in it stay.
const say = (words) => {
  const notice = document.getElementById("page-notice");
  if (notice) notice.textContent = words;
};
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401) {
    say("You have been logged out. What you typed is still here: send it with its button, log in, and it goes on.");
  } else if (status === 429) {
    say("Too many requests. Wait a minute; what you typed is still here.");
  } else {
    say("This part of the page could not be brought up to date. What you typed is still here.");
  }
});
document.addEventListener("htmx:sendError", () => say("There is no connection. What you typed is still here."));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) say("");
});
