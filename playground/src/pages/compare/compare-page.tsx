import { Button, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowsDiff, IconPlayerStopFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { RealtimeSettings } from '../../realtime/settings.ts';
import { SessionSettings } from '../realtime/session-settings.tsx';
import { useDeploymentNames } from '../realtime/use-deployment-names.ts';
import { type ChangeSettings, useSettings } from '../realtime/use-settings.ts';
import { AnswerView } from './answer-view.tsx';
import classes from './compare-page.module.css';
import { QuestionCard } from './question-card.tsx';
import { text } from './text.ts';
import { type Answer, useComparison } from './use-comparison.ts';
import { useQuestion } from './use-question.ts';

const STORED = 'samtal.compare';

/** Two deployments, or one with two settings, side by side on the same recorded question. */
export function ComparePage(): ReactNode {
  const words = useText(text);
  const question = useQuestion();
  const [first, changeFirst] = useSettings(`${STORED}.a`);
  const [second, changeSecond] = useSettings(`${STORED}.b`);
  const { answers, ask, stop } = useComparison();
  const isAsked = answers.some((answer) => answer.isAsked);
  const { samples, isRecording } = question;
  const hasDeployments = first.deployment !== '' && second.deployment !== '';
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {words.title}
        </Title>
        <Text c="dimmed">{words.help}</Text>
      </div>
      <QuestionCard question={question} />
      <Group>
        <Button
          size="md"
          disabled={!samples || isRecording || !hasDeployments}
          loading={isAsked}
          leftSection={<IconArrowsDiff size={20} />}
          onClick={() => samples && ask(samples, [first, second])}
        >
          {words.ask}
        </Button>
        {isAsked && (
          <Button size="md" variant="default" leftSection={<IconPlayerStopFilled size={18} />} onClick={stop}>
            {words.stop}
          </Button>
        )}
        <Text size="sm" role="status">
          {isAsked ? words.asked : answers.some(({ turn }) => turn) && words.done}
        </Text>
      </Group>
      <div className={classes['sides']}>
        <Side letter="A" settings={first} change={changeFirst} answer={answers[0]} />
        <Side letter="B" settings={second} change={changeSecond} answer={answers[1]} />
      </div>
    </Stack>
  );
}

interface SideProps {
  readonly letter: string;
  readonly settings: RealtimeSettings;
  readonly change: ChangeSettings;
  readonly answer: Answer;
}

function Side({ letter, settings, change, answer }: SideProps): ReactNode {
  const words = useText(text);
  const label = words.side(letter);
  const deploymentNames = useDeploymentNames({
    deployment: settings.deployment,
    choose: (deployment) => change({ deployment }),
    isLive: false,
  });
  return (
    <section className={classes['card']} aria-label={label}>
      <Group justify="space-between" gap="xs" mb="sm">
        <Title order={2} size="h4">
          {label}
        </Title>
        <Text size="sm" c="dimmed">
          {settings.deployment}
        </Text>
      </Group>
      <Stack gap="md">
        <AnswerView answer={answer} label={label} />
        {(answer.turn ?? answer.error) && <Divider />}
        <SessionSettings {...{ settings, change, deploymentNames }} isLive={false} />
      </Stack>
    </section>
  );
}
