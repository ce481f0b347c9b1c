//! The service worker: without a connection it answers with the files that `start.js` has kept. With one it changes nothing.

addEventListener("fetch", (event) => {
  const { request } = /** @type {any} */ (event);
  if (request.method !== "GET") return;
  const answer = fetch(request).catch(async () => (await caches.match(request, { ignoreSearch: true })) ?? Response.error());
  /** @type {any} */ (event).respondWith(answer);
});
