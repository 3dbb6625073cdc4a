/** The region's service opt-in as selections need it, complete: every type has a value. */
export interface OptInSettings {
  readonly optIn: Readonly<Record<string, boolean>>;
}

/** These share the ARN namespace `rds`: opting in to one opts in to all when a plan is evaluated (CORE-60). */
const RDS_FAMILY: readonly string[] = ['RDS', 'Aurora', 'DocumentDB', 'Neptune'];

export function isOptedIn(resource: { readonly resourceType: string }, settings: OptInSettings): boolean {
  const types = RDS_FAMILY.includes(resource.resourceType) ? RDS_FAMILY : [resource.resourceType];
  return types.some((type) => settings.optIn[type] === true);
}
