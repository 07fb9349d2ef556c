export { findPocketsphinx, POCKETSPHINX_REMEDY, type PocketsphinxLocation } from './find-pocketsphinx.ts';
export { type Pocketsphinx, type PocketsphinxOptions, pocketsphinx } from './pocketsphinx.ts';
