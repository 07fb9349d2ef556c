import { composeDeployments } from '../../server/compose.ts';
import type { Config } from '../../server/config/index.ts';
import { type Engines, openEngines } from '../../server/engines/engines.ts';
import { checkUpstreams } from './check-upstreams.ts';
import { broken, type Finding, good, messageOf, note } from './finding.ts';

/** Opens and starts the engines as a server would, without serving. */
export async function checkEngines(config: Config): Promise<readonly Finding[]> {
  try {
    await using engines = await openEngines(config);
    await engines.warm();
    return [
      ...checkRoles(engines),
      ...engines.notices.map((notice) => note('engines', notice)),
      ...(await checkUpstreams(config)),
      ...checkDeployments(config, engines),
    ];
  } catch (error) {
    return [
      broken('engines', messageOf(error), 'Install what it needs, or take it out of the configuration.'),
    ];
  }
}

function checkRoles(engines: Engines): readonly Finding[] {
  const hears = engines.recognizer()?.name;
  const thinks = engines.languageModel().name;
  const speaks = engines.synthesizer()?.name;
  return [
    hears === undefined ? note('hearing', 'nothing: recordings are not understood') : good('hearing', hears),
    thinks === 'scripted'
      ? note('thinking', 'scripted: replies follow rules, no language model answers')
      : good('thinking', thinks),
    speaks === undefined ? note('speaking', 'nothing: replies have no sound') : good('speaking', speaks),
  ];
}

/** One line for all the deployments that the same engines answer. */
function checkDeployments(config: Config, engines: Engines): readonly Finding[] {
  const byEngines = Map.groupBy(composeDeployments(config, engines, 0).list(), (deployment) => {
    const { recognizer, responder, synthesizer } = deployment;
    const parts = { hears: recognizer?.name, thinks: responder && 'replies', speaks: synthesizer?.name };
    const said = Object.entries(parts).filter(([, name]) => name !== undefined);
    return said.map(([role, name]) => (name === 'replies' ? name : `${role} by ${name}`)).join(', ');
  });
  return [...byEngines].map(([answers, deployments]) => {
    const names = deployments.map(({ name }) => name).join(', ');
    return answers === ''
      ? note('deployments', `${names}: no engine answers`, 'See the lines above for what is missing.')
      : good('deployments', `${names}: ${answers}`);
  });
}
