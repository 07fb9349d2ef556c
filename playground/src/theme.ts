import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** A northern lake, from morning to night. */
const lake: MantineColorsTuple = [
  '#eef5fb',
  '#dce9f4',
  '#b6d1e8',
  '#8cb8dc',
  '#69a2d2',
  '#5295cc',
  '#3f83bd',
  '#34709f',
  '#2f5d8a',
  '#1f4468',
];

/** The same lake at night: greys with a little of its blue. */
const night: MantineColorsTuple = [
  '#d3dce5',
  '#b3bfcb',
  '#97a5b3',
  '#6b7987',
  '#3d4955',
  '#313c47',
  '#242e38',
  '#18202a',
  '#121922',
  '#0c1218',
];

export const theme = createTheme({
  primaryColor: 'lake',
  primaryShade: 7,
  colors: { lake, dark: night },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, monospace",
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.75rem' } } },
  autoContrast: true,
});
