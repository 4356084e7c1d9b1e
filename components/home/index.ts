export { HomeRedirect } from './home-redirect';
export { QueuesHome } from './queues-home';
