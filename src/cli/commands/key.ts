import { readDefaultKey } from '../../server/auth/api-keys.ts';
import { findHome } from '../../server/home/paths.ts';
import { defineCommand } from '../command.ts';

export const key = defineCommand({
  name: 'key',
  options: {},
  run: async () => {
    console.log(await readDefaultKey(findHome(process.env).directory));
  },
});
