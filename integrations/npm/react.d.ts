/** For TSX: `import "parallelogram/react"` makes React know the element. */
import type { FlowPlaygroundAttributes } from "./element.d.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "flow-playground": FlowPlaygroundAttributes;
    }
  }
}
