import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { type Figure, isMet, type Target } from './benchmark.ts';

export interface Results {
  readonly measuredAt: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
}

export function toResults(figures: readonly Figure[]): Results {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      platform: `${platform()} ${process.arch}`,
      loadAverage: Number((loadavg()[0] ?? 0).toFixed(2)),
    },
    versions: {
      samtal: manifest.version,
      node: process.versions.node,
      fastify: manifest.dependencies['fastify'] ?? '',
    },
    figures,
  };
}

/** A table that a README can take over as it stands. */
export function toMarkdown({ figures, machine, versions, measuredAt }: Results): string {
  const { processor, cores, memoryGb, platform: system, loadAverage } = machine;
  return [
    '| | measured | target | lowest to highest | how |',
    '|---|---|---|---|---|',
    ...figures.map(toRow),
    '',
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}; Node ${versions['node']}, Samtal ${versions['samtal']}; ${measuredAt.slice(0, 10)}, load average ${loadAverage} at the end.`,
  ].join('\n');
}

function toRow({ name, unit, spread, target, how, detail }: Figure): string {
  const told = (value: number): string => toText(value, unit);
  const verdict = isMet(target, spread.median) ? '' : ' (missed)';
  return `| ${name} | **${told(spread.median)}**${verdict} | ${toSign(target)} ${unit === 'ms' ? '' : ''}| ${told(spread.min)} to ${told(spread.max)}, ${spread.rounds} rounds | ${how}; ${detail} |`;
}

function toText(value: number, unit: Figure['unit']): string {
  switch (unit) {
    case 'ratio':
      return value.toFixed(2);
    case 'ms':
      return `${value.toFixed(1)} ms`;
    case 'count':
      return String(value);
  }
}

function toSign(target: Target): string {
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
}
