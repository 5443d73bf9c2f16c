// Joins a button [data-passkey] to the library's passkey forms, without any script in the page,
// and says in words when a key was not read.

const button = document.querySelector("[data-passkey]");
const forms = window.allauth?.webauthn?.forms;
const show = (name, shown) => {
  const note = document.querySelector(`[data-passkey-${name}]`);
  if (note) note.hidden = !shown;
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  show("failed", true);
  button?.focus();
});

if (button) {
  if (forms && window.PublicKeyCredential) {
    const { passkey, passkeyCredential, passkeyData, passkeyAlone } = button.dataset;
    forms[passkey]({
      ids: {
        add: button.id, login: button.id, authenticate: button.id,
        credential: passkeyCredential, data: passkeyData, passwordless: passkeyAlone,
      },
    });
    button.hidden = false;
    button.addEventListener("click", () => show("failed", false));
  } else {
    show("missing", true);
  }
}
