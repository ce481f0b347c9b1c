//! The theme and whether single keys work, set before anything is drawn: as a plain script in the head it holds the first picture back. A link may name it;
//! it also says whether an embed stands in a frame of a given height.
{
  const root = document.documentElement;
  const link = new URLSearchParams(location.hash.slice(1));
  let theme = link.get("theme");
  if (!("embed" in root.dataset)) {
    try {
      theme ??= localStorage.getItem("parallelogram.theme");
      root.dataset.keys = localStorage.getItem("parallelogram.keys") ?? "on";
    } catch {
      // Storage may be blocked: then nothing was chosen.
    }
  }
  if (theme !== "light" && theme !== "dark") theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = theme;
  if ("embed" in root.dataset && /^\d+$/.test(link.get("height") ?? "")) root.dataset.fit = "";
}
