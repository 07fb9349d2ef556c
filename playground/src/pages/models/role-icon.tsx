import { IconActivity, IconBrain, IconEar, IconVolume } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import type { ModelRole } from '../../server/models.ts';
import classes from './models.module.css';

const ICONS: Readonly<Record<ModelRole, ComponentType<{ size: number; className?: string | undefined }>>> = {
  recognizer: IconEar,
  languageModel: IconBrain,
  synthesizer: IconVolume,
  voiceActivity: IconActivity,
};

/** Stands beside the word for it. */
export function RoleIcon({ role }: { readonly role: ModelRole }): ReactNode {
  const Icon = ICONS[role];
  return <Icon size={18} className={classes['icon']} />;
}
