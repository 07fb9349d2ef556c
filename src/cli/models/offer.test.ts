import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fittingPreset } from './offer.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../bin/samtal.js');
/** Of util-linux: runs a program in a terminal of its own. */
const SCRIPT = '/usr/bin/script';
const hasScript = process.platform === 'linux' && existsSync(SCRIPT);
if (!hasScript)
  console.warn('Left out, as the program script is not installed: what is asked on a terminal.');

test.each([
  [4_000_000_000, 'small'],
  [8_000_000_000, 'balanced'],
  // What a machine of 16 GB has left of it.
  [15_500_000_000, 'best'],
] as const)('a machine of %i bytes of memory is offered %s', (memoryBytes, preset) => {
  expect(fittingPreset(memoryBytes)).toBe(preset);
});

/** They mostly wait, so they wait together. */
describe
  .runIf(hasScript)
  .concurrent('samtal serve on a terminal, without models', { timeout: 180_000 }, () => {
    const homes: string[] = [];
    afterAll(async () => await Promise.all(homes.map(async (home) => await rm(home, { recursive: true }))));

    async function newHome(): Promise<string> {
      const home = await mkdtemp(join(tmpdir(), 'samtal-offer-'));
      homes.push(home);
      return home;
    }

    /** What the terminal shows until the server is ready, when the question is answered so. */
    async function serve(home: string, answer: string | undefined): Promise<string> {
      const command = `${process.execPath} ${PROGRAM} serve --port 0`;
      const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], {
        cwd: home,
        // Nothing is there to be pulled from.
        env: { ...process.env, SAMTAL_HOME: home, SAMTAL_HUB: join(home, 'no-hub') },
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const exited = once(child, 'exit');
      let shown = '';
      for await (const piece of child.stdout) {
        const before = shown;
        shown += String(piece);
        if (answer !== undefined && !before.includes('[y/N') && shown.includes('[y/N'))
          child.stdin.write(`${answer}\r`);
        if (!before.includes('[Y/n]') && shown.includes('[Y/n]')) child.stdin.write('y\r');
        if (/Samtal is ready at /.test(shown)) break;
      }
      child.kill();
      await exited;
      return shown;
    }

    test('offers the models that fit with their size, once, and remembers a no', async ({ expect }) => {
      const home = await newHome();
      const shown = await serve(home, 'n');
      expect(shown).toMatch(/With the preset "(small|balanced|best)" it hears, thinks and speaks/);
      expect(shown).toMatch(/Together .+ to download/);
      expect(shown).toMatch(/Whenever you want them: samtal pull (small|balanced|best)/);
      expect(await serve(home, 'n')).not.toContain('preset');
    });

    test('starts without an answer, and asks again the next time', async ({ expect }) => {
      const home = await newHome();
      expect(await serve(home, undefined)).toMatch(/The server starts without them\. Whenever you want them/);
      expect(await serve(home, 'n')).toContain('See them and get them?');
    });

    test('is stopped by Ctrl-C while it asks', async ({ expect }) => {
      const home = await newHome();
      const shown = await serve(home, '\u0003');
      expect(shown).toContain('samtal: stopped');
      expect(shown).not.toContain('unexpected');
    });

    test('starts all the same where they can not be got, and asks again the next time', async ({
      expect,
    }) => {
      const home = await newHome();
      expect(await serve(home, 'y')).toContain('The server starts without them.');
      expect(await serve(home, 'n')).toContain('See them and get them?');
    });
  });
