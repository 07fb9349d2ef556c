// Gets what npm can not: the speech recognizer, and a voice for languages other than English. Runs before
// `npm start`, under any Node since 20, and never keeps the server from starting.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DOWNLOAD_LIMIT_MS = 180_000;
const TRIPLETS = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu', arm: 'arm-linux-gnueabihf' };
const MODEL = '/usr/share/pocketsphinx/model/en-us';

/** What is needed: the Debian packages that bring it, and whether it is there. */
const NEEDS = [
  { packages: ['libpocketsphinx3'], isThere: hasLibrary },
  { packages: ['pocketsphinx-en-us'], isThere: () => existsSync(join(MODEL, 'en-us.lm.bin')) },
  { packages: ['espeak-ng'], isThere: () => Boolean(onPath('espeak-ng')) },
];

function hasLibrary() {
  const listed = (process.env.LD_LIBRARY_PATH ?? '').split(delimiter).filter(Boolean);
  const usual = ['/usr/local/lib', `/usr/lib/${TRIPLETS[process.arch] ?? ''}`, '/usr/lib64', '/usr/lib'];
  return [...listed, ...usual].some((directory) => existsSync(join(directory, 'libpocketsphinx.so.3')));
}

function onPath(program) {
  const directories = (process.env.PATH ?? '').split(delimiter);
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path));
}

/** Runs one command to its end, or until `signal` ends it; resolves with whether it went well. */
function run(command, parameters, signal) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { env, signal, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (data) => {
      complaint = (complaint + data).slice(-2_000);
    });
    child.on('error', (error) => resolve({ isDone: false, complaint: error.message }));
    child.on('close', (code) => resolve({ isDone: code === 0, complaint: complaint.trim() }));
  });
}

async function install(aptGet, packages) {
  console.log(
    `setup: installing ${packages.join(', ')} with apt-get, once (SAMTAL_SETUP=skip leaves this out) …`,
  );
  const options = [
    'install',
    '--yes',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=30',
    ...packages,
  ];
  const signal = AbortSignal.timeout(DOWNLOAD_LIMIT_MS);
  let got = await run(aptGet, [...options, '--download-only'], signal);
  if (!got.isDone && !signal.aborted) {
    console.log('setup: fetching the list of packages …');
    await run(aptGet, ['update'], signal);
    console.log('setup: downloading …');
    got = await run(aptGet, [...options, '--download-only'], signal);
  }
  if (signal.aborted) return { isDone: false, complaint: 'the download took too long' };
  // Under no time limit: a dpkg that is stopped halfway has to be mended by hand.
  return got.isDone ? await run(aptGet, [...options, '--no-download']) : got;
}

async function setup() {
  if (process.env.SAMTAL_SETUP === 'skip' || process.platform !== 'linux') return;
  const packages = NEEDS.filter(({ isThere }) => !isThere()).flatMap((need) => need.packages);
  if (packages.length === 0) return;
  const command = `apt-get install --yes ${packages.join(' ')}`;
  const aptGet = onPath('apt-get');
  if (!aptGet || process.getuid?.() !== 0) {
    console.log(`setup: some speech is missing; to get it run: ${aptGet ? 'sudo ' : ''}${command}`);
    return;
  }
  const { isDone, complaint } = await install(aptGet, packages);
  if (isDone) console.log(`setup: installed ${packages.join(', ')}.`);
  else console.log(`setup: could not install (${complaint}); going on without. To try again run: ${command}`);
}

await setup().catch((error) => console.log(`setup: left out: ${error.message}`));
