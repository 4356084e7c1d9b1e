/** Maps of texts in a training job: the numbers and booleans that people write there are made texts. */
export const TEXT_MAPS: readonly string[] = ['Environment', 'HyperParameters'];
