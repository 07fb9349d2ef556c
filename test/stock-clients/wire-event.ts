import assert from 'node:assert/strict';
import type { RealtimeEvent } from '../support/realtime-client.ts';

export type WireObject = Readonly<Record<string, unknown>>;

/** A member that an event must have. */
export function objectIn(event: WireObject, name: string): WireObject {
  const value = event[name];
  assert.ok(typeof value === 'object' && value !== null, `${String(event['type'])} has ${name}`);
  // An object has members; which, its readers check.
  return value as WireObject;
}

export function listIn(event: WireObject, name: string): readonly WireObject[] {
  const value = event[name];
  assert.ok(Array.isArray(value), `${String(event['type'])} has a list ${name}`);
  return value as readonly WireObject[];
}

export function textIn(event: WireObject, name: string): string {
  const value = event[name];
  assert.equal(typeof value, 'string', `${String(event['type'])} has a text ${name}`);
  return String(value);
}

export function numberIn(event: WireObject, name: string): number {
  const value = event[name];
  assert.equal(typeof value, 'number', `${String(event['type'])} has a number ${name}`);
  return Number(value);
}

/** The type of an event in the words of the preview, so that one rule reads both revisions. */
export function plainType({ type }: RealtimeEvent): string {
  return type
    .replace('response.output_audio', 'response.audio')
    .replace('response.output_text', 'response.text');
}
