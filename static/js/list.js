// The form of a list: what it asked in vain is marked at its fields, and what would do nothing is idle.
// Its fields may come later: they are fetched when somebody opens them.
const form = document.querySelector("#controls");
const problems = () => [...form.querySelectorAll(".field-problem")];

function mark(problem) {
  for (const field of form.querySelectorAll(`[aria-describedby="${problem.id}"]`)) {
    if (problem.textContent) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function forget(event) {
  if (event.target === form) for (const problem of problems()) problem.textContent = "";
}

// A field that holds what it cannot must be in sight for the browser to say so.
function show() {
  const filters = form.querySelector(".filters");
  if (filters.open) return;
  filters.open = true;
  form.reportValidity();
}

function idle() {
  const blend = form.querySelector("[name=blend]:checked");
  for (const field of form.querySelectorAll("[data-idle-with]")) {
    field.disabled = field.dataset.idleWith === blend?.value;
  }
}

form?.addEventListener("change", idle, { capture: true });
form?.addEventListener("htmx:validation:halted", show);
form?.addEventListener("htmx:beforeRequest", forget);
form?.addEventListener("htmx:afterRequest", () => problems().forEach(mark));

// A button that changes the mix is gone with its row: the focus goes to the one that takes its place. The
// settings send the mix along, too.
const change = document.querySelector("#mix-change");
const buttons = (name) => [...document.querySelectorAll(`button[form="mix-change"][name="${name}"]`)];
let pressed = null;

change?.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent.submitter;
  pressed = { name: button.name, place: buttons(button.name).indexOf(button) };
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!pressed || event.detail.elt.id !== "mix-list") return;
  for (const field of form.querySelectorAll("[type=hidden]")) field.remove();
  form.prepend(...[...change.querySelectorAll("[name=seed], [name=avoid]")].map((field) => field.cloneNode()));
  const left = buttons(pressed.name);
  const next = left[Math.min(pressed.place, left.length - 1)] ?? document.querySelector("#mix-q");
  next.focus({ preventScroll: true });
  pressed = null;
});
