export { MetricsTab } from './metrics-tab';
