import { Group, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconBrain, IconEar, IconVolume } from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useMemo } from 'react';
import { shortLanguages } from '../../language/language-names.ts';
import { useLanguage, useText } from '../../language/language-provider.tsx';
import type { Part, SamtalProperties } from '../../server/deployments.ts';
import classes from './deployments.module.css';
import { text } from './text.ts';

const ICONS: Readonly<Record<Part, ComponentType<{ size: number; className?: string | undefined }>>> = {
  hears: IconEar,
  thinks: IconBrain,
  speaks: IconVolume,
};

export interface DeploymentPartProps {
  readonly part: Part;
  readonly samtal: SamtalProperties;
}

/** Which engine does a part of the work, in which languages, or that none does. */
export function DeploymentPart({ part, samtal }: DeploymentPartProps): ReactNode {
  const words = useText(text);
  const Icon = ICONS[part];
  const answer = samtal.answers[part];
  const missing = samtal.missing.filter((one) => one.part === part);
  if (!answer && missing.length === 0) return null;
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon size={17} className={answer ? classes['icon'] : classes['iconOff']} />
      <Text size="sm" component="div" className={classes['part']}>
        <VisuallyHidden>{words.parts[part]}: </VisuallyHidden>
        {answer ? (
          <Text span ff="monospace" size="sm" className={classes['name']}>
            {answer.engine}
          </Text>
        ) : (
          '—'
        )}
        {answer && 'languages' in answer && <Languages tags={answer.languages} />}
        {answer && 'voices' in answer && answer.voices.length > 0 && (
          <Text span c="dimmed" size="sm">
            {' · '}
            {words.voices(answer.voices.length)}
          </Text>
        )}
      </Text>
      {missing.map(({ reason, remedy }) => (
        <Tooltip key={reason} label={`${reason} ${remedy}`} multiline w={280}>
          <span className={classes['warning']}>
            <IconAlertTriangle size={16} aria-hidden="true" />
            <VisuallyHidden>{reason}</VisuallyHidden>
          </span>
        </Tooltip>
      ))}
    </Group>
  );
}

function Languages({ tags }: { readonly tags: readonly string[] }): ReactNode {
  const words = useText(text);
  const { language } = useLanguage();
  const names = useMemo(() => shortLanguages(tags, language), [tags, language]);
  if (!names) return null;
  const { all, shown, more } = names;
  return (
    <Text span c="dimmed" size="sm" title={all.join(', ')}>
      {' · '}
      {shown.join(', ')}
      {more > 0 && ` + ${words.more(more)}`}
    </Text>
  );
}
