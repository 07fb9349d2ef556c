/** What to type for this program in another terminal: npm finds it in a folder where no shell does. */
export function calledAs(env: NodeJS.ProcessEnv): string {
  return env['npm_lifecycle_event'] === undefined ? 'samtal' : 'npx samtal';
}
