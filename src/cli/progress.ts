const SHOW_AFTER_MS = 500;
/** Into what is no terminal, a line is written this often. */
const LINE_AFTER_MS = 10_000;
/** To the start of the line and erase it (ECMA-48). */
const ERASE = '\r\u001b[K';

/** Shows on a terminal that `work` still goes on, how far it is, and for how long; elsewhere shows nothing. */
export async function withProgress<T>(label: string | (() => string), work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return await work;
  const startedAt = performance.now();
  const show = (): void => {
    const text = typeof label === 'string' ? label : label();
    stderr.write(`${ERASE}${text} … ${Math.round((performance.now() - startedAt) / 1000)} s`);
  };
  const timer = setInterval(show, SHOW_AFTER_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    stderr.write(ERASE);
  }
}

/** The same for work that knows how far it is; elsewhere than on a terminal it writes a line now and then. */
export async function withBar<T>(
  state: () => { readonly label: string; readonly share: number },
  work: Promise<T>,
): Promise<T> {
  if (process.stderr.isTTY) return await withProgress(() => bar(state()), work);
  const timer = setInterval(() => console.error(bar(state())), LINE_AFTER_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

const BAR_WIDTH = 24;

function bar({ label, share }: { readonly label: string; readonly share: number }): string {
  const filled = Math.min(BAR_WIDTH, Math.max(0, Math.round(share * BAR_WIDTH)));
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${label}`;
}
