export { parseScript, type Script, type ScriptSource } from './script.ts';
export { type ScriptedOptions, scripted } from './scripted.ts';
