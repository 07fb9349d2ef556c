export { parseScript, type ScriptSource } from './script.ts';
export { scripted } from './scripted.ts';
