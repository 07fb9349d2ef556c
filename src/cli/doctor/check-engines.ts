import { pino } from 'pino';
import { composeDeployments } from '../../server/compose.ts';
import type { Config } from '../../server/config/index.ts';
import { type Engines, openEngines } from '../../server/engines.ts';
import { broken, type Finding, good, messageOf, note } from './finding.ts';

/** Opens the engines as a server would, without serving. */
export async function checkEngines(config: Config): Promise<readonly Finding[]> {
  try {
    await using engines = await openEngines(config, pino({ level: 'silent' }));
    return [
      ...checkRoles(engines),
      ...engines.notices.map((notice) => note('engines', notice)),
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
    hears === undefined
      ? note('hearing', 'no recognizer: audio sent to the server can not be understood', INSTALL_RECOGNIZER)
      : good('hearing', hears),
    thinks.startsWith('scripted')
      ? note('thinking', 'scripted: replies follow rules, no language model answers', CONNECT_MODEL)
      : good('thinking', thinks),
    speaks === undefined
      ? broken(
          'speaking',
          'no synthesizer: the server can not speak',
          'Take the engine out of the configuration.',
        )
      : good('speaking', speaks),
  ];
}

const INSTALL_RECOGNIZER = 'Install PocketSphinx, or configure an engine of type openai-transcriptions.';
const CONNECT_MODEL = 'Start Ollama or another model server, or configure an engine of type openai-chat.';

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
