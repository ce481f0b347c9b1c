// What the page keeps on `globalThis`, and the module that wasm-bindgen makes: for the type checker alone.

/** The text in the editor: `bridge.js`. */
declare function parallelogramText(): string;

/** The catalog of the language of the page, once it is there; `undefined` for English: `language.js`. */
declare var parallelogramCatalog: Promise<string> | undefined;

/** A message in the language of the page, with texts in its holes: `tr("Saved {file}", { file })`. See `language.js`. */
declare function tr(text: string, holes?: Record<string, unknown>): string;

interface Window {
  /** The hook for measuring and tests: `bridge.js`. */
  __playground: {
    ready: Promise<void>;
    load(yaml: string): Promise<{ parseMs: number; simulateMs: number; drawMs: number }>;
    text(): string;
    svg(): string;
  };
}

declare module "*/web.js" {
  export default function init(options: { module_or_path: URL }): Promise<unknown>;
}

declare module "*.po" {
  const text: string;
  export default text;
}

declare module "*.md" {
  const text: string;
  export default text;
}

interface Navigator {
  /** Chromium: lets the page have keys that belong to the browser while it fills the screen. */
  keyboard?: { lock?(keys: string[]): Promise<void> };
}

/** Promise integration: `pace.js`. */
declare namespace WebAssembly {
  const Suspending: new (wait: () => Promise<void>) => () => void;
  function promising(work: () => void): () => Promise<void>;
}
