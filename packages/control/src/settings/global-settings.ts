/** AWS's keys and never one of our own: clients keep the whole map. */
export const DEFAULT_GLOBAL_SETTINGS: Readonly<Record<string, string>> = {
  isCrossAccountBackupEnabled: 'false',
  isDelegatedAdministratorEnabled: 'false',
  isMpaEnabled: 'false',
};
