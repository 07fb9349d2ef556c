import { configJsonSchema, loadConfig } from '../../server/config/index.ts';
import { defineCommand } from '../command.ts';

export const config = defineCommand({
  name: 'config',
  options: {
    config: { type: 'string', value: 'file', description: 'The configuration file.' },
    schema: { type: 'boolean', description: 'Prints its JSON Schema instead, for editors.' },
  },
  run: async ({ options }) => {
    const shown = options.schema
      ? configJsonSchema()
      : loadConfig({ path: options.config, cwd: process.cwd(), env: process.env });
    console.log(JSON.stringify(shown, null, 2));
  },
});
