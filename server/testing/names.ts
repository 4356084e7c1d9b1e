export const TEMPLATE_DATABASE = 'slipway_template';
/** The rest of a clone's name says which test file made it. */
export const TEST_DATABASE_PREFIX = 'test_';
