// The list of a page: what its form asked in vain is marked at the field, and a list that could not be
// fetched is said to be missing.
const form = document.querySelector("form.controls[hx-get]");
const failed = document.querySelector("#list-failed");
const problems = form ? [...form.querySelectorAll(".field-problem")] : [];

function mark(problem) {
  for (const field of form.querySelectorAll(`[aria-describedby="${problem.id}"]`)) {
    field.toggleAttribute("aria-invalid", false);
    if (problem.textContent) field.setAttribute("aria-invalid", "true");
  }
}

function forget() {
  for (const problem of problems) problem.textContent = "";
  problems.forEach(mark);
  failed.hidden = true;
  failed.textContent = "";
}

function tell() {
  failed.hidden = false;
  failed.textContent = failed.dataset.text;
}

if (form) {
  form.addEventListener("htmx:beforeRequest", forget);
  form.addEventListener("htmx:afterRequest", () => problems.forEach(mark));
  for (const kind of ["responseError", "sendError", "timeout"]) form.addEventListener(`htmx:${kind}`, tell);
}
