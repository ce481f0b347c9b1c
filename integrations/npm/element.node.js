// What a page that is drawn on a server imports in place of the element: there it does nothing.
export default class FlowPlayground {
  static base = "";
}
