import { Text, Title } from '@mantine/core';
import { IconMicrophone } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-provider.tsx';
import type { Item } from '../../realtime/item.ts';
import type { RealtimeSession } from '../../realtime/realtime-session.ts';
import { CallView } from './call-view.tsx';
import classes from './conversation-view.module.css';
import { MessageView } from './message-view.tsx';
import { text } from './text.ts';
import { useScrollToEnd } from './use-scroll-to-end.ts';

interface ConversationViewProps {
  readonly items: readonly Item[];
  readonly session: RealtimeSession;
}

/** What was said on both sides, and what was called; read out as it comes. */
export function ConversationView({ items, session }: ConversationViewProps): ReactNode {
  const words = useText(text);
  const scroll = useScrollToEnd(items);
  if (items.length === 0) return <Empty />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section ref={scroll} className={classes['scroll']} aria-label={words.conversation} tabIndex={0}>
      <ol className={classes['list']} aria-live="polite" aria-relevant="additions text">
        {items.map((item) => (
          <li key={item.id} className={`${classes['item']} ${isUsers(item) ? classes['user'] : ''}`}>
            {item.type === 'message' ? (
              <MessageView item={item} session={session} />
            ) : (
              <CallView call={item} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function isUsers(item: Item): boolean {
  return item.type === 'message' && item.role === 'user';
}

function Empty(): ReactNode {
  const words = useText(text);
  return (
    <div className={classes['empty']}>
      <IconMicrophone size={44} stroke={1.25} aria-hidden />
      <Title order={2} size="h3" mt="md">
        {words.emptyTitle}
      </Title>
      <Text c="dimmed" maw={420} mt={4}>
        {words.emptyHelp}
      </Text>
    </div>
  );
}
