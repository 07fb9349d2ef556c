import { z } from 'zod';
import type { Home } from '../../server/home/paths.ts';
import { findRunningServer, HEALTH_PATH } from '../../server/home/running.ts';
import { type Finding, note } from './finding.ts';

const missing = z.object({ part: z.string(), reason: z.string(), remedy: z.string() });

const health = z.object({
  deployments: z.record(z.string(), z.object({ missing: z.array(missing) })),
  notices: z.array(z.string()),
});

/** What the deployments of the running server lack, those that were created there included. */
export async function checkServedDeployments(home: Home): Promise<readonly Finding[]> {
  const server = await findRunningServer(home);
  if (!server) return [];
  const response = await fetch(new URL(HEALTH_PATH, server.url));
  // A server of another version may tell less.
  const told = health.safeParse(await response.json());
  if (!told.success) return [];
  const { deployments, notices } = told.data;
  const lacking = Object.entries(deployments).flatMap(([name, { missing }]) =>
    missing.map(({ reason, remedy }) => ({ name, reason, remedy })),
  );
  const news = lacking.filter(({ reason, remedy }) => !notices.includes(`${reason} ${remedy}`));
  return [...Map.groupBy(news, ({ reason }) => reason)].map(([reason, all]) => {
    const names = all.map(({ name }) => name).join(', ');
    return note('deployments', `${names}: ${reason}`, all[0]?.remedy);
  });
}
