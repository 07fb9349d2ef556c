// Builds the page that the server shows at its root, when there are newer sources. Runs before `npm start`, and
// never keeps the server from starting. The published package has the page and no sources.
import { existsSync } from 'node:fs';

const builder = new URL('../playground/build.ts', import.meta.url);

async function buildPlayground() {
  if (!existsSync(builder)) return;
  const { buildIfStale } = await import(builder.href);
  const startedMs = performance.now();
  if (!(await buildIfStale())) return;
  console.log(`playground: built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`);
}

await buildPlayground().catch((error) => {
  console.log(`playground: could not be built; going on without. ${error.message}`);
});
