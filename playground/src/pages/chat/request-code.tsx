import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { writeChatProgram } from '../../chat/code/chat-program.ts';
import { clipsOf } from '../../chat/code/program-files.ts';
import type { ChatRequest, Clip } from '../../chat/request-message.ts';
import { CodeBlock } from '../../code/code-block.tsx';
import { useBlobUrl } from '../../components/use-blob-url.ts';
import { useText } from '../../language/language-provider.tsx';
import { text } from './text.ts';

/** A request as a program, with the files that the program reads. */
export function RequestCode({ request }: { readonly request: ChatRequest }): ReactNode {
  const words = useText(text);
  const clips = clipsOf(request);
  return (
    <Stack gap="sm">
      <CodeBlock
        write={(language, access) =>
          writeChatProgram(request, { language, access, endpoint: window.location.origin })
        }
      />
      {clips.length > 0 && (
        <Group gap="xs">
          <Text size="sm">{words.filesOfCode}</Text>
          {clips.map((clip) => (
            <ClipDownload key={clip.name} clip={clip} />
          ))}
        </Group>
      )}
    </Stack>
  );
}

function ClipDownload({ clip: { file, name } }: { readonly clip: Clip }): ReactNode {
  const words = useText(text);
  const url = useBlobUrl(file);
  return (
    <Button
      component="a"
      href={url ?? ''}
      download={name}
      variant="default"
      size="compact-sm"
      leftSection={<IconDownload size={16} />}
    >
      {words.download(name)}
    </Button>
  );
}
