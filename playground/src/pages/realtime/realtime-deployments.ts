import type { Deployment } from '../../server/deployments.ts';

/** The names of those that converse, the ones that are named for it first. */
export function realtimeDeployments(deployments: readonly Deployment[]): readonly string[] {
  const names = deployments.filter(({ properties }) => canConverse(properties)).map(({ name }) => name);
  const isNamedSo = (name: string): boolean => name.includes('realtime');
  return [...names.filter(isNamedSo), ...names.filter((name) => !isNamedSo(name))];
}

function canConverse({ samtal: { answers } }: Deployment['properties']): boolean {
  return answers.hears !== null && answers.thinks !== null && answers.speaks !== null;
}
