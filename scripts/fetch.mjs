// Fetches paths below an address; exits with 1 when one is not served.
//
//   node scripts/fetch.mjs ADDRESS PATH...
const [address, ...paths] = process.argv.slice(2);
for (const path of paths) {
  const { ok, status } = await fetch(new URL(path, address));
  if (!ok) {
    console.error(`fetch: ${status} for ${new URL(path, address)}`);
    process.exitCode = 1;
  }
}
