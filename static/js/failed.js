// What could not be fetched is said to be missing, beside what asked for it, until it asks again.
function noticeOf(event) {
  return document.querySelector(`[data-failed="${event.detail.elt.id}"]`);
}

function forget(event) {
  const notice = noticeOf(event);
  if (!notice) return;
  notice.hidden = true;
  notice.textContent = "";
}

function tell(event) {
  const notice = noticeOf(event);
  if (!notice) return;
  notice.hidden = false;
  notice.textContent = notice.dataset.text;
}

document.addEventListener("htmx:beforeRequest", forget);
for (const kind of ["responseError", "sendError", "timeout"]) document.addEventListener(`htmx:${kind}`, tell);
