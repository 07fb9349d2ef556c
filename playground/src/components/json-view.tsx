import { type ReactNode, useState } from 'react';
import { useText } from '../language/language-provider.tsx';
import classes from './json-view.module.css';
import { shortenText } from './shorten-json.ts';
import { text } from './text.ts';

export interface JsonViewProps {
  readonly value: unknown;
  /** How many levels are open at first. */
  readonly openLevels?: number;
  /** What it is, for who can not see it. */
  readonly label: string;
  /** What tells an entry of the outermost list from the others. */
  readonly nameEntry?: (entry: unknown) => string;
}

/** A value as JSON, each object and list of which folds; long text, such as audio, is shortened. */
export function JsonView({ value, openLevels = 2, label, nameEntry }: JsonViewProps): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section className={classes['view']} aria-label={label} tabIndex={0}>
      <Value value={value} openLevels={openLevels} nameEntry={nameEntry} />
    </section>
  );
}

interface ValueProps {
  readonly name?: string | undefined;
  readonly value: unknown;
  readonly openLevels: number;
  readonly nameEntry?: ((entry: unknown) => string) | undefined;
}

function Value({ name, value, openLevels, nameEntry }: ValueProps): ReactNode {
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    return <Branch name={name} value={value} openLevels={openLevels} nameEntry={nameEntry} />;
  }
  return (
    <div className={classes['leaf']}>
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, openLevels, nameEntry }: ValueProps & { readonly value: object }): ReactNode {
  const words = useText(text);
  const [isOpen, setIsOpen] = useState(openLevels > 0);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = isList ? words.entries(entries.length) : words.fields(entries.length);
  return (
    <details
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
      className={classes['branch']}
    >
      <summary>
        <Name name={name} />
        <span className={classes['mark']}>{isList ? '[…]' : '{…}'}</span>{' '}
        <span className={classes['note']}>{size}</span>
      </summary>
      {isOpen && (
        <div className={classes['children']}>
          {entries.map(([key, child]) => (
            <Value
              key={key}
              name={isList ? nameEntry?.(child) : key}
              value={child}
              openLevels={openLevels - 1}
            />
          ))}
        </div>
      )}
    </details>
  );
}

function Name({ name }: { readonly name: string | undefined }): ReactNode {
  if (name === undefined) return null;
  return <span className={classes['name']}>{name}: </span>;
}

function Leaf({ value }: { readonly value: unknown }): ReactNode {
  const words = useText(text);
  if (typeof value !== 'string') return <span className={classes['plain']}>{JSON.stringify(value)}</span>;
  const { shown, isShortened } = shortenText(value);
  return (
    <>
      <span className={classes['text']}>{JSON.stringify(shown)}</span>
      {isShortened && <span className={classes['note']}> {words.characters(value.length)}</span>}
    </>
  );
}
