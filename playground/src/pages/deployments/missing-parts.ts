import type { Deployment, Part } from '../../server/deployments.ts';

/** Something that is missing, told once for all the deployments that miss it. */
export interface MissingPart {
  readonly part: Part;
  readonly reason: string;
  readonly remedy: string;
  readonly deployments: readonly string[];
}

export function missingParts(deployments: readonly Deployment[]): readonly MissingPart[] {
  const all = deployments.flatMap(({ name, properties }) =>
    properties.samtal.missing.map((missing) => ({ ...missing, name })),
  );
  const alike = Map.groupBy(all, ({ part, reason, remedy }) => JSON.stringify([part, reason, remedy]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { part, reason, remedy } = first;
    return [{ part, reason, remedy, deployments: group.map(({ name }) => name) }];
  });
}
