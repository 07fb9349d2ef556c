const MEGABYTE = 1e6;
const GIGABYTE = 1e9;

/** Such as `352 MB` or `1.2 GB`, as `language` writes it, and never on two lines. */
export function byteSize(bytes: number, language: string): string {
  const isLarge = bytes >= GIGABYTE;
  const unit = isLarge ? 'gigabyte' : 'megabyte';
  const value = bytes / (isLarge ? GIGABYTE : MEGABYTE);
  const maximumFractionDigits = value < 10 ? 1 : 0;
  const style = new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits });
  return style.format(value).replaceAll(' ', '\u00a0');
}
