const SHOW_AFTER_MS = 500;
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
