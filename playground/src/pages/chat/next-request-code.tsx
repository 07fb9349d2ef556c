import { Modal } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { toChatRequest } from '../../chat/chat-request.ts';
import type { ChatSettings } from '../../chat/chat-settings.ts';
import { type Draft, nextTurns } from '../../chat/conversation.ts';
import type { ChatRequest } from '../../chat/request-message.ts';
import type { Turn } from '../../chat/turn.ts';
import { useText } from '../../language/language-provider.tsx';
import { useChat } from './chat-context.ts';
import { RequestCode } from './request-code.tsx';
import { text } from './text.ts';

export interface NextRequestCodeProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly draft: Draft;
}

/** What sending now would send, as a program. */
export function NextRequestCode({ isOpen, onClose, draft }: NextRequestCodeProps): ReactNode {
  const words = useText(text);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={words.codeTitle}
      size="xl"
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <DraftCode draft={draft} />
    </Modal>
  );
}

function DraftCode({ draft }: { readonly draft: Draft }): ReactNode {
  const { turns, settings } = useChat().state;
  const [example = ''] = useText(text).examples;
  const request = useMemo(
    () => nextRequest(settings, turns, withExample(draft, example)),
    [settings, turns, draft, example],
  );
  return <RequestCode request={request} />;
}

function nextRequest(settings: ChatSettings, turns: readonly Turn[], draft: Draft): ChatRequest {
  return toChatRequest(settings, nextTurns(turns, { type: 'said', draft }), Date.now() / 1000);
}

/** A request needs something to answer. */
function withExample(draft: Draft, example: string): Draft {
  const text = draft.text.trim();
  return text === '' && draft.clips.length === 0 ? { ...draft, text: example } : { ...draft, text };
}
