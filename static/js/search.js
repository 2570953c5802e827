// Arrow keys walk from the search box through the hits and back; Escape returns to the box.
const box = document.querySelector("#q");
const hits = () => [...document.querySelectorAll("#results a.hit-link")];

function move(event, step) {
  const stops = [box, ...hits()];
  const here = stops.indexOf(document.activeElement);
  const there = stops[here + step];
  if (here < 0 || !there) return;
  event.preventDefault();
  there.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown") move(event, 1);
  else if (event.key === "ArrowUp") move(event, -1);
  else if (event.key === "Escape" && hits().includes(document.activeElement)) box.focus();
});
