import { IconArrowsDiff, IconBox, IconMessageCircle, IconMicrophone, IconServer } from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';

export interface Page {
  readonly path: string;
  readonly name: 'chat' | 'realtime' | 'compare' | 'deployments' | 'models';
  readonly Icon: ComponentType<{ size: number }>;
  readonly Content: ComponentType;
}

/** Each is fetched when it is first shown. */
export const pages: readonly Page[] = [
  {
    path: '/realtime',
    name: 'realtime',
    Icon: IconMicrophone,
    Content: lazy(async () => ({
      default: (await import('../pages/realtime/realtime-page.tsx')).RealtimePage,
    })),
  },
  {
    path: '/chat',
    name: 'chat',
    Icon: IconMessageCircle,
    Content: lazy(async () => ({ default: (await import('../pages/chat/chat-page.tsx')).ChatPage })),
  },
  {
    path: '/compare',
    name: 'compare',
    Icon: IconArrowsDiff,
    Content: lazy(async () => ({ default: (await import('../pages/compare/compare-page.tsx')).ComparePage })),
  },
  {
    path: '/deployments',
    name: 'deployments',
    Icon: IconServer,
    Content: lazy(async () => ({
      default: (await import('../pages/deployments/deployments-page.tsx')).DeploymentsPage,
    })),
  },
  {
    path: '/models',
    name: 'models',
    Icon: IconBox,
    Content: lazy(async () => ({ default: (await import('../pages/models/models-page.tsx')).ModelsPage })),
  },
];
