import { Tabs, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { CodeBlock } from '../../code/code-block.tsx';
import { useText } from '../../language/language-provider.tsx';
import { writePython } from '../../realtime/code/python-program.ts';
import { writeTypescript } from '../../realtime/code/typescript-program.ts';
import type { ControlsProps } from './controls.tsx';
import { EventLogView } from './event-log-view.tsx';
import { RecordingView } from './recording-view.tsx';
import { TokensView } from './tokens-view.tsx';
import { TurnsView } from './turns-view.tsx';
import classes from './why-panel.module.css';
import { whyText } from './why-text.ts';

/** Why the assistant did what it did: what crossed the wire, where the time went, and what it took. */
export function WhyPanel({ session, state, settings }: ControlsProps): ReactNode {
  const words = useText(whyText);
  const titleId = useId();
  const panels: readonly (readonly [string, string, ReactNode])[] = [
    ['events', words.events, <EventLogView key="events" store={session.store} log={state.log} />],
    ['latency', words.latency, <TurnsView key="latency" turns={state.timeline.turns} />],
    ['tokens', words.tokens, <TokensView key="tokens" conversation={state.conversation} />],
    ['recording', words.recording, <RecordingView key="recording" session={session} state={state} />],
    [
      'code',
      words.code,
      <CodeBlock
        key="code"
        languages={['typescript', 'python']}
        write={(language, access) =>
          (language === 'python' ? writePython : writeTypescript)(settings, {
            access,
            endpoint: location.origin,
          })
        }
      />,
    ],
  ];
  return (
    <section aria-labelledby={titleId} className={classes['panel']}>
      <Title order={2} size="h4" mb="xs" id={titleId}>
        {words.why}
      </Title>
      <Tabs defaultValue="events" keepMounted={false}>
        <Tabs.List aria-labelledby={titleId} className={classes['tabs'] ?? ''}>
          {panels.map(([value, label]) => (
            <Tabs.Tab key={value} value={value} className={classes['tab'] ?? ''}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {panels.map(([value, , content]) => (
          <Tabs.Panel key={value} value={value} pt="md">
            {content}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}
