// What the form of a list asked in vain is marked at its fields.
const form = document.querySelector("#controls");
const problems = form ? [...form.querySelectorAll(".field-problem")] : [];

function mark(problem) {
  for (const field of form.querySelectorAll(`[aria-describedby="${problem.id}"]`)) {
    if (problem.textContent) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
}

function forget() {
  for (const problem of problems) problem.textContent = "";
}

// A field that holds what it cannot must be in sight for the browser to say so.
function show() {
  const filters = form.querySelector(".filters");
  if (filters.open) return;
  filters.open = true;
  form.reportValidity();
}

form?.addEventListener("htmx:validation:halted", show);
form?.addEventListener("htmx:beforeRequest", forget);
form?.addEventListener("htmx:afterRequest", () => problems.forEach(mark));
