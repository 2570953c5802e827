// Spotify's embedded player, created only when somebody presses play: before that, nothing is
// asked of Spotify.
const EMBED = "https://open.spotify.com/embed/track/";
const player = document.querySelector("#player");
const stage = player.querySelector("[data-stage]");
let opener = null;

function play(button) {
  const frame = document.createElement("iframe");
  frame.src = EMBED + encodeURIComponent(button.dataset.play);
  frame.title = button.getAttribute("aria-label");
  frame.allow = "autoplay; encrypted-media; clipboard-write";
  frame.referrerPolicy = "no-referrer";
  frame.width = "100%";
  frame.height = "80";
  stage.replaceChildren(frame);
  player.hidden = false;
  opener = button;
}

function close() {
  stage.replaceChildren();
  player.hidden = true;
  if (opener?.isConnected) opener.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-play]");
  if (button) play(button);
  else if (event.target.closest("[data-close-player]")) close();
});

player.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
