import { nearestName } from '../../server/config/nearest-name.ts';
import { UsageError } from '../cli-error.ts';
import { type Command, defineCommand, formatRows } from '../command.ts';
import {
  changeDeployment,
  createDeployment,
  type DeploymentObject,
  deleteDeployment,
  getDeployment,
  listDeployments,
} from '../deployments/deployment-client.ts';
import { DEPLOYMENT_OPTIONS, toPatch } from '../deployments/deployment-options.ts';
import { toTable, toText } from '../deployments/deployment-text.ts';
import { requireRunningServer } from '../running-server.ts';

const name = { name: 'name', description: 'What clients ask for as model or deployment.' };
const json = { type: 'boolean', description: 'Prints JSON instead, as the server tells it.' } as const;

const list = defineCommand({
  name: 'deployments',
  options: { json },
  run: async ({ options }) => {
    const deployments = await listDeployments(await requireRunningServer());
    console.log(options.json ? JSON.stringify(deployments, null, 2) : toTable(deployments));
  },
});

const show = defineCommand({
  name: 'deployments show',
  argument: name,
  options: { json },
  run: async ({ argument, options }) => {
    print(await getDeployment(await requireRunningServer(), argument), options);
  },
});

const create = defineCommand({
  name: 'deployments create',
  argument: name,
  options: { ...DEPLOYMENT_OPTIONS, json },
  run: async ({ argument, options: { json, ...settings } }) => {
    const body = toPatch({ ...settings, model: settings.model ?? argument });
    print(await createDeployment(await requireRunningServer(), argument, body), { json });
  },
});

const set = defineCommand({
  name: 'deployments set',
  argument: name,
  options: { ...DEPLOYMENT_OPTIONS, json },
  run: async ({ argument, options: { json, ...settings } }) => {
    if (Object.keys(settings).length === 0) {
      throw new UsageError('samtal deployments set needs something to set, such as --voice coral');
    }
    print(await changeDeployment(await requireRunningServer(), argument, toPatch(settings)), { json });
  },
});

const remove = defineCommand({
  name: 'deployments delete',
  argument: name,
  options: {},
  run: async ({ argument }) => {
    await deleteDeployment(await requireRunningServer(), argument);
    console.error(`The deployment ${argument} is deleted.`);
  },
});

const ACTIONS: Readonly<Record<string, Command>> = { list, show, create, set, delete: remove };

/** `samtal deployments [action] [name] [options]`; without an action it lists. */
export const deployments: Command = {
  help: [
    'Usage: samtal deployments [list | show <name> | create <name> | set <name> | delete <name>] [options]',
    '',
    ...formatRows([
      ['list', 'A table of all of them, and what they lack. This is what happens without a word.'],
      ['show <name>', 'Everything about one.'],
      ['create <name>', 'A new one, with the options below.'],
      ['set <name>', 'Changes what the options say; an empty value takes the default again.'],
      ['delete <name>', 'Deletes it. One that is in use serves what has begun to its end.'],
      ...Object.entries(DEPLOYMENT_OPTIONS).map(
        ([option, { value, description }]) => [`--${option} <${value}>`, description] as const,
      ),
      ['--json', json.description],
      ['-h, --help', 'Shows this.'],
    ]),
  ].join('\n'),
  run: async (argv) => {
    const [first = 'list', ...rest] = argv;
    if (first.startsWith('-')) return await list.run(argv);
    const action = Object.hasOwn(ACTIONS, first) ? ACTIONS[first] : undefined;
    if (action) return await action.run(rest);
    const nearest = nearestName(first, Object.keys(ACTIONS));
    const advice = nearest ? `Did you mean ${nearest}?` : `Do one of ${Object.keys(ACTIONS).join(', ')}.`;
    throw new UsageError(`samtal deployments can not "${first}". ${advice}`);
  },
};

function print(deployment: DeploymentObject, { json }: { readonly json?: boolean | undefined }): void {
  console.log(json ? JSON.stringify(deployment, null, 2) : toText(deployment));
}
