#!/usr/bin/env node
// A clone has the sources and runs them as they are; the published package has only `dist`.
import { existsSync } from 'node:fs';

const source = new URL('../src/cli/main.ts', import.meta.url);
const built = new URL('../dist/cli/main.js', import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Samtal needs Node 22.18 or newer and was started by Node ${process.versions.node}.\n` +
      'In a clone, `npm ci && npm start` brings its own Node; elsewhere install a newer one.',
  );
  process.exit(1);
}
const { main } = await import(existsSync(source) ? source.href : built.href);
await main(process.argv.slice(2));
