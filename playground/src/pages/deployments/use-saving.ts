import { useState } from 'react';
import { toError } from '../../components/to-error.ts';
import { ServerError } from '../../server/api.ts';
import { useCredential } from '../../server/credential-provider.tsx';
import {
  changeDeployment,
  createDeployment,
  type Deployment,
  deleteDeployment,
  getDeployment,
} from '../../server/deployments.ts';
import { type DeploymentForm, mergeForms, toChange, toCreation, toForm } from './deployment-form.ts';

/** How far a change has come. */
export type Saving =
  | { readonly type: 'idle' | 'busy' }
  | { readonly type: 'failed'; readonly error: Error }
  /** Somebody else was faster; `theirs` is the deployment as it is now. */
  | { readonly type: 'conflict'; readonly theirs: Deployment };

interface Changing {
  readonly saving: Saving;
  /** Does `work`; resolves with whether it was done. On a conflict it reads what `name` is now. */
  readonly attempt: (name: string, work: () => Promise<unknown>) => Promise<boolean>;
  readonly reset: () => void;
}

function useAttempt(): Changing {
  const { secret } = useCredential();
  const [saving, setSaving] = useState<Saving>({ type: 'idle' });
  return {
    saving,
    reset: () => setSaving({ type: 'idle' }),
    attempt: async (name, work) => {
      setSaving({ type: 'busy' });
      try {
        await work();
        setSaving({ type: 'idle' });
        return true;
      } catch (fault) {
        setSaving(await toSaving(fault, async () => await getDeployment(name, { secret })));
        return false;
      }
    },
  };
}

async function toSaving(fault: unknown, read: () => Promise<Deployment>): Promise<Saving> {
  if (!(fault instanceof ServerError) || fault.status !== 412) return failed(fault);
  try {
    return { type: 'conflict', theirs: await read() };
  } catch (second) {
    return failed(second);
  }
}

function failed(fault: unknown): Saving {
  return { type: 'failed', error: toError(fault) };
}

export interface Creation {
  readonly saving: Saving;
  readonly create: (form: DeploymentForm) => Promise<boolean>;
}

export function useCreation(): Creation {
  const { secret } = useCredential();
  const { saving, attempt } = useAttempt();
  return {
    saving,
    create: async (form) =>
      await attempt(form.name, async () => await createDeployment(form.name, toCreation(form), { secret })),
  };
}

export interface Edit {
  readonly form: DeploymentForm;
  readonly setForm: (form: DeploymentForm) => void;
  readonly base: DeploymentForm;
  readonly saving: Saving;
  readonly save: () => Promise<boolean>;
  /** After a conflict: goes on from what the deployment is now, with or without one's own changes. */
  readonly goOn: (keeps: 'theirs' | 'mine') => void;
}

/** Changes `deployment`, and finds out when somebody else has in the meantime. */
export function useEdit(deployment: Deployment): Edit {
  const { secret } = useCredential();
  const [current, setCurrent] = useState(deployment);
  const [form, setForm] = useState(() => toForm(deployment));
  const { saving, attempt, reset } = useAttempt();
  const base = toForm(current);
  return {
    form,
    setForm,
    base,
    saving,
    save: async () =>
      await attempt(
        current.name,
        async () => await changeDeployment(current, toChange(base, form), { secret }),
      ),
    goOn: (keeps) => {
      if (saving.type !== 'conflict') return;
      const theirs = toForm(saving.theirs);
      setForm(keeps === 'theirs' ? theirs : mergeForms(base, form, theirs));
      setCurrent(saving.theirs);
      reset();
    },
  };
}

export interface Removal {
  readonly saving: Saving;
  readonly remove: () => Promise<boolean>;
}

export function useRemoval(deployment: Deployment): Removal {
  const { secret } = useCredential();
  const { saving, attempt } = useAttempt();
  const latest = saving.type === 'conflict' ? saving.theirs : deployment;
  return {
    saving,
    remove: async () => await attempt(latest.name, async () => await deleteDeployment(latest, { secret })),
  };
}
