import { NavLink } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useText } from '../language/language-provider.tsx';
import { pages } from './pages.ts';
import classes from './shell.module.css';
import { text } from './text.ts';

/** Where one can go, and where one is. */
export function Navigation({ onGo }: { readonly onGo: () => void }): ReactNode {
  const words = useText(text);
  const [location] = useLocation();
  return pages.map(({ path, name, Icon }) => (
    <NavLink
      key={path}
      component={Link}
      href={path}
      label={words[name]}
      leftSection={<Icon size={18} />}
      active={location === path}
      aria-current={location === path ? 'page' : undefined}
      onClick={onGo}
      className={classes['link']}
    />
  ));
}
