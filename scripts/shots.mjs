// Pictures of the page in shots/: three widths, both themes, all scenes; and of embeds. To be looked at, beside the design.
import { fileURLToPath } from "node:url";
import { DIST, launch, load } from "./browser.mjs";
import { serve } from "./serve.mjs";

const SHOTS = fileURLToPath(new URL("../shots/", import.meta.url));
const SIZES = [[1440, 900], [700, 1000], [360, 780]];
const THEMES = ["light", "dark"];
const SCENES = {
  rest: async () => {},
  half: async (page) => {
    await page.getByTestId("playhead").focus();
    await page.keyboard.press("Home");
    for (let n = 0; n < 5; n++) await page.keyboard.press("ArrowRight");
    await page.getByTestId("row-t4").click();
  },
  end: async (page) => {
    await page.getByTestId("run").click();
    await page.clock.runFor(3000);
  },
  settings: async (page) => {
    await page.evaluate(() => window.__playground.load(`id: orders
namespace: company.team
inputs:
  - {id: day, type: DATE}
  - {id: rows, type: INT, min: 1, max: 9}
tasks:
  - {id: query, type: io.kestra.plugin.jdbc.Query}
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ outputs.query.rows }}"
    concurrencyLimit: 2
    tasks:
      - {id: work, type: io.kestra.plugin.core.flow.Sleep, duration: PT2S}
  - {id: again, type: io.kestra.plugin.core.execution.Fail, allowFailure: true, retry: {type: constant, interval: PT1S, maxAttempt: 3}}
  - {id: ask, type: io.kestra.plugin.core.flow.Pause}
`));
    await page.getByTestId("open-settings").click();
  },
  slots: (page) => page.evaluate(() => document.querySelector("[data-testid=view-slots]").click()),
  curve: (page) => page.evaluate(() => document.querySelector("[data-testid=panel-curve]").click()),
  thousand: (page) => page.evaluate(() => window.__playground.load(
    "id: thousand\nnamespace: company.team\ntasks:\n  - id: parent\n    type: io.kestra.plugin.core.flow.Parallel\n    concurrent: 20\n    tasks:\n" +
    Array.from({ length: 1000 }, (_, n) => `      - {id: t${n}, type: io.kestra.plugin.core.flow.Sleep, duration: PT${1 + n * 7 % 5}S}`).join("\n"))),
  nested: async (page) => {
    await page.getByTestId("examples").click();
    await page.getByTestId("example-release-flat").click();
    await page.evaluate(() => document.querySelector("[role=row]:nth-of-type(3)")?.click());
  },
  broken: (page) => page.evaluate(() => {
    const { load, text } = window.__playground;
    return load(text().replace("    concurrent: 3", "   concurrent: 3"));
  }),
};

/** What stands in a frame of another page: path and size. */
const EMBEDS = { wide: ["embed.html#t=0.5s&sel=t4", 700, 420], narrow: ["embed.html", 360, 480], code: ["embed.html#code=open", 700, 620], slots: ["embed.html#example=sequential&view=slots", 700, 420] };

const server = await serve(DIST);
const browser = await launch();
for (const [width, height] of SIZES) {
  for (const colorScheme of THEMES) {
    for (const [scene, play] of Object.entries(SCENES)) {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await load(page, `http://127.0.0.1:${server.address().port}/`);
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await play(page);
      await page.clock.runFor(100); // The editor measures its lines.
      await page.screenshot({ path: `${SHOTS}${scene}-${width}-${colorScheme}.png` });
      await page.close();
    }
  }
}
for (const [name, [path, width, height]] of Object.entries(EMBEDS)) {
  for (const colorScheme of THEMES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await load(page, `http://127.0.0.1:${server.address().port}/${path}`);
    await page.clock.runFor(500);
    await page.screenshot({ path: `${SHOTS}embed-${name}-${colorScheme}.png` });
    await page.close();
  }
}
await browser.close();
server.closeAllConnections();
server.close();
console.log(`shots: ${THEMES.length * (SIZES.length * Object.keys(SCENES).length + Object.keys(EMBEDS).length)} pictures in shots/`);
