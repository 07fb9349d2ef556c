import { z } from 'zod';
import { LINK_MINUTES } from '../../server/playground/sign-in-links.ts';
import { defineCommand } from '../command.ts';
import { callServer, requireRunningServer } from '../running-server.ts';

const answer = z.object({ url: z.url(), expires_at: z.number() });

export const playground = defineCommand({
  name: 'playground',
  options: {},
  run: async () => {
    const target = await requireRunningServer();
    const response = await callServer(target, '/samtal/v1/sign-in-links', { body: '{}', headers: JSON_BODY });
    const { url } = answer.parse(await response.json());
    console.log(url);
    console.error(`Open it in a browser. It signs in once, within ${LINK_MINUTES} minutes.`);
  },
});

const JSON_BODY = { 'content-type': 'application/json' };
