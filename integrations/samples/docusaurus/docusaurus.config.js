import remarkFlow from "parallelogram/remark";

export default {
  title: "A sample",
  url: "https://docs.example",
  baseUrl: "/a/b/",
  plugins: ["parallelogram/docusaurus"],
  presets: [["classic", {
    blog: false,
    docs: { path: process.env.PAGES ?? "docs", routeBasePath: "/", remarkPlugins: [remarkFlow] },
  }]],
};
