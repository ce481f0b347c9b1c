//! The theme, set before anything is drawn: as a plain script in the head it holds the first picture back.
{
  let theme;
  try {
    theme = localStorage.getItem("parallelogram.theme");
  } catch {
    // Storage may be blocked: then nothing was chosen.
  }
  if (theme !== "light" && theme !== "dark") theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
}
