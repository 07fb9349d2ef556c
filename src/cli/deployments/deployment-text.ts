import { describeEngine } from '../../server/describe-engines.ts';
import type { DeploymentObject } from './deployment-client.ts';

const HEADINGS = ['NAME', 'MODEL', 'HEARS', 'THINKS', 'SPEAKS', 'FROM'];
const NOTHING = '-';
/** Beyond this many names a reader wants their number. */
const MOST_NAMED = 3;

/** A row for each deployment, and below them what is missing from which. */
export function toTable(deployments: readonly DeploymentObject[]): string {
  const rows = deployments.map(({ name, properties: { model, samtal } }) => {
    const { hears, thinks, speaks } = samtal.answers;
    const engines = [hears, thinks, speaks].map((part) => part?.engine ?? NOTHING);
    return [name, model.name, ...engines, samtal.origin];
  });
  return [...align([HEADINGS, ...rows]), ...describeMissing(deployments)].join('\n');
}

/** Everything about one deployment, a line for each thing. */
export function toText({ name, systemData, properties: { model, samtal } }: DeploymentObject): string {
  const { answers, engines, defaults, missing, origin } = samtal;
  const { hears, thinks, speaks } = answers;
  const by = (role: string): string => (engines[role] === undefined ? ', the default here' : '');
  const rows = [
    ['name', name],
    ['model', model.name],
    ['from', `${origin}, changed ${systemData.lastModifiedAt} by ${systemData.lastModifiedBy}`],
    ['hears', hears ? describeEngine(toEngine(hears)) + by('recognizer') : NOTHING],
    ['thinks', thinks ? thinks.engine + by('languageModel') : NOTHING],
    ['speaks', speaks ? describeEngine(toEngine(speaks)) + by('synthesizer') : NOTHING],
    ['voices', speaks?.voices.join(', ') ?? NOTHING],
    ...Object.entries(defaults).map(([what, value]) => [what, String(value)]),
    ...missing.map(({ part, reason, remedy }) => ['missing', `${part}: ${reason} ${remedy}`]),
  ];
  return align(rows).join('\n');
}

function toEngine({ engine, languages }: { readonly engine: string; readonly languages: readonly string[] }) {
  return { name: engine, languages };
}

/** Most deployments lack the same things, which are said once. */
function describeMissing(deployments: readonly DeploymentObject[]): string[] {
  const all = deployments.flatMap(({ name, properties }) =>
    properties.samtal.missing.map(({ reason, remedy }) => ({ name, text: `${reason} ${remedy}` })),
  );
  const byText = Map.groupBy(all, ({ text }) => text);
  return [...byText].flatMap(([text, lacking]) => {
    const names = lacking.map(({ name }) => name).join(', ');
    const which = lacking.length > MOST_NAMED ? `${lacking.length} of them` : names;
    return ['', `${which}: ${text}`];
  });
}

/** Columns as wide as their widest. */
function align(rows: readonly (readonly string[])[]): string[] {
  const [first = []] = rows;
  const widths = first.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
