/** A field of a multipart form: text, or what a part that declares itself JSON holds. */
export type FormField = readonly [name: string, value: unknown];

/** How the fields of a form that are not plain text are written. */
export interface FormShape {
  readonly numbers?: readonly string[];
  readonly booleans?: readonly string[];
  /** Fields that may come several times, with or without `[]` after their name. */
  readonly lists?: readonly string[];
  /** Fields that hold an object, as JSON or as `name[key]` for each of its keys. */
  readonly objects?: readonly string[];
}

/**
 * A form as the object that its sender would have sent as JSON, so that one schema judges both. What can not
 * be read as its field's type stays the text it is. Of a field that comes twice and is no list the last counts.
 */
export function toFormObject(fields: Iterable<FormField>, shape: FormShape): Record<string, unknown> {
  // Names come from outside: on a null prototype none of them has a meaning of its own.
  const object: Record<string, unknown> = Object.create(null);
  for (const [field, value] of fields) {
    const [, name = field, key] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(field) ?? [];
    if (shape.lists?.includes(name) && !key) {
      const items = object[name];
      object[name] = Array.isArray(items) ? [...items, value] : [value];
    } else if (shape.objects?.includes(name) && key) {
      object[name] = { ...toObject(object[name]), [key]: value };
    } else {
      object[field] = typeof value === 'string' ? readText(field, value, shape) : value;
    }
  }
  return { ...object };
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function readText(name: string, text: string, shape: FormShape): unknown {
  if (shape.numbers?.includes(name)) return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text;
  if (shape.booleans?.includes(name)) return readBoolean(text);
  if (shape.objects?.includes(name) && text.startsWith('{')) return readJson(text);
  return text;
}

/** Python programs that write their forms by hand send `True`. */
function readBoolean(text: string): unknown {
  if (/^true$/i.test(text)) return true;
  return /^false$/i.test(text) ? false : text;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
