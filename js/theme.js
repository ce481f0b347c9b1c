//! Sets the theme, and whether single keys work, before anything is drawn: as a plain script in the head it delays the first
//! paint. A link may name the theme, and the height of the frame that an embed has to fit into.
{
  const root = document.documentElement;
  const link = new URLSearchParams(location.hash.slice(1));
  let theme = link.get("theme");
  if (!("embed" in root.dataset)) {
    try {
      theme ??= localStorage.getItem("parallelogram.theme");
      root.dataset.keys = localStorage.getItem("parallelogram.keys") ?? "on";
    } catch {
      // Storage may be blocked; then the defaults hold.
    }
  }
  if (theme !== "light" && theme !== "dark") theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = theme;
  if ("embed" in root.dataset && /^\d+$/.test(link.get("height") ?? "")) root.dataset.fit = "";
}
