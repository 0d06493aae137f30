// Passkeys: asks the browser for one, and sends its answer with the form. Where it cannot, the forms stay hidden.
(() => {
  const kind = window.PublicKeyCredential;
  const can = kind && kind.parseCreationOptionsFromJSON && kind.parseRequestOptionsFromJSON && kind.prototype.toJSON;
  if (!can) return;

  const ask = (form) => {
    const options = JSON.parse(form.dataset.options);
    return form.dataset.passkey === "create"
      ? navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(options) });
  };

  for (const note of document.querySelectorAll("[data-passkey-cannot]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const complaint = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      complaint.textContent = "";
      try {
        const credential = await ask(form);
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit(); // without asking again
      } catch (error) {
        const known = error.name === "InvalidStateError" && form.dataset.known;
        complaint.textContent = known || form.dataset.failed;
      }
    });
  }
})();
