import { composeDeployment } from '../../server/compose.ts';
import type { Config } from '../../server/config/index.ts';
import { describeDefaults } from '../../server/describe-engines.ts';
import { type Engines, openEngines } from '../../server/engines/engines.ts';
import type { Home } from '../../server/home/paths.ts';
import { deploymentSources, toPlan } from '../../server/management/deployment-source.ts';
import { checkUpstreams } from './check-upstreams.ts';
import { broken, type Finding, good, messageOf, note } from './finding.ts';
import { type Trial, tryEngines } from './try-engines.ts';

/** Opens and starts the engines as a server would, without serving, and tries those that `trial` names. */
export async function checkEngines(config: Config, home: Home, trial: Trial): Promise<readonly Finding[]> {
  try {
    await using engines = await openEngines(config, home);
    await engines.warm();
    return [
      ...checkRoles(engines),
      ...engines.notices.map((notice) => note('engines', notice)),
      ...(await checkUpstreams(config)),
      ...checkDeployments(config, engines),
      ...(await tryEngines(engines, trial)),
    ];
  } catch (error) {
    return [
      broken('engines', messageOf(error), 'Install what it needs, or take it out of the configuration.'),
    ];
  }
}

function checkRoles(engines: Engines): readonly Finding[] {
  const { hears, thinks, speaks } = describeDefaults(engines);
  const told = ({ engine, because }: NonNullable<typeof hears>): string => `${engine}: ${because}`;
  return [
    hears ? good('hearing', told(hears)) : note('hearing', 'nothing: recordings are not understood'),
    thinks && thinks.engine !== 'scripted'
      ? good('thinking', told(thinks))
      : note('thinking', 'scripted: replies follow rules, no language model answers'),
    speaks ? good('speaking', told(speaks)) : note('speaking', 'nothing: replies have no sound'),
    good('detecting', engines.voiceActivity.name),
  ];
}

/** One line for all the deployments that the same engines answer, without those that were made on a server. */
function checkDeployments(config: Config, engines: Engines): readonly Finding[] {
  const layers = { config, stored: new Map(), accountCreatedAt: 0, startedAt: 0 };
  const composed = deploymentSources(layers).map((source) => composeDeployment(toPlan(source), engines));
  const byEngines = Map.groupBy(composed, ({ answers: { hears, thinks, speaks } }) => {
    const parts = { hears: hears?.engine, thinks: thinks && 'replies', speaks: speaks?.engine };
    const said = Object.entries(parts).filter(([, name]) => name !== undefined && name !== null);
    return said.map(([role, name]) => (name === 'replies' ? name : `${role} by ${name}`)).join(', ');
  });
  return [...byEngines].map(([answers, deployments]) => {
    const names = deployments.map(({ deployment }) => deployment.name).join(', ');
    return answers === ''
      ? note('deployments', `${names}: no engine answers`, 'See the lines above for what is missing.')
      : good('deployments', `${names}: ${answers}`);
  });
}
