export { LaunchDrawerHost } from './launch-drawer-host';
export { useLaunchHref } from './launch-link';
