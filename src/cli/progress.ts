const SHOW_AFTER_MS = 500;

/** Shows on a terminal that `work` still goes on and for how long; elsewhere shows nothing. */
export async function withProgress<T>(label: string, work: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return await work;
  const startedAt = performance.now();
  const show = (): void => {
    stderr.write(`\r${label} … ${Math.round((performance.now() - startedAt) / 1000)} s`);
  };
  const timer = setInterval(show, SHOW_AFTER_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    // To the start of the line and erase it (ECMA-48).
    stderr.write('\r\u001b[K');
  }
}
