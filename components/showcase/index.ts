/** Every primitive in every state, on one page. In development only: `app/design-system/page.dev.tsx`. */
export { Showcase } from './showcase';
