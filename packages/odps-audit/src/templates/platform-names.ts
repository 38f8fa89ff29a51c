/** The databases that a product can be built on. */
export const platformNames = ['databricks', 'snowflake', 'bigquery', 's3', 'postgres'] as const;

export type PlatformName = (typeof platformNames)[number];
