import { Button, FileButton, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconDownload, IconFilter, IconUpload } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { useText } from '../../language/language-provider.tsx';
import { type EventLog, filterEntries, type LogFilter, logEvent } from '../../realtime/event-log.ts';
import { fromJsonLines, toJsonLines } from '../../realtime/json-lines.ts';
import type { EventRecord } from '../../realtime/record.ts';
import type { SessionStore } from '../../realtime/session-store.ts';
import { EventRows } from './event-rows.tsx';
import { saveFile } from './save-file.ts';
import { whyText } from './why-text.ts';

interface EventLogViewProps {
  readonly store: SessionStore;
  readonly log: EventLog;
}

interface ImportedLog {
  readonly name: string;
  readonly records: readonly EventRecord[];
}

/** Every event in both directions, runs of like ones folded to a row. */
export function EventLogView({ store, log }: EventLogViewProps): ReactNode {
  const words = useText(whyText);
  const [filter, setFilter] = useState<LogFilter>({ direction: 'both', text: '' });
  const [imported, setImported] = useState<ImportedLog>();
  const importedLog = useMemo(() => imported?.records.reduce(logEvent, []), [imported]);
  const shown = importedLog ?? log;
  const matching = useMemo(() => filterEntries(shown, filter), [shown, filter]);
  const records = (): readonly EventRecord[] => imported?.records ?? store.records;
  return (
    <Stack gap="sm">
      <Group gap="xs" align="end">
        <FilterFields filter={filter} onChange={setFilter} />
        <Group gap="xs" ml="auto">
          <CopyButton value={() => toJsonLines(records())} label={words.copyLog} size="compact-sm" />
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={16} />}
            onClick={() =>
              saveFile(toJsonLines(records()), { name: 'realtime.jsonl', type: 'application/jsonl' })
            }
          >
            {words.exportLog}
          </Button>
          <ImportButton onImport={setImported} isImported={imported !== undefined} />
        </Group>
      </Group>
      {imported && (
        <Text size="sm" role="status">
          {words.imported(imported.name)}
        </Text>
      )}
      {shown.length === 0 && <Text c="dimmed">{words.noEvents}</Text>}
      {shown.length > 0 && matching.length === 0 && <Text c="dimmed">{words.noneMatch}</Text>}
      <EventRows entries={matching} />
    </Stack>
  );
}

interface FilterFieldsProps {
  readonly filter: LogFilter;
  readonly onChange: (filter: LogFilter) => void;
}

function FilterFields({ filter, onChange }: FilterFieldsProps): ReactNode {
  const words = useText(whyText);
  return (
    <>
      <TextInput
        size="xs"
        type="search"
        aria-label={words.filter}
        placeholder={words.filter}
        leftSection={<IconFilter size={14} />}
        value={filter.text}
        onChange={({ currentTarget }) => onChange({ ...filter, text: currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label={words.direction}
        value={filter.direction}
        onChange={(direction) => onChange({ ...filter, direction })}
        data={[
          { value: 'both', label: words.both },
          { value: 'client', label: words.sent },
          { value: 'server', label: words.received },
        ]}
      />
    </>
  );
}

interface ImportButtonProps {
  readonly onImport: (log: ImportedLog | undefined) => void;
  readonly isImported: boolean;
}

function ImportButton({ onImport, isImported }: ImportButtonProps): ReactNode {
  const words = useText(whyText);
  const [fault, setFault] = useState<string>();
  const read = async (file: File | null): Promise<void> => {
    if (!file) return;
    try {
      onImport({ name: file.name, records: fromJsonLines(await file.text()) });
      setFault(undefined);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  if (isImported) {
    return (
      <Button variant="default" size="compact-sm" onClick={() => onImport(undefined)}>
        {words.backToSession}
      </Button>
    );
  }
  return (
    <>
      <FileButton accept=".jsonl,application/jsonl" onChange={(file) => void read(file)}>
        {(props) => (
          <Button {...props} variant="default" size="compact-sm" leftSection={<IconUpload size={16} />}>
            {words.importLog}
          </Button>
        )}
      </FileButton>
      {fault !== undefined && (
        <Text size="sm" c="red" role="alert">
          {words.notImported(fault)}
        </Text>
      )}
    </>
  );
}
